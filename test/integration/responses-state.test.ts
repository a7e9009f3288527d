import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  CLIENT_KEY,
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

const OTHER_KEY = 'sk-test-other-key';
const models = Object.values(upstreamModels);
let home: string;
let upstream: ScriptedUpstream;
let proxy: ProxyProcess;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-home-'));
  upstream = await startScriptedUpstream((seen) => ({ text: `answer to ${seen.userText}` }));
  proxy = await start();
});
afterAll(async () => {
  await proxy.close();
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

function start(): Promise<ProxyProcess> {
  const config =
    fourDialectConfig(upstream.origin).replace(`["${CLIENT_KEY}"]`, `["${CLIENT_KEY}", "${OTHER_KEY}"]`) +
    'log-level: debug\n';
  return startProxyProcess(config, [], { env: { HOME: home } });
}

function client(apiKey: string = CLIENT_KEY): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${proxy.origin}/v1`, maxRetries: 0 });
}

/** What the upstream was sent last. */
function lastSeen(): string {
  return JSON.stringify(upstream.seen.at(-1)?.body);
}

async function ask(
  model: string,
  input: string,
  previous: string | null,
  stream: boolean,
): Promise<OpenAI.Responses.Response> {
  const body = { model, input, previous_response_id: previous };
  if (!stream) return await client().responses.create(body);
  return await client().responses.stream(body).finalResponse();
}

describe.each(models)('%s', (model) => {
  test.each([false, true])('five turns by previous_response_id, stream: %s', async (stream) => {
    let previous: string | null = null;
    for (let turn = 1; turn <= 5; turn++) {
      const response = await ask(model, `question-${turn}`, previous, stream);
      expect(response.output_text).toBe(`answer to question-${turn}`);
      expect(response.previous_response_id ?? null).toBe(previous);
      expect(response).toMatchObject({ store: true });
      for (let earlier = 1; earlier < turn; earlier++) {
        expect(lastSeen()).toContain(`question-${earlier}`);
        expect(lastSeen()).toContain(`answer to question-${earlier}`);
      }
      expect(lastSeen()).not.toContain('"previous_response_id":"');
      previous = response.id;
    }
  });
});

test('a stored response can be read, listed, and deleted', async () => {
  const first = await client().responses.create({ model: 'up-claude', input: 'one' });
  const second = await client().responses.create({ model: 'up-claude', input: 'two', previous_response_id: first.id });
  expect(await client().responses.retrieve(second.id)).toMatchObject({
    id: second.id,
    status: 'completed',
    output: [{ content: [{ text: 'answer to two' }] }],
    previous_response_id: first.id,
  });
  const all: unknown[] = [];
  for await (const item of client().responses.inputItems.list(second.id, { limit: 1, order: 'asc' })) all.push(item);
  expect(all).toMatchObject([
    { role: 'user', content: [{ type: 'input_text', text: 'one' }] },
    { role: 'assistant', content: [{ type: 'output_text', text: 'answer to one' }] },
    { role: 'user', content: [{ type: 'input_text', text: 'two' }] },
  ]);
  await client().responses.delete(second.id);
  await expect(client().responses.retrieve(second.id)).rejects.toMatchObject({ status: 404 });
  await expect(
    client().responses.create({ model: 'up-claude', input: 'x', previous_response_id: second.id }),
  ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
});

test('another client key can neither read, continue, list, cancel nor delete it', async () => {
  const { id } = await client().responses.create({ model: 'up-chat', input: 'mine' });
  const other = client(OTHER_KEY).responses;
  await expect(other.retrieve(id)).rejects.toMatchObject({ status: 404 });
  await expect(other.inputItems.list(id)).rejects.toMatchObject({ status: 404 });
  await expect(other.cancel(id)).rejects.toMatchObject({ status: 404 });
  await expect(other.delete(id)).rejects.toMatchObject({ status: 404 });
  await expect(other.create({ model: 'up-chat', input: 'x', previous_response_id: id })).rejects.toMatchObject({
    code: 'previous_response_not_found',
  });
  // Also what goes no further than the store is told to the operator.
  const refused = /"requestedModel":"up-chat","stream":false,"status":400,"errorCode":"previous_response_not_found"/;
  await vi.waitFor(() => expect(proxy.output()).toMatch(refused));
  expect(await client().responses.retrieve(id)).toMatchObject({ id });
});

test('store: false is obeyed', async () => {
  const response = await client().responses.create({ model: 'up-gemini', input: 'x', store: false });
  expect(response).toMatchObject({ store: false });
  const { id } = response;
  await expect(client().responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});

test('instructions are not inherited', async () => {
  const first = await client().responses.create({ model: 'up-chat', input: 'a', instructions: 'speak-softly' });
  await client().responses.create({ model: 'up-chat', input: 'b', previous_response_id: first.id });
  expect(lastSeen()).not.toContain('speak-softly');
});

test('a conversation that nobody keeps is refused', async () => {
  const body = { model: 'up-chat', input: 'x', conversation: 'conv_1' };
  await expect(client().responses.create(body)).rejects.toMatchObject({ status: 400, param: 'conversation' });
});

test('the store survives a restart and is readable by its owner only', async () => {
  const first = await client().responses.create({ model: 'up-responses', input: 'before the restart' });
  await proxy.close();
  proxy = await start();
  const second = await client().responses.create({ model: 'up-chat', input: 'after', previous_response_id: first.id });
  expect(second.output_text).toBe('answer to after');
  expect(lastSeen()).toContain('before the restart');
  const folder = join(home, '.llmproxy');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});
