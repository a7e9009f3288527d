import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/accounts');
const CLAUDE = 'claude-ada@example.test.json';
/** Nobody tries to renew what is not about to end. */
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
let base: string;
let auths: string;
let upstream: ScriptedUpstream;
let proxy: ProxyProcess | undefined;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'llmproxy-accounts-'));
  auths = join(base, 'auths');
  mkdirSync(auths, { mode: 0o700 });
  upstream = await startScriptedUpstream(() => ({ text: 'hello' }));
  put(CLAUDE, { ...fixture(CLAUDE), base_url: upstream.origin, expired: TOMORROW });
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await upstream.close();
  rmSync(base, { recursive: true });
});

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
}

function put(id: string, fields: unknown): void {
  writeFileSync(join(auths, id), typeof fields === 'string' ? fields : JSON.stringify(fields), { mode: 0o600 });
}

async function start(env: Record<string, string> = {}): Promise<ProxyProcess> {
  proxy = await startProxyProcess(
    `port: 0\napi-keys: [${CLIENT_KEY}]\nauth-dir: ${auths}\nask-about-accounts: false\n`,
    [],
    { env },
  );
  return proxy;
}

async function ask(model = 'claude-sonnet-4-5'): Promise<number> {
  const { status } = await fetch(`${proxy?.origin}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': CLIENT_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
  });
  return status;
}

const tokens = (): unknown[] => upstream.seen.map(({ headers }) => headers['authorization']);

describe('a directory of accounts of CLIProxyAPI', () => {
  it('serves as it is, and what is wrong in it is told and hurts nobody else', { timeout: 120_000 }, async () => {
    for (const name of readdirSync(fixtures)) if (name !== CLAUDE) put(name, { ...fixture(name), expired: TOMORROW });
    put('half.json', '{"type":"claude","access_tok');
    utimesSync(join(auths, 'half.json'), 1, 1);
    put('spare.json', { type: 'claude', access_token: 'FAKE-spare', disabled: true });
    put('other.json', { type: 'nobody-knows', access_token: 'FAKE-other' });
    for (const name of readdirSync(auths)) chmodSync(join(auths, name), 0o644);
    const { output } = await start();
    expect(await ask()).toBe(200);
    expect(tokens()).toEqual(['Bearer sk-ant-oat-FAKE-claude-access']);
    expect(output()).toMatch(/half\.json\.corrupt-\d{8}T\d{6}Z/);
    expect(output()).toContain('others could read');
    expect(output()).toContain(
      'other.json is not used: no provider of this version serves accounts of type nobody-knows',
    );
    expect(output()).not.toContain('FAKE');
    expect(readdirSync(auths).filter((name) => name.startsWith('half'))).toHaveLength(1);
    expect(statSync(join(auths, CLAUDE)).mode & 0o777).toBe(0o600);
  });

  it('is encrypted in place when there is a key, read back with it, and reported without it', {
    timeout: 120_000,
  }, async () => {
    const env = { LLMPROXY_SECRET_KEY: '44'.repeat(32) };
    await start(env);
    expect(await ask()).toBe(200);
    await vi.waitFor(() => expect(readFileSync(join(auths, CLAUDE), 'utf8')).toContain('llmproxy_encrypted'));
    expect(await ask()).toBe(200);
    await proxy?.close();
    await start(env);
    expect(await ask()).toBe(200);
    await proxy?.close();
    const sealed = readFileSync(join(auths, CLAUDE), 'utf8');
    const { output } = await start();
    expect(await ask()).toBe(404);
    expect(output()).toContain('LLMPROXY_SECRET_KEY');
    expect(readFileSync(join(auths, CLAUDE), 'utf8')).toBe(sealed);
  });

  it('that is damaged, or that others can read, is seen to while the gateway runs', { timeout: 120_000 }, async () => {
    const { output } = await start();
    put('half.json', '{"type":"cla');
    put('loose.json', { ...fixture(CLAUDE), expired: TOMORROW });
    chmodSync(join(auths, 'loose.json'), 0o644);
    const names = (): string => readdirSync(auths).join(' ');
    const patience = { timeout: 30_000, interval: 100 };
    await vi.waitFor(() => expect(names()).toMatch(/half\.json\.corrupt-/), patience);
    await vi.waitFor(() => expect(output()).toContain('it is set aside as'), patience);
    await vi.waitFor(() => expect(statSync(join(auths, 'loose.json')).mode & 0o777).toBe(0o600), patience);
  });

  it('is only mentioned when the configuration does not name it', { timeout: 120_000 }, async () => {
    const home = join(base, 'home');
    mkdirSync(home);
    cpSync(auths, join(home, '.cli-proxy-api'), { recursive: true });
    proxy = await startProxyProcess('port: 0\n', [], { env: { HOME: home } });
    await vi.waitFor(() => expect(proxy?.output()).toContain('set auth-dir: ~/.cli-proxy-api'));
    expect(await ask()).not.toBe(200);
    expect(existsSync(join(home, '.llmproxy/auths'))).toBe(false);
  });
});
