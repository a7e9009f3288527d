/**
 * Scaffolds a provider: a folder with manifest and models, and its two lines in src/providers/index.ts.
 *   npm run new-provider -- acme --label "Acme AI" --base-url https://api.acme.example/v1 [--dialect openai-chat]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE =
  'usage: npm run new-provider -- <id> --label LABEL --base-url URL [--dialect openai-chat] [--env NAME] [--root DIR]';

/** Endpoint of each dialect, for a base URL that ends in its version (Gemini's does not). */
const PATHS: Readonly<Record<string, string>> = {
  'openai-chat': "path: '/chat/completions'",
  'openai-responses': "path: '/responses'",
  'anthropic-messages': "path: '/messages'",
  gemini:
    "path: '/v1beta/models/{model}:generateContent', streamPath: '/v1beta/models/{model}:streamGenerateContent?alt=sse'",
};

interface Answers {
  readonly id: string;
  readonly label: string;
  readonly baseUrl: string;
  readonly dialect: string;
  readonly env: string;
  /** The src/providers folder. */
  readonly folder: string;
}

class UsageError extends Error {}

function readAnswers(args: readonly string[]): Answers {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      label: { type: 'string' },
      'base-url': { type: 'string' },
      dialect: { type: 'string', default: 'openai-chat' },
      env: { type: 'string' },
      root: { type: 'string', default: join(import.meta.dirname, '..') },
    },
  });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) throw new UsageError(USAGE);
  const { label, 'base-url': baseUrl, dialect } = values;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) throw new UsageError(`"${id}" is not a kebab-case id`);
  if (label === undefined || baseUrl === undefined) throw new UsageError(USAGE);
  if (!URL.canParse(baseUrl)) throw new UsageError(`--base-url: "${baseUrl}" is not a URL`);
  if (PATHS[dialect] === undefined) throw new UsageError(`--dialect: one of ${Object.keys(PATHS).join(', ')}`);
  const env = values.env ?? `${id.replaceAll('-', '_').toUpperCase()}_API_KEY`;
  return { id, label, baseUrl: baseUrl.replace(/\/+$/, ''), dialect, env, folder: join(values.root, 'src/providers') };
}

/** TypeScript name of the manifest: `my-provider` is `myProvider`. */
function exportName(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A literal in the quotes that need fewer escapes, as the formatter wants it. */
function quoted(text: string): string {
  if (text.includes("'")) return JSON.stringify(text);
  return `'${text.replaceAll('\\', '\\\\')}'`;
}

function manifestSource({ id, label, baseUrl, dialect, env }: Answers): string {
  return `/** ${label.replaceAll('*/', '')}. TODO: link its API reference, say what kind it is, declare its quirks. */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const ${exportName(id)}: Manifest = defineProvider({
  id: ${quoted(id)},
  label: ${quoted(label)},
  kind: 'direct',
  auth: [bearerKey(${quoted(env)})],
  baseUrl: ${quoted(baseUrl)},
  endpoints: [{ dialect: ${quoted(dialect)}, ${PATHS[dialect] ?? ''} }],
  models,
});
`;
}

function modelsSource(id: string): string {
  return `/** TODO: link the vendor's list. Leave out what it does not state. */
import type { ModelInfo } from '../../models/model-info.ts';

export const models: readonly ModelInfo[] = [{ id: '${id}-model' }];
`;
}

/** The list with one more import and one more entry, before the local providers. */
function withEntry(index: string, id: string): string {
  const name = exportName(id);
  const listEnd = index.indexOf('\n];');
  const local = index.lastIndexOf('\n  echo,', listEnd);
  if (listEnd < 0 || local < 0)
    throw new Error('src/providers/index.ts does not look as expected; add the line by hand');
  const listed = `${index.slice(0, local)}\n  ${name},${index.slice(local)}`;
  return sortImports(`import { ${name} } from './${id}/index.ts';\n${listed}`);
}

/** Imports stand first in the file, one a line, sorted by path as the formatter wants them. */
function sortImports(source: string): string {
  const lines = source.split('\n');
  const count = lines.findIndex((line) => !line.startsWith('import '));
  // A folder comes before those whose names go on.
  const path = (line: string): string => line.slice(line.lastIndexOf("'.")).replaceAll(/(?<=\w)\//g, ' ');
  const sorted = lines.slice(0, count).toSorted((a, b) => (path(a) < path(b) ? -1 : 1));
  return [...sorted, ...lines.slice(count)].join('\n');
}

function main(args: readonly string[]): void {
  const answers = readAnswers(args);
  const folder = join(answers.folder, answers.id);
  if (existsSync(folder)) throw new UsageError(`${folder} exists already`);
  const indexPath = join(answers.folder, 'index.ts');
  const index = withEntry(readFileSync(indexPath, 'utf8'), answers.id);
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.ts'), manifestSource(answers));
  writeFileSync(join(folder, 'models.ts'), modelsSource(answers.id));
  writeFileSync(indexPath, index);
  console.log(`${folder} created and listed. Next: models.ts, quirks, then \`npx vitest run src/providers\`.`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
