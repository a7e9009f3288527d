/** No secret appears in a log line or an error, whatever the upstream repeats. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, pairs, pathOf } from '../faults/dialect-client.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess, upstreamModels } from '../support/proxy-process.ts';
import { type EchoingUpstream, places, startEchoingUpstream } from './echoing-upstream.ts';

// Shapes that no pattern of a redactor knows: only having registered them helps.
const UPSTREAM_KEY = 'fake+upstream/key=0123';
const TENANT = 'fake tenant token 4567';
const PROXY_PASSWORD = 'fake-proxy-password-89';
const secrets = [UPSTREAM_KEY, TENANT, PROXY_PASSWORD, CLIENT_KEY].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
]);

let upstream: EchoingUpstream;
let proxy: ProxyProcess;

beforeAll(async () => {
  upstream = await startEchoingUpstream();
  const entry = (path: string, model: string): string =>
    `  - { api-key: "${UPSTREAM_KEY}", base-url: "${upstream.origin}${path}", headers: { X-Tenant-Token: "${TENANT}" }, models: [{ name: ${model} }] }`;
  proxy = await startProxyProcess(
    `
host: 127.0.0.1
port: 0
request-retry: 0
disable-cooling: true
passthrough-headers: true
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - name: echoing
    base-url: ${upstream.origin}/v1
    headers: { X-Tenant-Token: "${TENANT}" }
    api-key-entries: [{ api-key: "${UPSTREAM_KEY}" }]
    models: [{ name: up-chat }]
  - name: behind-a-proxy
    base-url: ${upstream.origin}/v1
    api-key-entries: [{ api-key: "${UPSTREAM_KEY}", proxy-url: "http://someone:${PROXY_PASSWORD}@127.0.0.1:1" }]
    models: [{ name: proxied }]
codex-api-key:
${entry('/v1', 'up-responses')}
claude-api-key:
${entry('', 'up-claude')}
gemini-api-key:
${entry('', 'up-gemini')}
`,
    ['--log-level', 'trace'],
  );
});
afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

function leaks(text: string): string[] {
  return secrets.filter((secret) => text.includes(secret));
}

async function everything(reply: Response): Promise<string> {
  const body = await reply.text().catch(() => '(cut)');
  return `${JSON.stringify([...reply.headers])}\n${body}`;
}

test.for(pairs)('%s client, %s upstream', async ([client, dialect]) => {
  for (const place of places) {
    for (const stream of [false, true]) {
      const asked = upstream.requests();
      const reply = await ask(proxy.origin, client, upstreamModels[dialect], { stream, text: `place:${place}` });
      const text = await everything(reply);
      // The upstream did see the request, so there was something to leak.
      expect(upstream.requests()).toBe(asked + 1);
      expect([place, stream, leaks(text), text]).toEqual([place, stream, [], text]);
    }
  }
});

test('a proxy that cannot be reached', async () => {
  const reply = await ask(proxy.origin, 'openai-chat', 'proxied');
  expect(reply.status).toBe(502);
  expect(leaks(await everything(reply))).toEqual([]);
});

test('keys of clients, right and wrong, in every place where clients put them', async () => {
  const wrong = 'fake+wrong/client=key';
  for (const key of [CLIENT_KEY, wrong]) {
    const query = encodeURIComponent(key);
    const replies = [
      await fetch(`${proxy.origin}/v1/models?key=${query}`),
      await fetch(`${proxy.origin}/v1/nothing?key=${query}`, { headers: { 'x-api-key': key } }),
      await fetch(`${proxy.origin}${pathOf('gemini', 'nothing', false)}?key=${query}`, {
        method: 'POST',
        body: '{"a":',
      }),
      await fetch(`${proxy.origin}/v1/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: key,
      }),
    ];
    for (const reply of replies) {
      const text = await everything(reply);
      expect(text).not.toContain(key);
      expect(text).not.toContain(query);
    }
    expect(proxy.output()).not.toContain(wrong);
    expect(proxy.output()).not.toContain(encodeURIComponent(wrong));
  }
});

test('the log was written, and holds none of them', async () => {
  await proxy.close();
  const log = proxy.output();
  expect(log.split('\n').filter((line) => line.startsWith('{')).length).toBeGreaterThan(pairs.length * places.length);
  expect(leaks(log)).toEqual([]);
});
