/** What a cooling pool tells its clients, how it comes back, and which failures lead elsewhere. */
import { afterEach, describe, expect, test } from 'vitest';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedFault,
  type ScriptedUpstream,
  startScriptedUpstream,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { ask, dialects, readError } from './dialect-client.ts';
import { type Gateway, keyOf, listen, startGateway } from './gateway.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...given: Parameters<typeof startGateway>): Promise<Gateway> {
  const gateway = await startGateway(...given);
  closing.push(gateway.close);
  return gateway;
}

const limited: ScriptedFault = {
  fault: 'status',
  status: 429,
  headers: { 'retry-after': '40' },
  body: JSON.stringify({ error: { message: 'slow down' } }),
};

describe.for(dialects)('%s client', (client) => {
  const model = upstreamModels[client];

  test('all cooling: which model, until when, and since which error; the list of models keeps it', async () => {
    const gateway = await start(() => limited);
    await ask(gateway.origin, client, model);
    const reply = await ask(gateway.origin, client, model, { text: 'another' });
    const body: Wire = await reply.json();
    expect(reply.status).toBe(429);
    const seconds = Number(reply.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(35);
    const { message, shape } = readError(client, body);
    expect([shape, message]).toEqual([
      true,
      expect.stringMatching(/^all credentials.*2 of .+ since upstream_rate_limited, 429/),
    ]);
    const { error } = body;
    const info = error.details?.find?.((detail: { reason?: string }) => detail.reason === 'MODEL_COOLDOWN');
    const told = client === 'gemini' ? info.metadata : client === 'anthropic-messages' ? error.details : error;
    expect(told).toMatchObject({ model, reset_time: expect.any(String) });
    expect(Number(told.reset_seconds)).toBe(seconds);
    expect(Math.abs(Date.parse(told.reset_time) - Date.now() - seconds * 1000)).toBeLessThan(5000);
    expect(gateway.upstream.seen).toHaveLength(2);

    const list = await fetch(`${gateway.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    expect(JSON.stringify(await list.json())).toContain(`"${model}"`);
  });

  test.for<[string, ScriptedFault, boolean]>([
    ['200 and then an error event', { fault: 'error-event', after: 0, answer: { text: 'x' }, message: 'broken' }, true],
    ['silence before the first byte', { fault: 'hang' }, false],
    ['silence before the first byte of a stream', { fault: 'hang' }, true],
  ])('%s: the other account answers, and the silent one is left alone', async ([, fault, stream]) => {
    const config = 'request-retry: 0\nupstream-timeouts: { connect: 1, first-byte: 1, idle: 5 }';
    let bad: string | undefined;
    const gateway = await start(
      (seen) => {
        bad ??= keyOf(seen);
        return keyOf(seen) === bad ? fault : { text: 'ok.' };
      },
      { config },
    );
    for (let round = 0; round < 3; round++) {
      const reply = await ask(gateway.origin, client, model, { stream, text: `round ${round}` });
      expect([reply.status, (await reply.text()).includes('ok.')]).toEqual([200, true]);
    }
    const [first, ...others] = gateway.keys();
    expect(others).toHaveLength(3);
    expect(others).not.toContain(first);
  });

  test('a name that does not resolve: the account of another host answers', async () => {
    const upstream: ScriptedUpstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
    closing.push(upstream.close);
    const gateway = await listen(`
host: 127.0.0.1
port: 0
log-level: silent
api-keys: ["${CLIENT_KEY}"]
claude-api-key:
  - { api-key: sk-fake-one, base-url: "http://no-such-host.invalid", priority: 1, models: [{ name: shared }] }
  - { api-key: sk-fake-two, base-url: "${upstream.origin}", models: [{ name: shared }] }
`);
    closing.push(gateway.close);
    for (const text of ['one', 'two']) expect((await ask(gateway.origin, client, 'shared', { text })).status).toBe(200);
    expect(upstream.seen).toHaveLength(2);
  });
});

test('after its pause an account gets one request; while that hangs, the others go elsewhere', async () => {
  let bad: string | undefined;
  const gateway = await start((seen, index) => {
    bad ??= keyOf(seen);
    if (keyOf(seen) !== bad) return { text: 'ok.' };
    return index === 0
      ? { ...limited, headers: { 'retry-after': '1' } }
      : { fault: 'late-answer', answer: { text: 'late.' }, afterMs: 600 };
  });
  const model = upstreamModels['openai-chat'];
  await ask(gateway.origin, 'openai-chat', model, { text: 'first' });
  await new Promise((done) => setTimeout(done, 1050));
  const texts = Array.from({ length: 8 }, (_, index) => `conversation ${index}`);
  const replies = await Promise.all(texts.map((text) => ask(gateway.origin, 'openai-chat', model, { text })));
  expect(replies.map(({ status }) => status)).toEqual(texts.map(() => 200));
  expect(
    gateway
      .keys()
      .slice(2)
      .filter((key) => key === bad),
  ).toHaveLength(1);
  await Promise.all(replies.map((reply) => reply.text()));
  for (let index = 0; index < 6; index++) await ask(gateway.origin, 'openai-chat', model, { text: `later ${index}` });
  expect(gateway.keys().slice(-6)).toContain(bad);
});

test('an account whose plan an answer calls used up is not asked again, though nobody refused anything', async () => {
  const body = {
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: 'last.' }, finish_reason: 'stop' }],
  };
  let spent: string | undefined;
  const headers = {
    'x-codex-primary-used-percent': '100',
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-after-seconds': '3600',
  };
  const gateway = await start((seen) => {
    spent ??= keyOf(seen);
    return keyOf(seen) === spent
      ? { fault: 'status', status: 200, headers, body: JSON.stringify(body) }
      : { text: 'ok.' };
  });
  for (let index = 0; index < 5; index++) {
    const reply = await ask(gateway.origin, 'openai-chat', upstreamModels['openai-chat'], { text: `turn ${index}` });
    expect(reply.status).toBe(200);
  }
  expect(gateway.keys().filter((key) => key === spent)).toHaveLength(1);
});
