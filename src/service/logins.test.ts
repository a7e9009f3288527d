import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryRecords } from '../../test/support/memory-records.ts';
import type { AccountImport, BrowserLogin, LoginIo, LoginMethod, NewAccount } from '../auth/login.ts';
import { defineProvider, type Manifest } from '../providers/provider.ts';
import { createLogins, type Logins, type StartedLogin } from './logins.ts';

let folder: string;
let records: MemoryRecords;
let ios: LoginIo[];
const proxies: (string | undefined)[] = [];
const saved: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-logins-'));
  records = new MemoryRecords();
  ios = [];
  proxies.length = 0;
  saved.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const signal = new AbortController().signal;
const accountOf = (name: string): NewAccount => ({
  recordId: `some-${name}.json`,
  fields: { type: 'some', email: name },
  label: name,
  notes: [`hello ${name}`],
});

const browser: BrowserLogin = {
  type: 'browser',
  id: 'browser',
  label: 'with the browser',
  callback: { host: 'localhost', port: 1455, path: '/cb' },
  begin(io, redirectUri, state) {
    ios.push(io);
    const url = `https://some.test/go?to=${redirectUri}&state=${state}`;
    return Promise.resolve({ url, finish: (code) => Promise.resolve(accountOf(code)) });
  },
};
const device: LoginMethod = {
  type: 'device',
  id: 'device',
  label: 'with a code',
  async begin(io) {
    io.progress('asked for a code');
    const project = await io.choose?.('Which project?', [{ value: 'p', label: 'P' }]);
    const finish = () => Promise.resolve(accountOf(`${io.options['name']}-${project}`));
    return { verificationUrl: 'https://some.test/d', userCode: 'AB', expiresAtMs: io.now() + 1, finish };
  },
};
const token: LoginMethod = {
  type: 'secret',
  id: 'token',
  label: 'with a token',
  prompt: 'the token',
  finish: (_, text) => Promise.resolve(accountOf(text)),
};
const program: AccountImport = {
  id: 'some-cli',
  label: 'Some CLI',
  files: ({ home }) => [join(home, 'auth.json'), join(home, 'auth-*.json')],
  read: (files) => Promise.resolve(files.map(({ text }) => accountOf(text))),
};

function manifest(id: string, account?: Partial<NonNullable<Manifest['account']>>): Manifest {
  return defineProvider({
    id,
    label: id,
    kind: 'direct',
    auth: [],
    baseUrl: 'https://some.test',
    endpoints: [{ dialect: 'openai-chat', path: '/chat' }],
    models: [],
    ...(account && { account: { types: [id], refreshLeadMs: 0, ...account } }),
  });
}

function open(): Logins {
  return createLogins({
    records,
    manifests: [
      manifest('keys-only'),
      manifest('elsewhere', {}),
      manifest('some', { logins: [browser, device, token], imports: [program] }),
      manifest('importing', { imports: [{ ...program, id: 'other-cli', files: () => [] }] }),
    ],
    clock: { now: () => 1000 },
    fetchFor(proxyUrl) {
      proxies.push(proxyUrl);
      return fetch;
    },
    clientOf: (provider) => ({ id: `app of ${provider}` }),
    saved: ({ recordId }) => void saved.push(recordId),
  });
}

function as<T extends StartedLogin['type']>(started: StartedLogin, type: T): StartedLogin & { type: T } {
  if (started.type !== type) throw new Error(`it is ${started.type}`);
  // cast: the check above; the compiler does not narrow by a type parameter.
  return started as StartedLogin & { type: T };
}

test('who can be logged in to, and how', () => {
  const logins = open();
  expect(logins.providers.map(({ id }) => id)).toEqual(['some', 'importing']);
  expect(logins.method('some')).toBe(browser);
  expect(logins.method('some', 'token')).toBe(token);
  expect(() => logins.method('some', 'fax')).toThrow('some has no such login; there are: browser, device, token');
  expect(() => logins.method('importing')).toThrow('there are: none');
  expect(() => logins.method('keys-only')).toThrow(expect.objectContaining({ code: 'not_found' }));
});

describe('with the browser', () => {
  test('a code becomes an account', async () => {
    const started = as(await open().begin('some', undefined, { signal }), 'browser');
    expect(started.state).toMatch(/^[\w-]{43}$/);
    expect(started.url).toBe(`https://some.test/go?to=http://localhost:1455/cb&state=${started.state}`);
    expect(started).toMatchObject({ redirectUri: 'http://localhost:1455/cb', callback: browser.callback });
    expect(ios[0]).toMatchObject({ client: { id: 'app of some' }, options: {}, signal });
    expect(ios[0]?.now()).toBe(1000);
    expect(ios[0]).not.toHaveProperty('choose');
    expect(await started.finish({ code: 'ada', state: started.state })).toMatchObject({
      recordId: 'some-ada.json',
      provider: 'some',
      label: 'ada',
      notes: ['hello ada'],
      isNew: true,
    });
    expect(records.get('some-ada.json')).toEqual({ type: 'some', email: 'ada' });
    expect(saved).toEqual(['some-ada.json']);
    await expect(started.finish({ code: 'eve', state: started.state })).rejects.toMatchObject({ status: 409 });
    expect(saved).toHaveLength(1);
  });

  test('the state of a session is sent along; a code typed without one is taken', async () => {
    const started = as(await open().begin('some', 'browser', { signal, state: 'own-state', port: 9 }), 'browser');
    expect(started.state).toBe('own-state');
    expect(started.redirectUri).toBe('http://localhost:1455/cb');
    expect(await started.finish({ code: 'ada' })).toMatchObject({ label: 'ada' });
  });

  test.each([
    [{ code: 'ada', state: 'another' }, 'invalid_request'],
    [{ state: 'own-state' }, 'invalid_request'],
    [{ error: 'access_denied', state: 'own-state' }, 'upstream_forbidden'],
  ])('%j is refused, and the right one may still come', async (answer, code) => {
    const started = as(await open().begin('some', 'browser', { signal, state: 'own-state' }), 'browser');
    await expect(started.finish(answer)).rejects.toMatchObject({ code });
    expect(await started.finish({ code: 'ada', state: 'own-state' })).toMatchObject({ label: 'ada' });
  });
});

test('with a code: what the person said and chooses gets there', async () => {
  const told: string[] = [];
  const run = {
    signal,
    options: { name: 'ada' },
    progress: (line: string) => void told.push(line),
    choose: () => Promise.resolve('p'),
  };
  const started = as(await open().begin('some', 'device', run), 'device');
  expect(started).toMatchObject({ verificationUrl: 'https://some.test/d', userCode: 'AB', expiresAtMs: 1001 });
  expect(await started.finish()).toMatchObject({ recordId: 'some-ada-p.json' });
  expect(told).toEqual(['asked for a code']);
});

test('with what the person brings', async () => {
  const started = as(await open().begin('some', 'token', { signal }), 'secret');
  expect(started.prompt).toBe('the token');
  expect(await started.finish('ada')).toMatchObject({ recordId: 'some-ada.json' });
});

test('the account’s own proxy is the login’s as well', async () => {
  const logins = open();
  const proxyUrl = 'socks5://proxy.test:1080';
  const started = as(await logins.begin('some', 'token', { signal, proxyUrl }), 'secret');
  await started.finish('ada');
  expect(proxies).toEqual([proxyUrl]);
  expect(records.get('some-ada.json')).toMatchObject({ proxy_url: proxyUrl });
  await logins.begin('some', 'token', { signal, proxyUrl: 'direct' });
  await logins.begin('some', 'token', { signal });
  expect(proxies).toEqual([proxyUrl, 'direct', undefined]);
  for (const wrong of ['proxy.test:80', 'ftp://proxy.test', 'http://', ''])
    await expect(logins.begin('some', 'token', { signal, proxyUrl: wrong })).rejects.toMatchObject({
      code: 'invalid_request',
    });
});

describe('logins of other programs', () => {
  const places = () => ({ home: folder, env: {}, platform: 'linux' as const });

  test('are found where they are, and taken over', async () => {
    const logins = open();
    expect(await logins.findImports(places())).toEqual([]);
    writeFileSync(join(folder, 'auth-2.json'), 'ada');
    writeFileSync(join(folder, 'auth.json'), 'bob');
    const [found, ...others] = await logins.findImports(places(), 'some');
    expect(others).toEqual([]);
    const paths = [join(folder, 'auth.json'), join(folder, 'auth-2.json')];
    expect(found).toEqual({ provider: 'some', importId: 'some-cli', label: 'Some CLI', paths });
    const accounts = found === undefined ? [] : await logins.takeOver(found, { signal });
    expect(accounts.map(({ recordId }) => recordId)).toEqual(['some-bob.json', 'some-ada.json']);
    expect(saved).toEqual(['some-bob.json', 'some-ada.json']);
    expect(await logins.findImports(places(), 'importing')).toEqual([]);
  });

  test('nothing is taken over from who is not known', async () => {
    const found = { provider: 'some', importId: 'fax', label: '', paths: [] };
    await expect(open().takeOver(found, { signal })).rejects.toMatchObject({ code: 'not_found' });
    await expect(open().findImports(places(), 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});
