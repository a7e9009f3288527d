import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeTerminal } from '../../test/support/fake-terminal.ts';
import type { LoginWay, StartedSecret } from '../index.ts';
import { readSecret } from './read-secret.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-secret-'));
  file = join(folder, 'token');
  writeFileSync(file, ' fake-token \n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const way: LoginWay = { id: 'token', label: 'with a token', type: 'secret', prompt: 'the token', asks: [] };
const asks = (type: StartedSecret['type']): StartedSecret => ({
  type,
  prompt: 'the token',
  finish: () => Promise.reject(new Error('not here')),
});

describe('a secret', () => {
  it('comes from a file', async () => {
    expect(await readSecret(asks('secret'), way, file, fakeTerminal({ answers: [] }))).toBe('fake-token');
  });

  it('is typed without being shown', async () => {
    const terminal = fakeTerminal({ answers: ['typed'] });
    expect(await readSecret(asks('secret'), way, undefined, terminal)).toBe('typed');
    expect(terminal.asked).toEqual(['the token']);
  });

  it.each([
    [undefined, undefined],
    ['-', undefined],
    ['-', []],
  ])('is piped in with --file %s and answers %j', async (name, answers) => {
    const person = { piped: ' piped\n', ...(answers && { answers }) };
    expect(await readSecret(asks('secret'), way, name, fakeTerminal(person))).toBe('piped');
  });

  it('in a file is asked for by its path', async () => {
    const terminal = fakeTerminal({ answers: [` ${file} `, undefined] });
    expect(await readSecret(asks('file'), way, undefined, terminal)).toBe('fake-token');
    expect(await readSecret(asks('file'), way, undefined, terminal)).toBeUndefined();
    expect(terminal.asked).toEqual(['Path of the token', 'Path of the token']);
  });

  it('must be there', async () => {
    const missing = readSecret(asks('secret'), way, join(folder, 'none'), fakeTerminal());
    await expect(missing).rejects.toThrow('none cannot be read: no such file');
    await expect(readSecret(asks('file'), way, folder, fakeTerminal())).rejects.toThrow(/cannot be read$/);
    await expect(readSecret(asks('secret'), way, undefined, fakeTerminal())).rejects.toThrow(
      'nothing came in: pipe in the token, or name a file with --file (with a token)',
    );
  });
});
