import type { JsonObject } from '../../ir/index.ts';
import { findMember, type MemberEdits, type ScannedObject, scanObject, spliceMembers } from '../../json-splice.ts';
import type { SocketIncrement } from '../../pipeline/exchange.ts';
import type { RequestFrame } from './client-frame.ts';

/** Members of a frame that are no part of a request over HTTP. */
const ENVELOPE = ['type', 'stream_id', 'generate', 'previous_response_id', 'background'];

/** The settings of an earlier request under those of a frame: what `response.append` leaves out stays as it was. */
export function withSettingsOf(earlier: ScannedObject | undefined, frame: RequestFrame): ScannedObject {
  if (earlier === undefined) return frame.object;
  if (frame.kind === 'create') {
    const model = findMember(earlier, 'model');
    if (model === undefined || findMember(frame.object, 'model') !== undefined) return frame.object;
    return rescan(frame.object, { set: { model: textOf(earlier, model) } });
  }
  const set: Record<string, string> = {};
  for (const member of frame.object.members) set[member.key] = textOf(frame.object, member);
  return rescan(earlier, { remove: ENVELOPE.filter((key) => set[key] === undefined), set });
}

/** The body that the same request would have over HTTP, with its whole input; `elsewhere`: what it continues is not known here. */
export function wholeBody(
  object: ScannedObject,
  items: readonly JsonObject[] | undefined,
  elsewhere: string | undefined,
): Buffer {
  const set: Record<string, string> = { stream: 'true' };
  if (elsewhere !== undefined) set['previous_response_id'] = JSON.stringify(elsewhere);
  // Bytes that nobody has to change stay as the client wrote them.
  if (items !== undefined || findMember(object, 'input') === undefined) set['input'] = JSON.stringify(items ?? []);
  return spliceMembers(object, { remove: ENVELOPE, set });
}

/** The request as an upstream's own WebSocket takes it, for an upstream that knows the previous response. */
export function incrementOf(object: ScannedObject, previousResponseId: string): SocketIncrement {
  const set = { previous_response_id: JSON.stringify(previousResponseId) };
  return {
    previousResponseId,
    body: spliceMembers(object, { remove: ['type', 'stream_id', 'generate', 'background'], set }),
  };
}

function rescan(object: ScannedObject, edits: MemberEdits): ScannedObject {
  // What was scanned once and spliced is an object still.
  return scanObject(spliceMembers(object, edits)) ?? object;
}

function textOf(object: ScannedObject, member: { readonly valueStart: number; readonly valueEnd: number }): string {
  return object.bytes.toString('utf8', member.valueStart, member.valueEnd);
}
