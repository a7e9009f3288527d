import type { JsonObject, JsonValue } from './json.ts';
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

/** The body without the fields that have other values than those which the upstream takes; warns of those that matter. */
export function withOnlyValues(
  body: JsonObject,
  onlyValues: Readonly<Record<string, readonly JsonValue[]>>,
  warn: Warn,
): JsonObject {
  const refused = Object.entries(onlyValues).filter(([key, values]) => !takesValue(body[key], values));
  return withoutRejected(
    body,
    refused.map(([key]) => key),
    warn,
  );
}

/** Whether a field may stay: it is absent, or one of the values. */
export function takesValue(value: JsonValue | undefined, values: readonly JsonValue[]): boolean {
  if (value === undefined) return true;
  const text = JSON.stringify(value);
  return values.some((one) => JSON.stringify(one) === text);
}
