import type { z } from 'zod';
import { ProxyError } from '../errors.ts';
import { findIneffectiveKeys, findUnknownKeys } from './checks.ts';
import { type ConfigDocument, parseConfigDocument } from './document.ts';
import { findIdleErrorRules, findIdleRules, findUnusableEntries } from './entry-checks.ts';
import { applyOverrides, environmentLayer, flagLayer, type Override } from './layers.ts';
import { normalize } from './normalize.ts';
import { isRecord } from './record.ts';
import { type Config, configSchema } from './schema.ts';
import { describeType, describeValue, formatPath, type KeyPath, schemaAt } from './walk.ts';
import type { ConfigWarning } from './warning.ts';

/** Where configuration comes from, besides the defaults. */
export interface ConfigSources {
  /** Content of the file; undefined: no file. */
  readonly text?: string | undefined;
  /** Name of the file in messages. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Flags by key: `{ port: '8080' }`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
}

/** A validated configuration and what to tell the user about it. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string | undefined;
  readonly warnings: readonly ConfigWarning[];
  /** Hash of the file's content; absent when none was read. */
  readonly revision?: string;
}

/**
 * Layers defaults, file, `CLI_PROXY_*` variables and flags, and validates the result.
 * Throws `invalid_config` naming file, line, column and key path, never a value of text.
 */
export function parseConfig(sources: ConfigSources): LoadedConfig {
  const { config, file, warnings } = parseConfigWithPlaces(sources);
  return { config, file, warnings };
}

/** Where the values of a configuration come from. */
export interface ConfigPlaces extends Pick<ConfigDocument, 'placeOf'> {
  /** The environment variable or flag that sets the key; undefined: the file or a default. */
  originOf(path: KeyPath): string | undefined;
}

/** {@link parseConfig} for callers that find further faults and want to say where. */
export function parseConfigWithPlaces(sources: ConfigSources): LoadedConfig & ConfigPlaces {
  const file = sources.file ?? 'config.yaml';
  const document = sources.text === undefined ? undefined : parseConfigDocument(sources.text, file);
  const content = document?.value ?? {};
  if (!isRecord(content)) throw new ProxyError('invalid_config', `${file}:1:1: expected keys and values`);

  const written = normalize(configSchema, content, (path) => document?.sourceOf(path));
  const environment = environmentLayer(configSchema, sources.env ?? {});
  const overrides = [...environment.overrides, ...flagLayer(configSchema, sources.flags ?? {})];
  const tree = applyOverrides(written, overrides);
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) throw invalid(parsed.error.issues, tree, overrides, document, file);

  const findings = [
    ...findUnknownKeys(configSchema, tree),
    ...findIneffectiveKeys(configSchema, tree),
    ...findUnusableEntries(parsed.data),
    ...findIdleRules(parsed.data),
    ...findIdleErrorRules(parsed.data),
  ];
  const warnings = findings.map(({ path, message }) => ({
    line: document?.placeOf(path)?.line,
    path: formatPath(path),
    message,
  }));
  return {
    config: withDebugLevel(parsed.data, tree['log-level'] !== undefined),
    file: sources.text === undefined ? undefined : file,
    warnings: [...warnings, ...environment.warnings],
    placeOf: (path) => document?.placeOf(path),
    originOf: (path) => originOf(overrides, path),
  };
}

function originOf(overrides: readonly Override[], path: KeyPath): string | undefined {
  return overrides.findLast((override) => override.path.every((step, depth) => step === path[depth]))?.origin;
}

function withDebugLevel(config: Config, explicit: boolean): Config {
  return config.debug && !explicit ? { ...config, 'log-level': 'debug' } : config;
}

function invalid(
  issues: readonly z.core.$ZodIssue[],
  tree: unknown,
  overrides: readonly Override[],
  document: ConfigDocument | undefined,
  file: string,
): ProxyError {
  const [issue] = issues;
  if (issue === undefined) return new ProxyError('invalid_config', `${file}: not valid`);
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const message = explain(issue, path, tree);
  const origin = originOf(overrides, path);
  const place = document?.placeOf(path);
  const where = origin ?? (place === undefined ? file : `${file}:${place.line}:${place.column}: ${formatPath(path)}`);
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  return new ProxyError('invalid_config', `${where}: ${message}${more}`, { path: formatPath(path) });
}

function explain(issue: z.core.$ZodIssue, path: KeyPath, tree: unknown): string {
  const value = path.reduce<unknown>(
    (node, step) => (Array.isArray(node) ? node[Number(step)] : isRecord(node) ? node[step] : undefined),
    tree,
  );
  const got = `got ${describeValue(value)}`;
  // Our own messages; zod's defaults start otherwise.
  if (issue.message.startsWith('cannot ')) return issue.message;
  if (issue.message.startsWith('expected ')) return `${issue.message}, ${got}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}, ${got}`;
  const schema = schemaAt(configSchema, path);
  return `expected ${schema === undefined ? 'another value' : describeType(schema)}, ${got}`;
}
