import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse.ts';
import { type AccountDesk, openAccountDesk } from './account-desk.ts';

const HOUR_MS = 3_600_000;
let home: string;
let auths: string;
let desk: AccountDesk;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-desk-'));
  auths = join(home, '.llmproxy/auths');
  mkdirSync(auths, { recursive: true, mode: 0o700 });
  const soon = new Date(Date.now() + HOUR_MS).toISOString();
  put('claude-ann.json', { email: 'ann@example.test', expired: soon, plan: 'max', note: 'mine' });
  put('claude-bob.json', { email: 'bob@example.test', expired: '2020-01-01T00:00:00Z' });
  put('claude-other.json', { email: 'Bob@example.test', label: 'Work', expired: soon });
  put('off.json', { email: 'off@example.test', disabled: true, proxy_url: 'http://me:secret@proxy.test:1' });
  writeFileSync(join(auths, 'strange.json'), '{"type":"strange"}', { mode: 0o600 });
  desk = await openAccountDesk({ config: { ...parseConfig({}), file: undefined }, env: { HOME: home } });
});
afterEach(async () => {
  await desk.close();
  rmSync(home, { recursive: true });
});

function put(id: string, fields: object): void {
  const record = { type: 'claude', access_token: 'fake-token', refresh_token: 'fake-refresh', ...fields };
  writeFileSync(join(auths, id), JSON.stringify(record), { mode: 0o600 });
}

const stored = (id: string): unknown => JSON.parse(readFileSync(join(auths, id), 'utf8'));

describe('the desk', () => {
  it('lists what there is, and no secrets', async () => {
    const { accounts, problems } = await desk.list();
    expect(problems).toEqual([]);
    expect(accounts.map(({ id, label, state }) => [id, label, state])).toEqual([
      ['strange.json', 'strange.json', 'unusable'],
      ['claude-other.json', 'Work', 'ready'],
      ['claude-ann.json', 'ann@example.test', 'ready'],
      ['claude-bob.json', 'bob@example.test', 'expired'],
      ['off.json', 'off@example.test', 'disabled'],
    ]);
    expect(accounts[2]).toMatchObject({ file: join(auths, 'claude-ann.json'), plan: 'max', note: 'mine' });
    expect(accounts[4]?.proxyUrl).toBe('http://me:***@proxy.test:1/');
    expect(JSON.stringify(accounts)).not.toMatch(/fake-token|fake-refresh|secret/);
  });

  it.each([
    ['claude-ann.json', 'claude-ann.json'],
    ['claude-ann', 'claude-ann.json'],
    ['CLAUDE-ANN', 'claude-ann.json'],
    ['Ann@example.test', 'claude-ann.json'],
    ['claude/ann@example.test', 'claude-ann.json'],
    ['work', 'claude-other.json'],
  ])('finds "%s"', async (name, id) => expect((await desk.find(name)).id).toBe(id));

  it('names the files where several are meant, and says when none is', async () => {
    await desk.describe('claude-other.json', { label: 'bob@example.test' });
    await expect(desk.find('bob@example.test')).rejects.toThrow('name the file: claude-bob.json, claude-other.json');
    await expect(desk.find('x'.repeat(200))).rejects.toMatchObject({ code: 'not_found' });
    for (const ask of ['remove', 'refresh', 'quota', 'models', 'test'] as const)
      await expect(desk[ask]('no.json')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('switches off and on, and leaves the rest of the record alone', async () => {
    const before = stored('claude-ann.json');
    expect((await desk.setDisabled('claude-ann.json', true)).state).toBe('disabled');
    expect(stored('claude-ann.json')).toEqual({ ...Object(before), disabled: true });
    expect((await desk.setDisabled('claude-ann.json', false)).state).toBe('ready');
    expect(stored('claude-ann.json')).toEqual(before);
  });

  it('removes', async () => {
    await desk.remove('claude-ann.json');
    expect(existsSync(join(auths, 'claude-ann.json'))).toBe(false);
  });

  it('tests nothing that is switched off or of no use', async () => {
    expect(await desk.test('off.json')).toMatchObject({ isOk: false, message: 'it is disabled' });
    expect(await desk.test('strange.json')).toMatchObject({
      isOk: false,
      message: 'no provider of this version serves accounts of type strange',
    });
  });

  it('renews nothing that cannot be renewed', async () => {
    await expect(desk.refresh('off.json')).rejects.toThrow('it is disabled: llmproxy accounts enable switches it on');
    await expect(desk.refresh('strange.json')).rejects.toThrow('tokens of this account cannot be renewed');
  });

  it('knows models without asking where the provider has no list', async () => {
    const { ids, isLive } = await desk.models('claude-ann.json');
    expect(ids).toContain('claude-sonnet-5');
    expect(isLive).toBe(false);
    expect(await desk.models('strange.json')).toEqual({ ids: [], isLive: false });
  });
});

it('asks the vendor nothing about a plain key, or a token for another server', async () => {
  put('claude-key.json', { auth_kind: 'api_key', api_key: 'fake-key' });
  put('claude-elsewhere.json', { base_url: 'http://127.0.0.1:1' });
  expect(await desk.quota('claude-key.json')).toBeUndefined();
  expect(await desk.quota('claude-elsewhere.json')).toBeUndefined();
});

it('needs a place for accounts', async () => {
  const opened = openAccountDesk({ config: { ...parseConfig({}), file: undefined }, env: {} });
  await expect(opened).rejects.toMatchObject({ code: 'invalid_config' });
});
