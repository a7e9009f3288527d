import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ExplainFlags, explain } from '../../src/cli/commands/explain.ts';
import { createProxy, loadConfig } from '../../src/index.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

const KEY = 'fake-management-key';
let home: string;
let upstream: ScriptedUpstream;
let proxy: ProxyProcess;

function config(): string {
  const entry = (key: string, rest = ''): string =>
    `  - { api-key: sk-ant-${key}, base-url: "${upstream.origin}", models: [{ name: up-claude, alias: sonnet }]${rest} }`;
  return `
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
auth-dir: ${home}/auths
ask-about-accounts: false
state-store: { file: ${home}/state.sqlite }
remote-management: { secret-key: ${KEY} }
fallbacks: [{ model: sonnet, to: [up-chat] }]
claude-api-key:
${entry('fake-first-1111')}
${entry('fake-second-2222')}
${entry('fake-lower-3333', ', priority: -1')}
${entry('fake-excluded-4444', ', excluded-models: [up-*]')}
openai-compatibility:
  - { name: scripted, base-url: "${upstream.origin}/v1", api-key-entries: [{ api-key: sk-fake-chat-5555 }], models: [{ name: up-chat }] }
`;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-explain-'));
  mkdirSync(join(home, 'auths'), { mode: 0o700 });
  const account = { type: 'claude', access_token: 'fake-token-0000000', email: 'me@example.test', disabled: true };
  writeFileSync(join(home, 'auths/claude-me.json'), JSON.stringify(account), { mode: 0o600 });
  upstream = await startScriptedUpstream(() => ({ text: 'hello' }));
  proxy = await startProxyProcess(config(), [], { home });
});
afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
  rmSync(home, { recursive: true });
});

async function run(flags: Partial<ExplainFlags> & { model: string }) {
  const out: string[] = [];
  const warned: string[] = [];
  const code = await explain(
    { config: join(home, 'config.yaml'), ...flags },
    { env: { HOME: home }, directory: home, fetch, out: (line) => out.push(line), warn: (line) => warned.push(line) },
  );
  return { code, out: out.join('\n'), warned };
}

async function generate(session: string): Promise<void> {
  const response = await fetch(`${proxy.origin}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': CLIENT_KEY, 'content-type': 'application/json', 'x-session-id': session },
    body: JSON.stringify({ model: 'sonnet', max_tokens: 9, messages: [{ role: 'user', content: session }] }),
  });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
}

/** The label of the key that reached the upstream. */
function lastUsed(): string {
  const { 'x-api-key': key, authorization } = upstream.seen.at(-1)?.headers ?? {};
  return `sk-a...${String(key ?? authorization).slice(-4)}`;
}

async function overHttp(query: string, key = KEY): Promise<{ status: number; body: Record<string, never> }> {
  const url = `${proxy.origin}/v0/management/explain?${query}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

it('names the one that the next request goes to, however often it is asked', async () => {
  for (let round = 0; round < 4; round++) {
    const { out } = await run({ model: 'sonnet', url: proxy.origin, key: KEY });
    const named = /^now: (\S+) /m.exec(out)?.[1];
    expect((await run({ model: 'sonnet', url: proxy.origin, key: KEY })).out).toBe(out);
    await generate(`turn ${round}`);
    expect(named).toBe(lastUsed());
  }
});

it('tells the conversation, the order, who does not serve and what comes after', async () => {
  await generate('chat-1');
  const used = lastUsed();
  const other = used === 'sk-a...1111' ? 'sk-a...2222' : 'sk-a...1111';
  const { code, out, warned } = await run({ model: 'sonnet(high)', session: 'chat-1', url: proxy.origin, key: KEY });
  expect({ code, warned }).toEqual({ code: 0, warned: [] });
  const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
  expect(lines).toEqual([
    'sonnet(high): an alias of up-claude',
    'strategy: round-robin',
    expect.stringMatching(new RegExp(`^session chat-1: bound to ${used.replaceAll('.', '\\.')} since 20`)),
    `now: ${used} (Anthropic Claude): the conversation is bound to it`,
    '',
    ' | CREDENTIAL | PROVIDER | MODEL | TIER | BUSY | WHY',
    `1 | ${used} | Anthropic Claude | up-claude | 1 | 0 | the conversation is bound to it`,
    `2 | ${other} | Anthropic Claude | up-claude | 1 | 0 | the conversation is bound to ${used}`,
    '3 | sk-a...3333 | Anthropic Claude | up-claude | 2 | 0 | comes after tier 1',
    '- | sk-a...4444 | Anthropic Claude | its excluded models name this one',
    '- | me@example.test | Anthropic Claude | it is disabled in its file',
    '',
    'if all fail: up-chat (sk-f...5555, scripted)',
    'then: 3 further rounds, each after a wait of at most 30 s',
    'limits: at most 32 attempts',
  ]);
});

it('answers over HTTP to whoever has the key, and never with a secret', async () => {
  const { status, body } = await overHttp('model=sonnet&tools=true&tokens=10');
  expect(status).toBe(200);
  expect(body).toMatchObject({ model: 'sonnet', from: 'server', name: { by: 'alias' }, strategy: 'round-robin' });
  expect(body['candidates']).toHaveLength(3);
  expect(JSON.stringify(body)).not.toMatch(/sk-ant-fake|fake-token/);
  expect(await overHttp('model=sonet')).toEqual({
    status: 404,
    body: { error: 'model "sonet" is not available; similar: sonnet' },
  });
  expect((await overHttp('')).status).toBe(400);
  expect((await overHttp('model=sonnet', 'wrong')).status).toBe(401);
});

it('without a gateway it is told from what is stored, and without one that has ever run', async () => {
  await generate('chat-2');
  await proxy.close();
  const gone = await run({ model: 'sonnet', session: 'chat-2', url: proxy.origin, key: KEY, json: true });
  expect(gone.warned).toEqual([
    expect.stringMatching(/^no gateway answers at http:.*: explained from the configuration/),
  ]);
  const told = JSON.parse(gone.out);
  expect(told).toMatchObject({ from: 'stored', chosen: { reasons: [{ code: 'bound' }] } });
  const keyless = await run({ model: 'sonnet' });
  expect(keyless.warned[0]).toMatch(/^no management key/);
  expect(await run({ model: 'sonet' })).toMatchObject({
    code: 1,
    warned: [expect.anything(), 'llmproxy: model "sonet" is not available; similar: sonnet'],
  });
});

it('the SDK tells the same, and leaves everything as it is', async () => {
  const env = { HOME: home };
  const gateway = await createProxy({
    config: await loadConfig({ file: join(home, 'config.yaml'), env, directory: home }),
    env,
  });
  const first = gateway.explain({ model: 'sonnet' });
  expect(gateway.explain({ model: 'sonnet' })).toEqual(first);
  expect(first.chosen?.reasons).toEqual([{ code: 'turn', message: 'its turn' }]);
  expect(() => gateway.explain({ model: 'nothing-like-it' })).toThrow('is not available');
  await gateway.close();
});
