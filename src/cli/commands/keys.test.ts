import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decryptKeys, type KeysFlags, newKey, rotateKeys } from './keys.ts';

const OLD = '11'.repeat(32);
const NEW = '22'.repeat(32);
let home: string;
let auths: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-keys-'));
  auths = join(home, '.llmproxy/auths');
  mkdirSync(join(auths, 'team'), { recursive: true, mode: 0o700 });
  for (const id of ['a.json', 'team/b.json']) writeFileSync(join(auths, id), `{"id":"${id}"}`, { mode: 0o600 });
  for (const [name, key] of Object.entries({ old: OLD, new: NEW })) writeFileSync(join(home, name), `${key}\n`);
});
afterEach(() => rmSync(home, { recursive: true }));

type Command = typeof rotateKeys;
async function run(command: Command, flags: KeysFlags, env: Record<string, string> = {}) {
  const out: string[] = [];
  const warned: string[] = [];
  const code = await command(flags, {
    env: { HOME: home, ...env },
    directory: home,
    out: (line) => out.push(line),
    warn: (line) => warned.push(line),
  });
  return { code, out, warned };
}

const files = (): Record<string, unknown>[] =>
  ['a.json', 'team/b.json'].map((id) => JSON.parse(readFileSync(join(auths, id), 'utf8')));
const keyIds = (): unknown[] => files().map(({ key_id: id }) => id);

describe('llmproxy keys', () => {
  it('new prints a key that no other call prints', () => {
    const lines: string[] = [];
    for (let count = 0; count < 2; count++) expect(newKey({ out: (line) => lines.push(line) })).toBe(0);
    expect(new Set(lines).size).toBe(2);
    for (const line of lines) expect(Buffer.from(line, 'base64')).toHaveLength(32);
  });

  it('rotate encrypts plain files with the key that is set', async () => {
    const result = await run(rotateKeys, {}, { LLMPROXY_SECRET_KEY: OLD });
    expect(result).toEqual({
      code: 0,
      out: [`2 account files in ${auths} are encrypted with the new key now`],
      warned: [],
    });
    expect(new Set(keyIds()).size).toBe(1);
    expect(JSON.stringify(files())).not.toContain('team/b.json');
  });

  it('rotate goes from the old key to the new one, and decrypt back to plain files', async () => {
    await run(rotateKeys, {}, { LLMPROXY_SECRET_KEY_FILE: join(home, 'old') });
    const before = keyIds();
    writeFileSync(join(home, 'config.yaml'), 'auth-encryption: { key-file: ~/old }\n');
    expect(await run(rotateKeys, { newKeyFile: join(home, 'new') })).toMatchObject({ code: 0, warned: [] });
    expect(keyIds()).not.toContain(before[0]);
    expect(await run(decryptKeys, {}, { LLMPROXY_SECRET_KEY: NEW })).toEqual({
      code: 0,
      out: [`2 account files in ${auths} are decrypted now`],
      warned: [],
    });
    expect(files()).toEqual([{ id: 'a.json' }, { id: 'team/b.json' }]);
  });

  it('takes older keys of the environment as well', async () => {
    await run(rotateKeys, {}, { LLMPROXY_SECRET_KEY: OLD });
    const both = { LLMPROXY_SECRET_KEY: NEW, LLMPROXY_SECRET_KEY_PREVIOUS: OLD };
    expect(await run(rotateKeys, {}, both)).toMatchObject({ code: 0, warned: [] });
    expect((await run(decryptKeys, {}, { LLMPROXY_SECRET_KEY: NEW })).code).toBe(0);
  });

  it('ends with 1 and names every file that it cannot read', async () => {
    await run(rotateKeys, {}, { LLMPROXY_SECRET_KEY: OLD });
    const { code, warned } = await run(rotateKeys, {}, { LLMPROXY_SECRET_KEY: NEW });
    expect(code).toBe(1);
    expect(warned).toHaveLength(2);
    expect(warned[1]).toMatch(/^left as it is: cannot read team\/b\.json: it is encrypted with the key [0-9a-f]{8}, /);
  });

  it.each([
    [{}, {}, 'there is no key; `llmproxy keys new` makes one'],
    [{ newKeyFile: '/nowhere/key' }, {}, 'cannot read the key file /nowhere/key: no such file'],
    [{}, { LLMPROXY_SECRET_KEY: 'too short' }, 'neither 32 bytes in hex or base64 nor a passphrase'],
    [{ config: '/nowhere.yaml' }, {}, '/nowhere.yaml: no such file'],
  ])('%j %j ends with 2 and one line', async (flags, env, message) => {
    const { code, out, warned } = await run(rotateKeys, flags, env);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(warned).toEqual([expect.stringContaining(message)]);
    expect(readdirSync(auths).toSorted()).toEqual(['a.json', 'team']);
  });
});
