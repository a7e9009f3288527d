import { z } from 'zod';

/** Key path from the root of the configuration: keys and list indices. */
export type KeyPath = readonly (string | number)[];

/** The schema inside defaults, optionals and transforms: the one that names the type a user writes. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner: unknown = schema;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) inner = schema.unwrap();
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) inner = schema.unwrap();
  else if (schema instanceof z.ZodPipe) inner = schema.def.in;
  return inner !== schema && inner instanceof z.ZodType ? unwrap(inner) : schema;
}

/** Keys of an object schema, or undefined for any other schema. */
export function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

/** Schema of the members of a list or of an open map. */
export function memberOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = unwrap(schema);
  let member: unknown;
  if (inner instanceof z.ZodArray) member = inner.element;
  if (inner instanceof z.ZodRecord) member = inner.valueType;
  return member instanceof z.ZodType ? member : undefined;
}

/** Schema at a path, or undefined where the path leaves the schema. */
export function schemaAt(schema: z.ZodType, path: KeyPath): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) {
    if (current === undefined) return undefined;
    current = shapeOf(current)?.[String(step)] ?? memberOf(current);
  }
  return current;
}

/** Scalar keys and lists of text of the schema, with their paths; lists of objects and open maps are left out. */
export function scalarPaths(schema: z.ZodType, path: readonly string[] = []): { path: string[]; schema: z.ZodType }[] {
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([key, child]) => scalarPaths(child, [...path, key]));
  }
  const inner = unwrap(schema);
  const list = inner instanceof z.ZodArray;
  const leaf = list ? memberOf(schema) : inner;
  if (leaf === undefined) return [];
  const kind = unwrap(leaf);
  const scalar =
    kind instanceof z.ZodString ||
    kind instanceof z.ZodEnum ||
    (!list && (kind instanceof z.ZodNumber || kind instanceof z.ZodBoolean || kind instanceof z.ZodUnion));
  return scalar ? [{ path: [...path], schema }] : [];
}

/** `a.b[0].c` */
export function formatPath(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The inverse of {@link formatPath} for keys without dots and brackets. */
export function parsePath(text: string): (string | number)[] {
  return [...text.matchAll(/[^.[\]]+|\[(\d+)\]/g)].map((found) =>
    found[1] === undefined ? found[0] : Number(found[1]),
  );
}

/** What the schema expects, in words. */
export function describeType(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodString) return 'text';
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodNumber) return describeNumber(inner);
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodArray) return 'a list';
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return 'a section with keys';
  if (inner instanceof z.ZodUnknown) return 'anything';
  if (inner instanceof z.ZodUnion) {
    const options = inner.options.filter((option): option is z.ZodType => option instanceof z.ZodType);
    return options.map(describeType).join(' or ');
  }
  return 'another value';
}

function describeNumber(schema: z.ZodNumber): string {
  const kind = schema.format === 'safeint' ? 'a whole number' : 'a number';
  const { minValue: low, maxValue: high } = schema;
  const min = low !== null && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  const max = high !== null && high < Number.MAX_SAFE_INTEGER ? high : undefined;
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return max === undefined ? kind : `${kind} of at most ${max}`;
}

/** What a value is, without telling its content. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    default:
      return 'a section with keys';
  }
}
