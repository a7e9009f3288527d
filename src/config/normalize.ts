import { z } from 'zod';
import { isRecord } from './record.ts';
import { type KeyPath, memberOf, shapeOf, unwrap } from './walk.ts';

/** The text of a scalar as the file has it (`007`, not 7). */
export type ScalarSource = (path: KeyPath) => string | undefined;

const yes = /^(y|yes|on)$/i;
const no = /^(n|no|off)$/i;

/**
 * Evens out what YAML users write and Go accepts: empty keys count as absent, `yes` is true, `12345` is a fine key,
 * snake_case is kebab-case inside `providers` and `limits`.
 */
export function normalize(schema: z.ZodType, value: unknown, source: ScalarSource, path: KeyPath = []): unknown {
  if (value === null || value === undefined) return undefined;
  const shape = shapeOf(schema);
  if (Array.isArray(value)) {
    const member = memberOf(schema) ?? z.unknown();
    // An empty list item stays in place, so that later items keep their line; text lists drop it afterwards.
    const empty = unwrap(member) instanceof z.ZodString ? '' : undefined;
    return value.map((item, index) => normalize(member, item, source, [...path, index]) ?? empty);
  }
  if (isRecord(value)) {
    const member = memberOf(schema);
    // Values for a provider, which knows null.
    if (shape === undefined && member !== undefined && unwrap(member) instanceof z.ZodUnknown) return value;
    return normalizeRecord(value, (key) => shape?.[key] ?? member ?? z.unknown(), source, path, shape);
  }
  const inner = unwrap(schema);
  if (inner instanceof z.ZodBoolean && typeof value === 'string') {
    if (yes.test(value)) return true;
    if (no.test(value)) return false;
  }
  if (inner instanceof z.ZodString && typeof value !== 'string') return source(path) ?? String(value);
  return value;
}

function normalizeRecord(
  value: Readonly<Record<string, unknown>>,
  childSchema: (key: string) => z.ZodType,
  source: ScalarSource,
  path: KeyPath,
  shape: Readonly<Record<string, z.ZodType>> | undefined,
): Record<string, unknown> {
  // No prototype: a key named __proto__ stays an unknown key.
  const result: Record<string, unknown> = Object.create(null);
  for (const [written, item] of Object.entries(value)) {
    const kebab = written.replaceAll('_', '-');
    const key =
      (path[0] === 'providers' || path[0] === 'limits') && shape !== undefined && kebab in shape ? kebab : written;
    const clean = normalize(childSchema(key), item, source, [...path, written]);
    if (clean !== undefined) result[key] = clean;
  }
  return result;
}
