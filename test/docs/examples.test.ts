import { globSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DocsShell, startDocsShell } from './docs-proxy.ts';
import { root } from './markdown.ts';

let shell: DocsShell;
beforeAll(async () => {
  shell = await startDocsShell();
}, 60_000);
afterAll(() => shell.close());

/** What each example prints. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'examples/embed.ts': ['200 ', '"content":"Hello!"'],
  'examples/sdks.ts': ['openai Hello!', "text: 'Hello!'", 'google Hello!'],
};

it('every example has an expectation', () => {
  expect(globSync('examples/*.ts', { cwd: root }).toSorted()).toEqual(Object.keys(EXPECTED));
});

it.each(Object.entries(EXPECTED))('%s runs', { timeout: 60_000 }, async (file, texts) => {
  const { code, output } = await shell.run(`LLMPROXY_URL=http://127.0.0.1:8317 node ${file}`);
  expect(code, output).toBe(0);
  for (const text of texts) expect(output).toContain(text);
});
