import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bearerKey, defineProvider, type Manifest } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import { type AccountReading, accountCredential, accountId, readingWarnings } from './account-record.ts';
import type { Credential } from './credential.ts';

const folder = resolve(import.meta.dirname, '../../test/fixtures/accounts');

function provider(id: string, account: Partial<Manifest['account']> & { types?: string[] } = {}): Manifest {
  return defineProvider({
    id,
    label: id,
    kind: 'direct',
    auth: [bearerKey('FAKE_KEY')],
    baseUrl: `https://api.${id}.test`,
    endpoints: [{ dialect: 'openai-chat', path: '/v1/chat/completions' }],
    models: [],
    account: { types: [id], refreshLeadMs: 0, refresh: (fields) => Promise.resolve(fields), ...account },
  });
}

const types = ['claude', 'codex', 'antigravity', 'kimi', 'xai', 'vertex', 'gemini'];
const manifests = types.map((id) => provider(id));
const { account: _, ...keysOnly } = provider('mistral');

function record(fields: Record<string, unknown>, id = 'team/someone.json'): CredentialRecord {
  return { id, fields, revision: 'r', modifiedAtMs: 0 };
}

function read(fields: Record<string, unknown>, others: readonly Manifest[] = manifests): AccountReading {
  return accountCredential(record(fields), others);
}

function ready(fields: Record<string, unknown>, others?: readonly Manifest[]): Credential {
  const reading = read({ type: 'claude', access_token: 'fake-access', ...fields }, others);
  if (reading.state !== 'ready') throw new Error(JSON.stringify(reading));
  return reading.credentials[0];
}

function fixture(type: string): CredentialRecord {
  const id = readdirSync(folder).find((name) => name.startsWith(`${type}-`)) ?? '';
  return record(JSON.parse(readFileSync(join(folder, id), 'utf8')), id);
}

describe('records of the reference', () => {
  it.each([
    ['claude', 'sk-ant-oat-FAKE-claude-access', 'ada@example.test', '2026-01-02T11:04:05Z'],
    ['codex', 'FAKE-codex-access', 'ada@example.test', '2026-01-12T03:04:05Z'],
    ['antigravity', 'ya29.FAKE-antigravity-access', 'ada@example.test', '2026-01-02T04:04:04Z'],
    ['kimi', 'FAKE-kimi-access', 'kimi-1767323045000', '2026-01-02T03:19:05Z'],
    ['xai', 'FAKE-xai-access', 'ada@example.test', '2026-01-02T09:04:05Z'],
    ['gemini', 'ya29.FAKE-gemini-access', 'ada@example.test', '2026-01-02T03:04:05.123Z'],
  ])('of %s become accounts', (type, secret, label, expires) => {
    const { id, fields } = fixture(type);
    const reading = accountCredential({ id, fields, revision: 'r', modifiedAtMs: 0 }, manifests);
    expect(reading).toEqual({
      state: 'ready',
      recordId: id,
      credentialId: accountId(type, id),
      provider: type,
      label,
      note: undefined,
      warnings: [],
      credentials: [
        {
          id: accountId(type, id),
          provider: type,
          kind: 'account',
          secret,
          label,
          source: `file:${id}`,
          recordId: id,
          headers: {},
          priority: 0,
          weight: 1,
          excludedModels: [],
          expiresAtMs: Date.parse(expires),
          ...(type === 'xai' ? { baseUrl: 'https://api.x.ai' } : {}),
        },
      ],
    });
  });

  it('without a token yet wait for one, if the provider can give it', () => {
    const reading = accountCredential(fixture('vertex'), manifests);
    expect(reading).toMatchObject({ state: 'no-token', label: 'robot@fake-project-2.example.test', warnings: [] });
    const { refresh: __, ...rules } = provider('vertex').account ?? { types: [], refreshLeadMs: 0 };
    expect(accountCredential(fixture('vertex'), [{ ...provider('vertex'), account: rules }])).toMatchObject({
      state: 'unusable',
      message: 'it has neither access_token nor api_key',
    });
  });
});

describe('the provider of a record', () => {
  it('is found by its type, whatever its case', () => {
    const other = provider('google', { types: ['gemini', 'gemini-cli'] });
    expect(ready({ type: 'Gemini-CLI' }, [other]).provider).toBe('google');
  });

  it.each([
    [{ type: 'strange' }, 'no provider of this version serves accounts of type strange'],
    [{ type: 'a b\nsecret' }, 'no provider of this version serves accounts of type (unreadable)'],
    [{}, 'it has no type: it is no account, or of an unknown program'],
    [{ type: 'mistral', access_token: 'fake' }, 'no provider of this version serves accounts of type mistral'],
    [{ type: 'claude', access_token: 'fake\ntoken' }, 'its token has characters that no token has'],
    [{ type: 'claude', access_token: 'fake', proxy_url: 'ftp://proxy' }, 'its proxy_url is no http, https, socks5'],
    [{ type: 'claude', access_token: 'fake', proxy_url: { a: 1 } }, 'its proxy_url is no http, https, socks5'],
  ])('%j is unusable', (fields, message) => {
    expect(read(fields, [...manifests, keysOnly])).toEqual({
      state: 'unusable',
      recordId: 'team/someone.json',
      message: expect.stringContaining(message),
    });
  });
});

it('what the operator should know of a record names it', () => {
  expect(readingWarnings(read({ type: 'strange' }))).toEqual([
    'the account team/someone.json is not used: no provider of this version serves accounts of type strange',
  ]);
  expect(readingWarnings(read({ type: 'claude', access_token: 'fake', priority: '5', disabled: true }))).toEqual([
    'the account team/someone.json: priority is text and read as a number',
  ]);
});

describe('a credential of a record', () => {
  it('keeps its id when the token changes, and has another in another file or of another provider', () => {
    expect(ready({ access_token: 'new' }).id).toBe(ready({ access_token: 'old', email: 'a@b.test' }).id);
    expect(ready({}).id).toMatch(/^claude:[0-9a-f]{12}$/);
    expect(accountId('claude', 'a.json')).not.toBe(accountId('claude', 'b.json'));
    expect(accountId('claude', 'a.json').slice(7)).toBe(accountId('codex', 'a.json').slice(6));
  });

  it('is of a plain key when the record says so or has nothing else', () => {
    const key = { kind: 'api-key', secret: 'sk-fake-key-0123456789', label: 'sk-f...6789' };
    const plain = { type: 'mistral', api_key: 'sk-fake-key-0123456789', expired: '2026-01-02T03:04:05Z' };
    expect(ready({ ...plain, access_token: undefined }, [keysOnly])).toMatchObject({ ...key, provider: 'mistral' });
    expect(ready({ ...plain, access_token: undefined }, [keysOnly])).not.toHaveProperty('expiresAtMs');
    expect(ready({ api_key: 'sk-fake-key-0123456789', auth_kind: 'apikey' })).toMatchObject(key);
    expect(ready({ access_token: 'sk-fake-key-0123456789', auth_kind: 'api_key' })).toMatchObject(key);
    expect(ready({ api_key: 'sk-fake' })).toMatchObject({ kind: 'account', secret: 'fake-access' });
  });

  it('goes where the record says, else where the provider serves accounts', () => {
    const elsewhere = [provider('claude', { baseUrl: 'https://accounts.test' })];
    expect(ready({})).not.toHaveProperty('baseUrl');
    expect(ready({}, elsewhere).baseUrl).toBe('https://accounts.test');
    expect(ready({ base_url: 'https://mine.test/v1/' }, elsewhere).baseUrl).toBe('https://mine.test');
    expect(ready({ base_url: 'https://api.claude.test' }, elsewhere).baseUrl).toBe('https://api.claude.test');
    expect(ready({ base_url: 'https://api.claude.test/v1' })).not.toHaveProperty('baseUrl');
    expect(ready({ base_url: 'nowhere' }, elsewhere).baseUrl).toBe('https://accounts.test');
    expect(ready({ api_key: 'sk-fake', auth_kind: 'apikey' }, elsewhere)).not.toHaveProperty('baseUrl');
  });

  it('knows its plan', () => {
    expect(ready({ plan_type: 'plus' }).plan).toBe('plus');
    expect(ready({ plan: 'max' }).plan).toBe('max');
  });

  it('does not exist while the record is disabled, which is listed all the same', () => {
    const fields = { type: 'claude', access_token: 'fake', email: 'a@b.test', note: 'spare' };
    expect(read({ ...fields, disabled: true })).toMatchObject({ state: 'disabled', label: 'a@b.test', note: 'spare' });
    expect(read({ ...fields, disabled: 'true' })).toMatchObject({
      state: 'disabled',
      warnings: ['disabled is text and read as true'],
    });
    expect(read({ ...fields, disabled: false })).toMatchObject({ state: 'ready' });
    expect(read({ ...fields, disabled: true, proxy_url: 'ftp://x' })).toMatchObject({ state: 'disabled' });
  });
});
