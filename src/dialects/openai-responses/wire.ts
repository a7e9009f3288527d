import { type DialectId, isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

/** Id of this dialect: OpenAI Responses. https://platform.openai.com/docs/api-reference/responses */
export const DIALECT: DialectId & 'openai-responses' = 'openai-responses';

/**
 * Keys of `extensions['openai-responses']` that are notes of this codec rather than wire fields. They start with `$`,
 * which no field of the API does, and are never sent.
 */
export const NOTE = { items: '$items', part: '$part', namespace: '$namespace' } as const;

/** A string out of an upstream's JSON; '' when it is anything else. Answers are read leniently, requests are not. */
export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A non-empty string, or undefined. */
export function optionalText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number, or undefined. */
export function optionalNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The objects of an array; nothing when the value is no array. */
export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

/** The fields of an object without those that are undefined or null. */
export function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

const ID_LIMIT = 64;

/** Ids over the API's limit of 64 characters, cut and made unique again by a hash; the same id always gives the same. */
export function shortenId(id: string): string {
  return id.length <= ID_LIMIT ? id : hashedId(id);
}

/** The beginning of an id and a hash of the whole, 64 characters at most. */
function hashedId(id: string): string {
  return `${id.slice(0, ID_LIMIT - 17)}_${fnv1a64(id)}`;
}

/** 64-bit FNV-1a over UTF-16 code units, as 16 hex digits. Not a secret: only tells ids apart. */
function fnv1a64(value: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < value.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(value.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
