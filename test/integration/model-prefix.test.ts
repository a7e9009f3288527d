/** `force-model-prefix` and `auto`, over real sockets. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, dialects } from '../faults/dialect-client.ts';
import { type Gateway, listen } from '../faults/gateway.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../support/scripted-upstream/index.ts';

const configOf = (origin: string, force: boolean): string => `
host: 127.0.0.1
port: 0
log-level: silent
request-retry: 0
force-model-prefix: ${force}
api-keys: ["${CLIENT_KEY}"]
claude-api-key:
  - { api-key: sk-fake-open, base-url: "${origin}", prefix: /work/ }
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    prefix: team
    api-key-entries: [{ api-key: sk-fake-chat }]
    models: [{ name: one }, { name: real, alias: two, force-mapping: true }, { name: team }]
  - name: plain
    base-url: ${origin}/v1
    api-key-entries: [{ api-key: sk-fake-plain }]
    models: [{ name: one }]
`;

let upstream: ScriptedUpstream;
let gateway: Pick<Gateway, 'origin' | 'close'>;
async function start(force: boolean): Promise<void> {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  gateway = await listen(configOf(upstream.origin, force));
}
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

/** Status, and the model and key with which the request reached the provider. */
async function went(model: string): Promise<readonly unknown[]> {
  const before = upstream.seen.length;
  const reply = await ask(gateway.origin, 'openai-chat', model);
  await reply.text();
  const seen = upstream.seen[before];
  return seen === undefined ? [reply.status] : [reply.status, seen.model, seen.headers['authorization']];
}

async function listed(): Promise<string[]> {
  const reply = await fetch(`${gateway.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
  const { data }: Wire = await reply.json();
  return data.map((model: Wire) => model.id);
}

describe('force-model-prefix', () => {
  test('on: models of a credential with a prefix are there under the prefix only', async () => {
    await start(true);
    expect(await went('team/one')).toEqual([200, 'one', 'Bearer sk-fake-chat']);
    expect(await went('one')).toEqual([200, 'one', 'Bearer sk-fake-plain']);
    expect(await went('two')).toEqual([404]);
    // A model that is called like the prefix keeps its name.
    expect(await went('team')).toEqual([200, 'team', 'Bearer sk-fake-chat']);
    const names = await listed();
    expect(names).toEqual(expect.arrayContaining(['team/one', 'team/two', 'team', 'one']));
    expect(names.filter((name) => name === 'two' || name.startsWith('claude-'))).toEqual([]);
  });

  test('on: also for models that no list has', async () => {
    await start(true);
    expect(await went('work/claude-next-1')).toEqual([200, 'claude-next-1', 'Bearer sk-fake-open']);
    expect(await went('claude-next-1')).toEqual([404]);
    expect(await went('work/claude-next-1(high)')).toEqual([200, 'claude-next-1', 'Bearer sk-fake-open']);
  });

  test('off: under both names', async () => {
    await start(false);
    expect(await went('two')).toEqual([200, 'real', 'Bearer sk-fake-chat']);
    expect(await went('team/two')).toEqual([200, 'real', 'Bearer sk-fake-chat']);
    expect(await went('claude-next-1')).toEqual([200, 'claude-next-1', 'Bearer sk-fake-open']);
    expect(await listed()).toEqual(expect.arrayContaining(['one', 'team/one', 'two', 'team/two']));
  });

  test('a forced name is the one with the prefix', async () => {
    await start(true);
    const answer: Wire = await (await ask(gateway.origin, 'openai-chat', 'team/two')).json();
    expect(answer.model).toBe('team/two');
  });
});

describe('auto', () => {
  test.for(dialects)('%s client: the newest model on offer', async (client) => {
    await start(true);
    const reply = await ask(gateway.origin, client, 'auto');
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('ok.')]);
    const [newest] = await newestFirst();
    expect(newest).toMatch(/^work\/claude-/);
    expect(`work/${upstream.seen.at(-1)?.model}`).toBe(newest);
  });

  test('keeps its suffix', async () => {
    await start(true);
    const reply = await ask(gateway.origin, 'anthropic-messages', 'auto(8192)', { extra: { max_tokens: 20_000 } });
    expect(reply.status).toBe(200);
    const plain = await ask(gateway.origin, 'anthropic-messages', 'auto', { extra: { max_tokens: 20_000 } });
    expect(plain.status).toBe(200);
    const [suffixed, without] = upstream.seen.map(({ body }) => body);
    expect(suffixed.model).toBe(without.model);
    expect(JSON.stringify(suffixed.thinking ?? suffixed.output_config)).toMatch(/budget_tokens|effort|adaptive/);
    expect(without.thinking).toBeUndefined();
  });

  test('with nothing that has a date: the first one configured', async () => {
    upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
    const text = configOf(upstream.origin, false).replace(/claude-api-key:\n.*\n/, '');
    gateway = await listen(text);
    expect(await went('auto')).toEqual([200, 'one', expect.stringMatching(/^Bearer sk-fake-(chat|plain)$/)]);
  });
});

async function newestFirst(): Promise<string[]> {
  const reply = await fetch(`${gateway.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
  const { data }: Wire = await reply.json();
  const dated = data.filter((model: Wire) => model.id.startsWith('work/'));
  return dated.toSorted((a: Wire, b: Wire) => (b.created ?? 0) - (a.created ?? 0)).map((model: Wire) => model.id);
}
