import type { z } from 'zod';
import { nearestName } from '../nearest-name.ts';
import { isRecord } from './record.ts';
import { fieldMeta } from './schema/field.ts';
import { formatPath, type KeyPath, memberOf, shapeOf } from './walk.ts';

/** Something to tell the user about a key. */
export interface Finding {
  readonly path: KeyPath;
  readonly message: string;
}

/** Keys that the schema does not know, with the nearest one it does. */
export function findUnknownKeys(schema: z.ZodType, value: unknown, path: KeyPath = []): Finding[] {
  const shape = shapeOf(schema);
  const member = memberOf(schema);
  if (Array.isArray(value)) {
    return member === undefined ? [] : value.flatMap((item, i) => findUnknownKeys(member, item, [...path, i]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const child = shape === undefined ? member : Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (child !== undefined) return findUnknownKeys(child, item, [...path, key]);
    return shape === undefined ? [] : [unknownKey([...path, key], key, Object.keys(shape))];
  });
}

function unknownKey(path: KeyPath, key: string, known: readonly string[]): Finding {
  const near = nearestName(key, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return { path, message: `${formatPath(path)}: unknown key, ignored${hint}` };
}

/** Keys set to something else than their default although nothing reads them; each kind of key once. */
export function findIneffectiveKeys(schema: z.ZodType, value: unknown): Finding[] {
  const seen = new Set<string>();
  return ineffective(schema, value, []).filter(({ path }) => {
    const kind = formatPath(path.map((step) => (typeof step === 'number' ? 0 : step)));
    return seen.has(kind) ? false : seen.add(kind);
  });
}

function ineffective(schema: z.ZodType, value: unknown, path: KeyPath): Finding[] {
  if (value === undefined) return [];
  const meta = fieldMeta(schema);
  if (meta !== undefined && meta.effect !== 'now') {
    if (isDefault(schema, value)) return [];
    const usual =
      meta.effect === 'later'
        ? 'is known but has no effect yet'
        : 'has no effect: llmproxy does not imitate other clients';
    return [{ path, message: `${formatPath(path)} ${meta.note ?? usual}` }];
  }
  const member = memberOf(schema);
  const shape = shapeOf(schema);
  if (Array.isArray(value) && member !== undefined) {
    return value.flatMap((item, index) => ineffective(member, item, [...path, index]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const child = shape === undefined ? member : Object.hasOwn(shape, key) ? shape[key] : undefined;
    return child === undefined ? [] : ineffective(child, item, [...path, key]);
  });
}

/** Nothing is lost by ignoring a value that says what happens anyway. */
function isDefault(schema: z.ZodType, value: unknown): boolean {
  const written = schema.safeParse(value);
  const absent = schema.safeParse(undefined);
  if (!written.success || !absent.success) return false;
  return JSON.stringify(sorted(written.data)) === JSON.stringify(sorted(absent.data));
}

function sorted(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
