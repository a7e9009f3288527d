import type { JsonObject, JsonValue } from '../../ir/index.ts';

/** Id of this dialect. */
export const DIALECT = 'kiro';

/** Some text; undefined for the empty one and for what is none. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The first of these members that is some text. */
export function firstText(object: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(object[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}
