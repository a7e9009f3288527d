/** How far a gateway goes for an answer, as its configuration says, over real sockets on both sides. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, dialects, pairs, readError, readText } from '../faults/dialect-client.ts';
import { type Gateway, type GatewayOptions, keyOf, listen, startGateway, twoKeyConfig } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import {
  type Script,
  type ScriptedFault,
  type SeenRequest,
  startScriptedUpstream,
} from '../support/scripted-upstream/index.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const refuse = (status: number, message = `refused with ${status}`, headers = {}): ScriptedFault => ({
  fault: 'status',
  status,
  headers,
  body: JSON.stringify({ error: { message, type: 'some_error' } }),
});
const ok = { text: 'ok.' };

/** A gateway in which one model fails in this way, and all others answer. */
async function failing(model: string, fault: ScriptedFault, options: GatewayOptions): Promise<void> {
  gateway = await startGateway((seen) => (seen.model === model ? fault : ok), options);
}

/** A gateway with these keys; `ORIGIN` stands for the upstream. */
async function startWith(keys: string, script: Script): Promise<void> {
  const upstream = await startScriptedUpstream(script);
  const [settings = ''] = twoKeyConfig(upstream.origin).split('openai-compatibility:');
  const proxy = await listen(settings + keys.replaceAll('ORIGIN', upstream.origin));
  gateway = {
    origin: proxy.origin,
    upstream,
    keys: () => upstream.seen.map(keyOf),
    async close() {
      await proxy.close();
      await upstream.close();
    },
  };
}

const models = (): string[] => gateway.upstream.seen.map((seen: SeenRequest) => seen.model);

describe.for(pairs)('%s client: a model of %s falls back', ([client, upstream]) => {
  const model = upstreamModels[upstream];
  const others = dialects.filter((dialect) => dialect !== upstream).map((dialect) => upstreamModels[dialect]);
  const config = `request-retry: 0\nfallbacks: [{ model: ${model}, to: [${others[0]}] }]`;

  test.for([
    ['whole', false],
    ['stream', true],
  ] as const)('%s', async ([, stream]) => {
    await failing(model, refuse(429), { config });
    const reply = await ask(gateway.origin, client, model, { stream });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-llmproxy-model')).toMatch(new RegExp(`/${others[0]}$`));
    const text = await reply.text();
    expect(stream ? text : readText(client, JSON.parse(text))).toContain('ok.');
    expect(models()).toEqual([model, model, others[0]]);
    // The next request finds the model paused and goes to the fallback at once.
    await (await ask(gateway.origin, client, model, { stream })).text();
    expect(models()).toEqual([model, model, others[0], others[0]]);
  });
});

describe.for(dialects)('%s', (dialect) => {
  const model = upstreamModels[dialect];

  test('a fallback that fails as well: the client hears of the model that it asked for', async () => {
    const other = upstreamModels[dialect === 'gemini' ? 'openai-chat' : 'gemini'];
    const script: Script = (seen) => (seen.model === model ? refuse(429, 'slow down') : refuse(500, 'boom'));
    gateway = await startGateway(script, {
      config: `request-retry: 0\nfallbacks: [{ model: "up-*", to: ${other} }]`,
    });
    const reply = await ask(gateway.origin, dialect, model);
    expect(reply.status).toBe(429);
    expect(readError(dialect, await reply.json())).toMatchObject({ shape: true, message: 'slow down' });
    expect(models()).toEqual([model, model, other, other]);
  });

  test('a prompt that is too long goes to a larger model, where the configuration says so', async () => {
    const large = upstreamModels[dialect === 'gemini' ? 'openai-chat' : 'gemini'];
    await failing(model, refuse(400, 'prompt is too long: 210000 tokens > 200000 maximum'), {
      config: `fallbacks: [{ model: ${model}, to: ${large}, when: context-length }]`,
    });
    expect((await ask(gateway.origin, dialect, model)).status).toBe(200);
    expect(models()).toEqual([model, large]);
  });

  test('attempt-budget ends it: the last failure, and that it was the last', async () => {
    await failing(model, refuse(503), {
      config: 'request-retry: 9\nmax-retry-interval: 0\ndisable-cooling: true\nattempt-budget: 5',
    });
    const reply = await ask(gateway.origin, dialect, model, { stream: true });
    expect(reply.status).toBe(503);
    expect(readError(dialect, await reply.json())).toMatchObject({
      shape: true,
      message: expect.stringMatching(/^refused with 503 .*5 attempts.*attempt-budget/),
    });
    expect(gateway.upstream.seen).toHaveLength(5);
  });

  test('request-deadline-seconds ends it: 504, and the upstream is let go', async () => {
    await failing(model, { fault: 'hang' }, { config: 'request-deadline-seconds: 0.3' });
    const startedAt = performance.now();
    const reply = await ask(gateway.origin, dialect, model, { stream: true });
    expect(reply.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(readError(dialect, await reply.json())).toMatchObject({
      shape: true,
      message: expect.stringContaining('no answer within 0.3 s'),
    });
    await expect.poll(() => gateway.upstream.seen[0]?.aborted).toBe(true);
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  test('the same words from two credentials: stop, and nobody pauses', async () => {
    const words = (index: number): string => `The chat template has no role called developer (request req_${index}a)`;
    let broken = true;
    gateway = await startGateway((_seen, index) => (broken ? refuse(500, words(index)) : ok), {
      config: 'request-retry: 3\nmax-retry-interval: 5',
    });
    const reply = await ask(gateway.origin, dialect, model);
    expect(reply.status).toBe(500);
    expect(readError(dialect, await reply.json())).toMatchObject({ shape: true, message: words(1) });
    expect(new Set(gateway.keys())).toEqual(new Set(['one', 'two']));
    expect(gateway.upstream.seen).toHaveLength(2);
    broken = false;
    // Other conversations, which have no account of their own yet.
    for (const text of ['a', 'b', 'c', 'd']) {
      expect((await ask(gateway.origin, dialect, model, { text })).status).toBe(200);
    }
    expect(new Set(gateway.keys().slice(2))).toEqual(new Set(['one', 'two']));
  });
});

describe('request-scoped-errors', () => {
  const rules = (list: string): string => `
claude-api-key:
  - { api-key: sk-fake-upstream-one, base-url: "ORIGIN", models: [{ name: ruled }], request-scoped-errors: ${list} }
  - { api-key: sk-fake-upstream-two, base-url: "ORIGIN", models: [{ name: ruled }], request-scoped-errors: ${list} }
`;

  const ruled = (list: string, script: Script): Promise<void> => startWith(rules(list), script);

  const bad =
    (fault: ScriptedFault): Script =>
    (_seen, index) =>
      index === 0 ? fault : ok;
  const send = () => ask(gateway.origin, 'anthropic-messages', 'ruled');

  test('continue: another credential is asked after a 400', async () => {
    await ruled(
      '[{ status: 400, match-regexr: ["(?i)not in your REGION"], action: continue }]',
      bad(refuse(400, 'model not in your region')),
    );
    expect((await send()).status).toBe(200);
    expect(new Set(gateway.keys())).toEqual(new Set(['one', 'two']));
  });

  test('stop: a 500 is the end', async () => {
    await ruled('[{ status: 500, match: ["bad tool"], action: stop }]', bad(refuse(500, 'a bad tool')));
    expect((await send()).status).toBe(500);
    expect(gateway.upstream.seen).toHaveLength(1);
    expect((await send()).status).toBe(200);
  });

  test('stop-and-cooldown: the credential pauses for what would have blamed nobody', async () => {
    await ruled(
      '[{ status: 400, match: ["account is suspended"], action: stop-and-cooldown }]',
      bad(refuse(400, 'account is suspended')),
    );
    expect((await send()).status).toBe(400);
    for (let count = 0; count < 3; count++) expect((await send()).status).toBe(200);
    const [first, ...rest] = gateway.keys();
    expect(rest).not.toContain(first);
  });
});

describe('rounds', () => {
  test('take in only keys that allow them; the wait ends when the client leaves', async () => {
    gateway = await startGateway(() => refuse(429, 'slow down', { 'retry-after': '1' }), {
      credentials: 1,
      config: 'request-retry: 3\nmax-retry-interval: 10',
    });
    const gone = new AbortController();
    const waiting = ask(gateway.origin, 'openai-chat', upstreamModels['openai-chat'], { signal: gone.signal });
    waiting.catch(() => {});
    await expect.poll(() => gateway.upstream.seen.length).toBe(1);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await new Promise((done) => setTimeout(done, 1600));
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  test('an alias of several models: the next of them answers before another key is asked', async () => {
    const keys = `
claude-api-key:
  - api-key: sk-fake-upstream-one
    base-url: "ORIGIN"
    models: [{ name: small, alias: any }, { name: large, alias: any }]
`;
    await startWith(keys, (seen) => (seen.model === 'small' ? refuse(529) : ok));
    for (let count = 0; count < 4; count++) {
      const reply = await ask(gateway.origin, 'anthropic-messages', 'any', {
        stream: count % 2 === 1,
        text: `${count}`,
      });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain('ok.');
    }
    expect(models().filter((model) => model === 'small')).toHaveLength(1);
    expect(models().filter((model) => model === 'large')).toHaveLength(4);
  });
});
