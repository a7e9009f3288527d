import { z } from 'zod';
import { nearestName } from '../nearest-name.ts';
import { isRecord } from './record.ts';
import { formatPath, scalarPaths, unwrap } from './walk.ts';
import type { ConfigWarning } from './warning.ts';

/** A value that overrides the file's, and where it came from: an environment variable or a flag. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: string;
}

const prefix = 'CLI_PROXY_';

/** `upstream-timeouts.connect` -> `CLI_PROXY_UPSTREAM_TIMEOUTS_CONNECT`. */
export function environmentName(path: readonly string[]): string {
  return prefix + path.join('_').replaceAll('-', '_').toUpperCase();
}

/** Overrides of `CLI_PROXY_*` variables; one that names no key gives a warning. Empty variables count as unset. */
export function environmentLayer(
  schema: z.ZodType,
  env: Readonly<Record<string, string | undefined>>,
): { overrides: Override[]; warnings: ConfigWarning[] } {
  const keys = new Map(scalarPaths(schema).map((key) => [environmentName(key.path), key]));
  const overrides: Override[] = [];
  const warnings: ConfigWarning[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || text === undefined || text === '') continue;
    const key = keys.get(name);
    if (key !== undefined) {
      overrides.push({ path: key.path, value: parseText(key.schema, text), origin: name });
      continue;
    }
    const near = nearestName(name, keys.keys());
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    warnings.push({ path: name, message: `environment variable ${name} names no key${hint}` });
  }
  return { overrides, warnings };
}

/** Overrides of command line flags; the flag of `log-level` is `--log-level`. */
export function flagLayer(schema: z.ZodType, flags: Readonly<Record<string, string | undefined>>): Override[] {
  const keys = new Map(scalarPaths(schema).map((key) => [formatPath(key.path), key]));
  return Object.entries(flags).flatMap(([name, text]) => {
    const key = keys.get(name);
    if (key === undefined || text === undefined) return [];
    return [{ path: key.path, value: parseText(key.schema, text), origin: `--${name}` }];
  });
}

/** A copy of the tree with the overrides in it; later ones win. */
export function applyOverrides(tree: unknown, overrides: readonly Override[]): Record<string, unknown> {
  return overrides.reduce((result, { path, value }) => withValue(result, path, value), isRecord(tree) ? tree : {});
}

function withValue(
  tree: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return { ...tree };
  const child = tree[key];
  return { ...tree, [key]: rest.length === 0 ? value : withValue(isRecord(child) ? child : {}, rest, value) };
}

/** Text as the schema's type; text that does not fit stays text, for the validation to name. */
function parseText(schema: z.ZodType, text: string): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return text.split(',');
  if (inner instanceof z.ZodNumber) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (inner instanceof z.ZodBoolean || inner instanceof z.ZodUnion) {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
  }
  return text;
}
