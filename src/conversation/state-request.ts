import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import {
  findMember,
  isTrueMember,
  readStringMember,
  type ScannedObject,
  scanObject,
  spliceMembers,
} from '../json-splice.ts';
import { isCompaction, mayHoldCompaction, readableItems } from './compaction-item.ts';

/** What a Responses request says about stored conversations. */
export interface StateRequest {
  readonly body: ScannedObject;
  readonly model: string;
  readonly previousId: string | undefined;
  readonly hasConversation: boolean;
  readonly background: boolean;
  /** The client did not say `store: false`. */
  readonly store: boolean;
  readonly stream: boolean;
  /** The last input item asks for the conversation to be summed up. */
  readonly compacts: boolean;
}

/** Reads a request; undefined for a body that is no JSON object, or whose model or id is no proper string. */
export function readStateRequest(bytes: Buffer): StateRequest | undefined {
  // The pipeline says what is wrong.
  const scanned = isUtf8(bytes) ? scanObject(bytes) : undefined;
  if (scanned === undefined) return undefined;
  try {
    const input = mayHoldCompaction(bytes) ? readInput(scanned) : undefined;
    return {
      body: input === undefined ? scanned : withReadableInput(scanned, input),
      model: readStringMember(scanned, 'model') ?? '',
      previousId: readStringMember(scanned, 'previous_response_id'),
      hasConversation: isPresent(scanned, 'conversation'),
      background: isTrueMember(scanned, 'background'),
      store: textOf(scanned, 'store') !== 'false',
      stream: isTrueMember(scanned, 'stream'),
      compacts: input !== undefined && isTrigger(input.at(-1)),
    };
  } catch {
    // A wrong escape in a string; the pipeline says so.
    return undefined;
  }
}

/** The raw JSON under a key; undefined when it is absent. */
export function rawMember(object: ScannedObject, key: string): Buffer | undefined {
  const member = findMember(object, key);
  return member === undefined ? undefined : object.bytes.subarray(member.valueStart, member.valueEnd);
}

/** Another body with these members set (raw JSON) and those left out. */
export function editBody(
  object: ScannedObject,
  set: Readonly<Record<string, string>>,
  remove: readonly string[],
): ScannedObject {
  const scanned = scanObject(spliceMembers(object, { set, remove }));
  if (scanned === undefined) throw new TypeError('a splice of JSON members gave no JSON object');
  return scanned;
}

function isPresent(object: ScannedObject, key: string): boolean {
  const text = textOf(object, key);
  return text !== undefined && text !== 'null';
}

function textOf(object: ScannedObject, key: string): string | undefined {
  return rawMember(object, key)?.toString('latin1');
}

function readInput(object: ScannedObject): readonly JsonValue[] | undefined {
  const raw = rawMember(object, 'input');
  if (raw === undefined) return undefined;
  const value: JsonValue = JSON.parse(raw.toString('utf8'));
  return isJsonArray(value) ? value : undefined;
}

function withReadableInput(object: ScannedObject, input: readonly JsonValue[]): ScannedObject {
  const readable = input.some(isCompaction) ? readableItems(input) : input;
  return readable === input ? object : editBody(object, { input: JSON.stringify(readable) }, []);
}

function isTrigger(item: JsonValue | undefined): boolean {
  return typeof item === 'object' && item !== null && !isJsonArray(item) && item['type'] === 'compaction_trigger';
}
