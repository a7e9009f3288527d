import { findMember, readStringMember, type ScannedObject } from '../json-splice.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Markers stand at the end of the instructions and of the last turns. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 32 * 1024;

/** How long the provider keeps the prefix of a request, as its body asks; undefined when it says nothing about it. */
export function cacheTimeIn(body: ScannedObject): number | undefined {
  if (findMember(body, 'prompt_cache_retention') !== undefined) return retentionOf(body);
  const { bytes } = body;
  const head = bytes.subarray(0, HEAD_BYTES);
  const tail = bytes.subarray(Math.max(HEAD_BYTES, bytes.length - TAIL_BYTES));
  // Quotes inside of a text are escaped, so that these can only be JSON strings of their own.
  if (!head.includes('"cache_control"') && !tail.includes('"cache_control"')) return undefined;
  return head.includes('"1h"') || tail.includes('"1h"') ? HOUR_MS : 5 * MINUTE_MS;
}

/** OpenAI's: `in_memory` or a number of hours. */
function retentionOf(body: ScannedObject): number | undefined {
  const hours = /^(\d{1,3})h$/.exec(readStringMember(body, 'prompt_cache_retention') ?? '')?.[1];
  return hours === undefined ? undefined : Number(hours) * HOUR_MS;
}
