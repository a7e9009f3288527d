import type { JsonObject, JsonValue } from '../ir/json.ts';

/** Longer values say more to a machine than to a model. */
const LONGEST = 400;

/** Gathers what a description must say in place of keywords. */
export class Hints {
  #list: string[] | undefined;

  /** False when the value is too long to be told. */
  add(keyword: string, value: JsonValue | undefined): boolean {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text === undefined || text.length > LONGEST) return false;
    this.say(`${keyword}: ${text}`);
    return true;
  }

  say(text: string): void {
    this.#list ??= [];
    this.#list.push(text);
  }

  /** The description with the hints behind it; undefined when there is nothing to say. */
  describe(description: JsonValue | undefined): string | undefined {
    const text = typeof description === 'string' ? description : undefined;
    if (this.#list === undefined) return text;
    const hints = `(${this.#list.join(', ')})`;
    return text === undefined || text === '' ? hints : `${text} ${hints}`;
  }
}

/** The schema with the hints in its description. */
export function describedBy(node: JsonObject, hints: Hints): JsonObject {
  const description = hints.describe(node['description']);
  return description === undefined ? node : { ...node, description };
}
