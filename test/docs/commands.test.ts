import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DocsShell, freshHome, runScript, startDocsShell } from './docs-proxy.ts';
import { allBlocks, nameOf } from './markdown.ts';

/** The only reasons for which a command of the documentation is not run here. */
const EXEMPT: Readonly<Record<string, string>> = {
  'not-run: install': 'npm ci replaces node_modules under the running test, npm test would start itself; CI runs both',
  'not-run: agent': 'the agents run with the same settings in test/clients/agents',
  'not-run: server': 'starts a server that does not end; README.md runs it in its transcript',
  'not-run: login':
    'logs in at the vendor itself; test/accounts does so at a simulated one, and test/docs/provider-pages.test.ts knows every command',
  'not-run: check': 'runs for minutes and changes files; CI runs it',
};

const blocks = allBlocks('sh');
const runnable = blocks.filter((block) => block.note === '');
let shell: DocsShell;

beforeAll(async () => {
  shell = await startDocsShell();
}, 60_000);
afterAll(() => shell.close());

describe('shell commands in the documentation', () => {
  it('exist, and are left out for stated reasons only', () => {
    expect(runnable.length).toBeGreaterThan(8);
    const unknown = blocks.filter((block) => block.note !== '' && EXEMPT[block.note] === undefined);
    expect(unknown.map((block) => `${nameOf(block)} ${block.note}`)).toEqual([]);
  });

  it('fail a test when the proxy answers with an error', async () => {
    const wrong = `curl -sS http://127.0.0.1:8317/v1/nothing -H "x-api-key: $LLMPROXY_KEY"`;
    expect(await shell.run(wrong)).toMatchObject({ code: 22 });
  });

  it.each(runnable.map((block) => [nameOf(block), block] as const))('%s runs', async (_, block) => {
    const { code, output } = await shell.run(block.text);
    expect(code, output).toBe(0);
    expect(output).not.toBe('');
  });

  it.each(blocks.map((block) => [nameOf(block), block] as const))('%s is sh', async (_, block) => {
    const home = freshHome();
    const { code, output } = await runScript(`sh -n <<'BLOCK'\n${block.text}BLOCK\n`, home.path);
    home.remove();
    expect(code, output).toBe(0);
  });
});
