/** Writes config.example.yaml and docs/reference/configuration.md and config.schema.json; --check only compares. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema } from '../src/config/schema.ts';
import { exampleFile } from './config-reference/example.ts';
import { referencePage } from './config-reference/page.ts';

const root = new URL('../', import.meta.url);

/** The generated files by path from the root of the repository. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['config.example.yaml', exampleFile(configSchema)],
    ['docs/reference/configuration.md', referencePage(configSchema)],
    ['docs/reference/config.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`],
  ]);
}

function jsonSchema(): unknown {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema: node }) {
      const { example } = node;
      if (example !== undefined) node.examples = [example];
      // Our own metadata; editors need none of it.
      for (const name of ['effect', 'note', 'example']) delete node[name];
    },
  });
}

function current(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return undefined;
  }
}

function main(check: boolean): number {
  const stale = [...generatedFiles()].filter(([path, text]) => current(path) !== text);
  for (const [path, text] of stale) {
    if (check) {
      console.error(`${path} is not what the schema says; run npm run generate`);
      continue;
    }
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
  return check && stale.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.includes('--check'));
