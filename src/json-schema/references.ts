import { isJsonObject, type JsonObject, type JsonValue } from '../ir/json.ts';
import { isArray, own } from './node.ts';

/** Of a reference that cannot be shown, the end says enough. */
const LONGEST_LABEL = 100;
/** Longer references point nowhere: a document that repeats one would take hours to follow. */
const LONGEST = 4000;

/** Finds what a `$ref` means inside one schema; nothing is ever fetched. */
export class References {
  readonly #root: JsonObject;
  #named: Map<string, JsonObject> | undefined;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** The schema that a reference means; undefined when it is not in this document. */
  resolve(reference: string): JsonObject | undefined {
    if (reference.length > LONGEST) return undefined;
    const target = this.#byPointer(reference) ?? this.#names().get(reference);
    return isJsonObject(target) ? target : undefined;
  }

  /** The name of the root's definition that a reference means; undefined for any other. */
  definition(reference: string): string | undefined {
    if (reference.length > LONGEST) return undefined;
    const match = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference);
    const [, keyword = '', name = ''] = match ?? [];
    const definitions = this.#root[keyword];
    const decoded = decodeToken(name);
    return isJsonObject(definitions) && isJsonObject(own(definitions, decoded)) ? decoded : undefined;
  }

  #byPointer(reference: string): JsonValue | undefined {
    const hash = reference.indexOf('#');
    if (hash < 0) return undefined;
    const base = reference.slice(0, hash);
    const start = base === '' || base === this.#root['$id'] ? this.#root : this.#names().get(base);
    const pointer = reference.slice(hash + 1);
    if (start === undefined) return undefined;
    if (pointer === '') return start;
    if (!pointer.startsWith('/')) return base === '' ? undefined : this.#names().get(`#${pointer}`);
    let value: JsonValue | undefined = start;
    for (const token of pointer.slice(1).split('/').map(decodeToken)) {
      if (isJsonObject(value)) value = own(value, token);
      else if (isArray(value)) value = value[Number(token)];
      else return undefined;
    }
    return value;
  }

  /** Schemas by their `$id` and, with a `#` in front, by their `$anchor`. Only for the few documents that need it. */
  #names(): Map<string, JsonObject> {
    if (this.#named !== undefined) return this.#named;
    const named = new Map<string, JsonObject>();
    const open: JsonValue[] = [this.#root];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (isJsonObject(value)) {
        for (const [keyword, prefix] of NAMING) {
          const name = value[keyword];
          if (typeof name === 'string' && !named.has(prefix + name)) named.set(prefix + name, value);
        }
      }
      if (typeof value !== 'object' || value === null) continue;
      for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) open.push(member);
    }
    this.#named = named;
    return named;
  }
}

const NAMING = [
  ['$id', ''],
  ['id', ''],
  ['$anchor', '#'],
  ['$dynamicAnchor', '#'],
] as const;

function decodeToken(token: string): string {
  let text = token;
  try {
    text = decodeURIComponent(token);
  } catch {
    // A percent sign that escapes nothing stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The last word of a reference: what it is called when it cannot be shown. */
export function referenceLabel(reference: string): string {
  return (
    reference
      .slice(-LONGEST_LABEL)
      .split(/[/#]/)
      .findLast((part) => part !== '') ?? 'the root'
  );
}
