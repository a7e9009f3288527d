import { findMember, type JsonMember, type ScannedObject, scanObject } from '../json-splice.ts';

/** Keys under which the dialects repeat the model's name in an answer. */
const KEYS = ['model', 'modelVersion'];
/** Members of a streamed event that hold such an answer. */
const HOLDERS = ['response', 'message'];
const QUOTE = 0x22;

/** Whole SSE events with the model's name replaced where an event states it; all other bytes as they were. */
export function rewriteEventModels(events: Buffer, model: string): Buffer {
  if (!events.includes('"model')) return events;
  // Lines and the ends of lines take turns.
  const pieces = events.toString('utf8').split(/(\r\n|\n|\r)/);
  let at = 0;
  while (at < pieces.length) {
    const lines = dataLines(pieces, at);
    if (lines > 0) rewriteData(pieces, at, lines, model);
    at += 2 * Math.max(1, lines);
  }
  return Buffer.from(pieces.join(''));
}

/** A whole JSON answer with the model's name replaced; as it was when it is no object or names no model. */
export function rewriteBodyModel(body: Buffer, model: string): Buffer {
  const object = scanObject(body);
  const member = object === undefined ? undefined : modelMember(object);
  return member === undefined ? body : replaced(body, member, model);
}

/** How many lines of data follow each other: the parts of one event's JSON. */
function dataLines(pieces: readonly string[], from: number): number {
  let lines = 0;
  while (pieces[from + 2 * lines]?.startsWith('data:')) lines++;
  return lines;
}

function rewriteData(pieces: string[], from: number, lines: number, model: string): void {
  const texts = Array.from({ length: lines }, (_, index) => pieces[from + 2 * index]?.slice('data:'.length) ?? '');
  const bytes = Buffer.from(texts.join('\n'));
  const object = scanObject(bytes);
  const member = object === undefined ? undefined : (modelMember(object) ?? heldMember(object));
  if (member === undefined) return;
  const parts = replaced(bytes, member, model).toString('utf8').split('\n');
  for (const [index, part] of parts.entries()) pieces[from + 2 * index] = `data:${part}`;
}

/** The member that states the model; text only, as anything else under such a key means something else. */
function modelMember(object: ScannedObject): JsonMember | undefined {
  const members = KEYS.map((key) => findMember(object, key));
  return members.find((member) => member !== undefined && object.bytes[member.valueStart] === QUOTE);
}

/** The same one level below, with its place in the outer bytes. */
function heldMember(object: ScannedObject): JsonMember | undefined {
  for (const key of HOLDERS) {
    const holder = findMember(object, key);
    const inner = holder && scanObject(object.bytes.subarray(holder.valueStart, holder.valueEnd));
    const member = inner && modelMember(inner);
    if (holder !== undefined && member !== undefined) {
      const { valueStart, valueEnd } = member;
      return { ...member, valueStart: valueStart + holder.valueStart, valueEnd: valueEnd + holder.valueStart };
    }
  }
  return undefined;
}

function replaced(bytes: Buffer, { valueStart, valueEnd }: JsonMember, model: string): Buffer {
  return Buffer.concat([bytes.subarray(0, valueStart), Buffer.from(JSON.stringify(model)), bytes.subarray(valueEnd)]);
}
