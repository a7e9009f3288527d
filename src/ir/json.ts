/** A parsed JSON value. Wire bodies are read as this and narrowed field by field. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A parsed JSON object; every key may be absent. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** A JSON object under construction by an encoder. */
export interface MutableJsonObject {
  [key: string]: JsonValue | undefined;
}

/** True for a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
