import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import { configApiKeyAccess, principalOf } from './config-api-key.ts';
import { createAccessManager } from './manager.ts';
import type { AccessOutcome, AccessProvider, AccessRequest } from './provider.ts';

const KEY = 'sk-llmproxy-fake-client-key';
const OTHER = 'sk-llmproxy-fake-other-key';

function request(headers: Record<string, string>, search = ''): AccessRequest {
  return { headers, query: (name) => new URLSearchParams(search).get(name) ?? undefined };
}

function provider(outcome: AccessOutcome | Promise<AccessOutcome>): AccessProvider {
  return { name: 'fake', authenticate: () => outcome };
}

function configured(): AccessProvider {
  const access = configApiKeyAccess([KEY, OTHER]);
  if (access === undefined) throw new Error('keys were given');
  return access;
}

describe('configApiKeyAccess', () => {
  it.each([
    ['authorization', request({ authorization: `Bearer ${KEY}` })],
    ['authorization', request({ authorization: `bEaReR   ${KEY} ` })],
    ['authorization', request({ authorization: KEY })],
    ['x-goog-api-key', request({ 'x-goog-api-key': KEY })],
    ['x-api-key', request({ 'x-api-key': KEY })],
    ['query-key', request({}, `key=${KEY}`)],
    ['query-auth-token', request({}, `auth_token=${KEY}`)],
  ])('finds the key in %s', (source, from) => {
    expect(configured().authenticate(from)).toEqual({ ok: true, principal: principalOf(KEY), source, metadata: {} });
  });

  it('takes the first source that matches, not the first that is present', () => {
    const from = request({ authorization: 'Bearer wrong', 'x-goog-api-key': OTHER, 'x-api-key': KEY });
    expect(configured().authenticate(from)).toMatchObject({ source: 'x-goog-api-key', principal: principalOf(OTHER) });
  });

  it('tells a wrong key from a missing one', () => {
    expect(configured().authenticate(request({ 'x-api-key': `${KEY}x` }))).toEqual({
      ok: false,
      code: 'invalid_credential',
    });
    expect(configured().authenticate(request({ 'x-api-key': KEY.slice(1) }))).toMatchObject({
      code: 'invalid_credential',
    });
    expect(configured().authenticate(request({}))).toEqual({ ok: false, code: 'no_credentials' });
    expect(configured().authenticate(request({ authorization: 'Bearer ' }))).toMatchObject({ code: 'no_credentials' });
  });

  it('names the caller without its key', () => {
    expect(principalOf(KEY)).toMatch(/^key:[0-9a-f]{8}$/);
    expect(principalOf(KEY)).not.toBe(principalOf(OTHER));
  });
});

describe('createAccessManager', () => {
  const invalid: AccessOutcome = { ok: false, code: 'invalid_credential' };
  const missing: AccessOutcome = { ok: false, code: 'no_credentials' };
  const pass: AccessOutcome = { ok: false, code: 'not_handled' };
  const granted: AccessOutcome = { ok: true, principal: 'p', source: 's', metadata: { tier: 'gold' } };

  it('lets everyone in without providers', () => {
    expect(configApiKeyAccess([])).toBeUndefined();
    expect(createAccessManager([]).authenticate(request({}))).toMatchObject({ ok: true, principal: undefined });
  });

  it.each([
    [[pass, granted], granted],
    [[invalid, granted], granted],
    [[Promise.resolve(missing), pass, Promise.resolve(granted)], granted],
  ])('asks on until a provider knows the caller (%#)', async (outcomes, expected) => {
    expect(await createAccessManager(outcomes.map(provider)).authenticate(request({}))).toEqual(expected);
  });

  it.each([
    ['invalid beats missing', [invalid, missing], 'unauthorized', 'one of api-keys in the configuration'],
    [
      'also the other way round and late',
      [Promise.resolve(missing), Promise.resolve(invalid)],
      'unauthorized',
      'invalid',
    ],
    ['nobody handled it', [pass, pass], 'unauthorized', 'missing API key'],
    [
      'an internal failure stops',
      [{ ok: false, code: 'internal' } as const, granted],
      'internal',
      'access check failed',
    ],
  ])('%s', async (_name, outcomes, code, message) => {
    const decision = await createAccessManager(outcomes.map(provider)).authenticate(request({}));
    expect(decision).toBeInstanceOf(ProxyError);
    expect(decision).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('treats a throwing provider as an internal failure', async () => {
    const broken: AccessProvider = {
      name: 'broken',
      authenticate() {
        throw new Error('boom');
      },
    };
    expect(await createAccessManager([broken]).authenticate(request({}))).toMatchObject({ code: 'internal' });
  });

  it('treats a rejecting provider as an internal failure', async () => {
    const broken: AccessProvider = { name: 'broken', authenticate: () => Promise.reject(new Error('boom')) };
    expect(await createAccessManager([broken]).authenticate(request({}))).toMatchObject({ code: 'internal' });
  });

  it('uses replaced providers', () => {
    const manager = createAccessManager([provider(missing)]);
    manager.replace([provider(granted)]);
    expect(manager.authenticate(request({}))).toEqual(granted);
  });
});
