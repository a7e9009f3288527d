import type { JsonValue } from '../ir/index.ts';

/** A value of the configuration as JSON has it. */
export function plainValue(value: unknown): JsonValue {
  // Also drops what YAML can say and JSON cannot: .inf and .nan become null.
  const text = JSON.stringify(value);
  return text === undefined ? null : parse(text);
}

/** A raw value: text is JSON, anything else stands for itself. Throws SyntaxError. */
export function rawValue(value: unknown): JsonValue {
  return typeof value === 'string' ? parse(value) : plainValue(value);
}

function parse(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  return value;
}
