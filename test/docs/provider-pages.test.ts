/** The commands on the pages of providers are ones that the program has, with ways to log in that the provider has. */
import { describe, expect, it } from 'vitest';
import { withOldFlags } from '../../src/cli/old-flags.ts';
import { type Actions, runProgram } from '../../src/cli/program.ts';
import { loginProviders } from '../../src/index.ts';
import { findProvider, providers } from '../../src/providers/index.ts';
import { pages, readPage } from './markdown.ts';

/** What the program would have done. */
interface Run {
  readonly command: string;
  readonly provider?: string | undefined;
  readonly flags?: Readonly<Record<string, unknown>>;
}

async function run(words: string): Promise<Run | undefined> {
  let seen: Run | undefined;
  const note =
    (command: string) =>
    (...args: readonly unknown[]): Promise<number> => {
      const [provider] = args;
      const flags = args.at(-1);
      seen = {
        command,
        provider: typeof provider === 'string' ? provider : undefined,
        flags: typeof flags === 'object' && flags !== null ? { ...flags } : {},
      };
      return Promise.resolve(0);
    };
  const actions: Actions = {
    login: note('login'),
    import: note('import'),
    accounts: note('accounts'),
    serve: note('serve'),
    explain: note('explain'),
    newKey: () => 0,
    rotateKeys: note('keys'),
    decryptKeys: note('keys'),
  };
  const code = await runProgram(withOldFlags(words.split(/\s+/), loginProviders()), actions);
  return code === 0 ? seen : undefined;
}

/** `llmproxy ...` in code, wherever it stands on the page. */
function commandsOf(file: string): string[] {
  const text = readPage(file);
  const inline = [...text.matchAll(/`llmproxy ([^`\n]+)`/g)];
  const blocks = [...text.matchAll(/^```sh not-run: login\n(.*?)^```/gms)].flatMap(([, lines = '']) => [
    ...lines.matchAll(/^llmproxy (.+)$/gm),
  ]);
  return [...inline, ...blocks].map(([, words = '']) => words.replace(/\s*#.*$/, ''));
}

const files = pages().filter((file) => file.startsWith('docs/guide/providers/'));
const commands = files.flatMap((file) => commandsOf(file).map((words) => ({ file, words })));

describe('commands on the pages of providers', () => {
  it('are there for everybody who can log in', () => {
    const expected = providers.flatMap(({ id, account }) =>
      (account?.logins ?? []).map((method, at) => (at === 0 ? `login ${id}` : `login ${id} --method ${method.id}`)),
    );
    const known = commands.map(({ words }) => words.replace(/ --file \S+$/, ''));
    expect(expected.filter((words) => !known.includes(words))).toEqual([]);
  });

  it.each(commands)('$file: llmproxy $words', async ({ words }) => {
    const done = await run(words);
    expect(done).toBeDefined();
    if (done?.command === 'login' && done.provider !== undefined) {
      const logins = findProvider(done.provider)?.account?.logins ?? [];
      const method = done.flags?.['method'];
      expect(logins.length).toBeGreaterThan(0);
      if (method !== undefined) expect(logins.map(({ id }) => id)).toContain(method);
    }
    if (done?.command === 'import') expect(findProvider(done.provider ?? '')?.account?.imports ?? []).not.toEqual([]);
  });

  it('are not just anything', async () => {
    expect(await run('login codex --nonsense')).toBeUndefined();
  });
});
