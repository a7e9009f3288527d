import { isUtf8 } from 'node:buffer';
import { invalidRequest, ProxyError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../ir/index.ts';
import { findMember, MAX_DEPTH, readStringMember, type ScannedObject, scanObject } from '../../json-splice.ts';

/** A request for a response. */
export interface RequestFrame {
  /** `append`: continues what came last, with its settings. */
  readonly kind: 'create' | 'append';
  readonly object: ScannedObject;
  /** The lane of a multiplexed connection; undefined for the one every connection has. */
  readonly streamId: string | undefined;
  readonly previousResponseId: string | undefined;
  /** `generate: false` was asked for. */
  readonly warmUp: boolean;
  /** The input as items; a text is a message of the user. */
  readonly input: readonly JsonObject[];
  readonly inputIsText: boolean;
}

/** What a client says on a Responses WebSocket. https://developers.openai.com/api/docs/guides/websocket-mode */
export type ClientFrame =
  | { readonly kind: 'request'; readonly request: RequestFrame }
  | { readonly kind: 'steer'; readonly previousResponseId: string | undefined; readonly input: unknown }
  /** Says that the client has read a response; nothing follows from it. */
  | { readonly kind: 'processed' };

/** Reads a frame. Throws ProxyError for one that makes no sense. */
export function readClientFrame(bytes: Buffer): ClientFrame {
  const object = scanFrame(bytes);
  const type = readStringMember(object, 'type');
  switch (type) {
    case 'response.create':
      return { kind: 'request', request: readRequest('create', object) };
    case 'response.append':
      return { kind: 'request', request: readRequest('append', object) };
    case 'response.steer':
      return {
        kind: 'steer',
        previousResponseId: readStringMember(object, 'previous_response_id'),
        input: parseMember(object, 'input'),
      };
    case 'response.processed':
      return { kind: 'processed' };
    default:
      throw invalidRequest('type', 'expected response.create or response.append');
  }
}

/** The lane that a frame names, also one that makes no sense otherwise. */
export function laneOfFrame(bytes: Buffer): string | undefined {
  const object = scanObject(bytes);
  return object === undefined ? undefined : readStringMember(object, 'stream_id');
}

function scanFrame(bytes: Buffer): ScannedObject {
  if (!isUtf8(bytes)) throw new ProxyError('invalid_json', 'the frame is not valid UTF-8');
  const object = scanObject(bytes);
  if (object !== undefined) return object;
  const message = `the frame is not a JSON object, or is nested deeper than ${MAX_DEPTH} levels`;
  throw new ProxyError('invalid_json', message);
}

function readRequest(kind: 'create' | 'append', object: ScannedObject): RequestFrame {
  const value = parseMember(object, 'input');
  if (kind === 'append' && !Array.isArray(value)) throw invalidRequest('input', 'expected an array');
  const streamId = parseMember(object, 'stream_id') ?? undefined;
  if (streamId !== undefined && (typeof streamId !== 'string' || streamId === '')) {
    throw invalidRequest('stream_id', 'expected a string');
  }
  const previous = parseMember(object, 'previous_response_id') ?? undefined;
  if (previous !== undefined && typeof previous !== 'string') {
    throw invalidRequest('previous_response_id', 'expected a string');
  }
  return {
    kind,
    object,
    streamId,
    previousResponseId: previous,
    warmUp: parseMember(object, 'generate') === false,
    input: readInput(value),
    inputIsText: typeof value === 'string',
  };
}

function readInput(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [{ type: 'message', role: 'user', content: value }];
  if (!Array.isArray(value)) throw invalidRequest('input', 'expected a string or an array');
  return value.map((item: unknown, index) => {
    if (!isJsonObject(item)) throw invalidRequest(`input[${index}]`, 'expected an object');
    return item;
  });
}

function parseMember(object: ScannedObject, key: string): unknown {
  const member = findMember(object, key);
  if (member === undefined) return undefined;
  try {
    return JSON.parse(object.bytes.toString('utf8', member.valueStart, member.valueEnd));
  } catch (cause) {
    throw new ProxyError('invalid_json', `${key}: not valid JSON`, { cause, path: key });
  }
}
