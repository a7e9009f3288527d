import type { JsonObject } from './json.ts';
import type { Warn } from './warning.ts';

/** Leaving these out changes no answer. */
const hints: ReadonlySet<string> = new Set(['prompt_cache_key', 'prompt_cache_retention', 'stream_options', 'store']);

/** The body without the top-level fields that the upstream declares to reject; warns of those that matter. */
export function withoutRejected(body: JsonObject, rejects: readonly string[] | undefined, warn: Warn): JsonObject {
  const present = (rejects ?? []).filter((key) => body[key] !== undefined);
  if (present.length === 0) return body;
  for (const key of present) if (!hints.has(key)) warn(key, 'the upstream does not accept this field');
  return Object.fromEntries(Object.entries(body).filter(([key]) => !present.includes(key)));
}
