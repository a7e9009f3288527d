import { describe, expect, it } from 'vitest';
import { type FakePerson, fakeTerminal } from '../../test/support/fake-terminal.ts';
import { type AccountDesk, type FoundLogin, loginProviders, ProxyError } from '../index.ts';
import { type TakeOverFlags, takeOverFound } from './take-over.ts';

const provider = loginProviders().find(({ imports }) => imports.length > 0);
const found: readonly FoundLogin[] = ['one', 'two', 'empty', 'broken'].map((importId) => ({
  provider: provider?.id ?? '',
  importId,
  label: `Agent ${importId}`,
  paths: [`/agents/${importId}`],
}));

async function run(flags: TakeOverFlags, person: FakePerson = {}, logins: readonly FoundLogin[] = found.slice(0, 2)) {
  const taken: string[] = [];
  const terminal = fakeTerminal(person);
  const desk: Partial<AccountDesk> = {
    findImports: async () => logins,
    takeOver: async ({ importId }) => {
      if (importId === 'broken') throw new ProxyError('invalid_request', 'it is of another version');
      if (importId === 'empty') return [];
      taken.push(importId);
      const id = `${importId}.json`;
      const record = { id, fields: {}, revision: '', modifiedAtMs: 0 };
      const { notes, isNew } = { notes: ['a note'], isNew: true };
      return [{ recordId: id, credentialId: '', provider: '', label: importId, notes, isNew, record }];
    },
    // cast: only this member is read
    find: async (id) => ({ file: `/auths/${id}` }) as Awaited<ReturnType<AccountDesk['find']>>,
    models: async () => ({ ids: ['m1'], isLive: true }),
    quota: () => Promise.reject(new Error('no answer')),
  };
  const context = {
    env: {},
    directory: '/',
    terminal,
    now: () => 0,
    openBrowser: async () => false,
    signal: new AbortController().signal,
  };
  // cast: what is missing is not used
  const code = takeOverFound(desk as AccountDesk, undefined, flags, context);
  const ended = await code.catch((error: unknown) => `${error}`);
  const notices = new Set(provider?.notices.map((notice) => `Note: ${notice}`));
  return { code: ended, taken, told: terminal.told.filter((line) => !notices.has(line)), terminal };
}

const report = (id: string): string[] => [
  `Logged in: ${id}`,
  `  saved in  /auths/${id}.json`,
  '  note      a note',
  '  models    m1',
  '  quota     not told (no answer)',
];

describe('logins of other programs', () => {
  it('are all taken over with --yes, after the notices', async () => {
    const { code, taken, told, terminal } = await run({ yes: true });
    expect({ code, taken }).toEqual({ code: 0, taken: ['one', 'two'] });
    expect(told.slice(0, -1)).toEqual([...report('one'), ...report('two')]);
    expect(told.at(-1)).toContain('A running llmproxy takes it up by itself');
    expect(terminal.told[0]).toBe(`Note: ${provider?.notices[0]}`);
  });

  it('are picked from a list', async () => {
    const { code, taken, terminal } = await run({}, { answers: [['1']] });
    expect({ code, taken }).toEqual({ code: 0, taken: ['two'] });
    expect(terminal.asked[0]).toContain(`1: Agent two (${provider?.id}): /agents/two`);
    expect((await run({}, { answers: [undefined] })).code).toBe(130);
  });

  it('are only named with --list, and where nobody can be asked', async () => {
    const lines = ['one', 'two'].map((id) => `found: Agent ${id} (${provider?.id}) in /agents/${id}`);
    expect(await run({ list: true })).toMatchObject({ code: 0, taken: [], told: lines });
    const unasked = await run({});
    expect(unasked).toMatchObject({ taken: [], told: lines });
    expect(unasked.code).toContain('add --yes');
  });

  it('that cannot be taken over keep the others from nothing', async () => {
    const { code, taken, terminal } = await run({ yes: true }, {}, found.toReversed());
    expect({ code, taken }).toEqual({ code: 1, taken: ['two', 'one'] });
    expect(terminal.warned).toEqual([
      'Agent broken: not taken over: it is of another version',
      'Agent empty: there is no login in /agents/empty',
    ]);
  });

  it('may be none', async () => {
    const { code, terminal } = await run({}, {}, []);
    expect(code).toBe(1);
    expect(terminal.warned[0]).toMatch(/^llmproxy: no login of another program was found here; looked for \w/);
  });
});
