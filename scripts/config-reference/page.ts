import type { z } from 'zod';
import { environmentName } from '../../src/config/layers.ts';
import { fieldMeta } from '../../src/config/schema/field.ts';
import { describeType, memberOf, scalarPaths, shapeOf } from '../../src/config/walk.ts';
import { defaultOf } from './example.ts';

const intro = `# Configuration

Generated from \`src/config/schema.ts\` by \`npm run generate\`.

The file is YAML. It is the first of: \`--config FILE\`, \`$LLMPROXY_CONFIG\`, \`./config.yaml\`,
\`$XDG_CONFIG_HOME/llmproxy/config.yaml\` (\`~/.config\` when the variable is not set). Without any, the last one is
created with a random client key.

Later layers win: defaults, file, environment, flags (\`--host\`, \`--port\`, \`--log-level\`). Every key that is a single
value or a list of texts outside of lists and maps has an environment variable: \`CLI_PROXY_\` and the key path in upper
case, dots and dashes as underscores (\`CLI_PROXY_PORT\`, \`CLI_PROXY_UPSTREAM_TIMEOUTS_CONNECT\`); lists are separated by
commas (\`CLI_PROXY_API_KEYS=key1,key2\`). Empty variables count as unset.

Unknown keys give a warning with the nearest known name, keys without effect one warning each, wrong types and values
stop the start with file, line, column and key path. Editors check the file with
[config.schema.json](config.schema.json).

Effect: **yes**; **not yet**: accepted, reserved for a coming feature; **no**: accepted from files of CLIProxyAPI and
ignored for good.
`;

/** The text of docs/reference/configuration.md. */
export function referencePage(schema: z.ZodType): string {
  // A stable sort: what works comes first.
  const keys = Object.entries(shapeOf(schema) ?? {}).sort(([, a], [, b]) => rank(a) - rank(b));
  const environment = new Set(scalarPaths(schema).map(({ path }) => environmentName(path)));
  const plain = keys.filter(([, child]) => !hasKeys(child));
  const sections = keys.filter(([, child]) => hasKeys(child));
  const top = table(plain.map(([key, child]) => row(key, child)));
  const rest = sections.map(([key, child]) => {
    const description = fieldMeta(child)?.description ?? '';
    return `## ${key}\n\n${description} Effect: ${effect(child)}.\n\n${table(rows(child, key))}`;
  });
  return `${intro}\n## Single keys\n\n${top}\n${rest.join('\n')}\n## Environment\n\n${[...environment]
    .sort()
    .map((name) => `\`${name}\``)
    .join(', ')}\n`;
}

function rank(schema: z.ZodType): number {
  return ['yes', 'not yet', 'no'].indexOf(effect(schema));
}

function hasKeys(schema: z.ZodType): boolean {
  const member = memberOf(schema);
  return shapeOf(schema) !== undefined || (member !== undefined && hasKeys(member));
}

/** One row per key below the schema: `models[].name`, `providers.<name>.type`. */
function rows(schema: z.ZodType, path: string): string[] {
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([key, child]) => {
      const childPath = `${path}.${key}`;
      return hasKeys(child) ? [row(childPath, child), ...rows(child, childPath)] : [row(childPath, child)];
    });
  }
  const member = memberOf(schema);
  if (member === undefined) return [];
  return rows(member, Array.isArray(defaultOf(schema)) ? `${path}[]` : `${path}.<name>`);
}

function row(path: string, schema: z.ZodType): string {
  const description = fieldMeta(schema)?.description ?? '';
  return `| \`${path}\` | ${describeType(schema)} | ${defaultText(schema)} | ${effect(schema)} | ${cell(description)} |`;
}

function table(lines: readonly string[]): string {
  return `| key | type | default | effect | meaning |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

function effect(schema: z.ZodType): string {
  switch (fieldMeta(schema)?.effect) {
    case 'later':
      return 'not yet';
    case 'never':
      return 'no';
    default:
      return 'yes';
  }
}

function defaultText(schema: z.ZodType): string {
  const value = defaultOf(schema);
  if (value === undefined || hasKeys(schema)) return '';
  return `\`${JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
