type Fields = Readonly<Record<string, unknown>>;

/** A plain object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads fields that people edit by hand, in `snake_case` or with dashes: whatever type can be meant, with a warning.
 * Warnings name fields and kinds, never values: they may be secret.
 */
export class FieldReader {
  readonly #fields: Fields;
  readonly #warn: (message: string) => void;

  constructor(fields: Fields, warn: (message: string) => void) {
    this.#fields = fields;
    this.#warn = warn;
  }

  warn(message: string): void {
    this.#warn(message);
  }

  /** The value as it is; undefined: absent, null, or empty text. */
  raw(name: string): unknown {
    const written = Object.hasOwn(this.#fields, name) ? name : name.replaceAll('_', '-');
    const value = Object.hasOwn(this.#fields, written) ? this.#fields[written] : undefined;
    return value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;
  }

  /** Without blanks around it. */
  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value?.trim();
    if (typeof value !== 'number' && typeof value !== 'boolean') return this.#wrong(name, 'text');
    this.#warn(`${name} is a ${typeof value} and read as text`);
    return String(value);
  }

  /** A whole number. */
  whole(name: string): number | undefined {
    const value = this.raw(name);
    const read = typeof value === 'string' ? Number(value) : value;
    if (read === undefined) return undefined;
    if (typeof read !== 'number' || !Number.isSafeInteger(read)) return this.#wrong(name, 'a whole number');
    if (typeof value === 'string') this.#warn(`${name} is text and read as a number`);
    return read;
  }

  boolean(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    const read = booleanOf(value);
    if (read === undefined) return this.#wrong(name, 'true or false');
    this.#warn(`${name} is ${typeof value === 'string' ? 'text' : 'a number'} and read as ${read}`);
    return read;
  }

  /** Absent: none. */
  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    if (typeof value !== 'string') {
      this.#wrong(name, 'a list');
      return [];
    }
    this.#warn(`${name} is text and read as a list, parted at commas`);
    return value.split(',');
  }

  /** A list of texts, none of them twice. */
  texts(name: string): readonly string[] {
    const items = this.list(name).flatMap((item) => {
      if (typeof item === 'string') return item.trim() === '' ? [] : [item.trim()];
      this.#wrong(`an item of ${name}`, 'text');
      return [];
    });
    return [...new Set(items)];
  }

  /** A list of objects. */
  objects(name: string): readonly FieldReader[] {
    return this.list(name).flatMap((item) => {
      if (isFields(item)) return [new FieldReader(item, (message) => this.#warn(`${name}: ${message}`))];
      this.#wrong(`an item of ${name}`, 'an object');
      return [];
    });
  }

  /** An object whose values are texts. */
  map(name: string): ReadonlyMap<string, string> {
    const value = this.raw(name);
    const entries = new Map<string, string>();
    if (value === undefined) return entries;
    if (!isFields(value)) {
      this.#wrong(name, 'an object');
      return entries;
    }
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
        entries.set(key, `${item}`);
      else this.#wrong(`an item of ${name}`, 'text');
    }
    return entries;
  }

  #wrong(name: string, expected: string): undefined {
    this.#warn(`${name} is ignored: expected ${expected}`);
    return undefined;
  }
}

function booleanOf(value: unknown): boolean | undefined {
  if (value === 1 || (typeof value === 'string' && /^(true|yes|on|1)$/i.test(value.trim()))) return true;
  if (value === 0 || (typeof value === 'string' && /^(false|no|off|0)$/i.test(value.trim()))) return false;
  return undefined;
}
