/** The same limit at the other doors: counts, stored conversations, payload rules, WebSockets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import { ask, pathOf } from '../../faults/dialect-client.ts';
import { CLIENT_KEY, upstreamModels } from '../../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { connectWs } from '../../support/ws-client.ts';
import { answerLoadsOf } from './answer-loads.ts';
import { answersOf } from './bodies.ts';
import { loadOf } from './loads.ts';
import { tooLong } from './longest-turn.ts';
import { type Probe, startProbe } from './probe.ts';

const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
const config = 'request-retry: 0\ndisable-cooling: true';
const rules = `${config}
payload:
  default:
    - models: [{ name: "up-*" }]
      params: { "metadata.team": "x", "messages.0.name": "n", "tools.#.strict": true, "input.#.status": "s" }
  override:
    - models: [{ name: "up-*" }]
      params: { "temperature": 0.5, "messages.#.x": 1, "contents.#.x": 1, "input.#.x": 1 }
  filter:
    - models: [{ name: "up-*" }]
      params: ["user.id", "messages.#.y", "contents.#.y"]
`;

let plain: Probe;
let ruled: Probe;
beforeAll(async () => {
  [plain, ruled] = await Promise.all([startProbe(config), startProbe(rules)]);
});
afterAll(() => Promise.all([plain?.close(), ruled?.close()]));

function load(client: UpstreamDialect, name: string, model: string): string {
  const text = loadOf(client, name);
  return client === 'gemini' ? text : text.replace('"model":"m"', `"model":"${model}"`);
}

function answerOf(upstream: UpstreamDialect): Probe['answer'] {
  return { type: 'application/json', text: JSON.stringify(answersOf(upstream)[0]) };
}

async function post(probe: Probe, path: string, body: string): Promise<string> {
  const reply = await fetch(probe.origin + path, { method: 'POST', headers, body });
  const text = await reply.text();
  expect([reply.status, text.slice(0, 300)]).toEqual([200, text.slice(0, 300)]);
  return text;
}

const heavy = ['messages', 'tiny tools', 'calls in turn'] as const;

const counters = [
  ['anthropic-messages', () => '/v1/messages/count_tokens'],
  ['openai-responses', () => '/v1/responses/input_tokens'],
  ['gemini', (model: string) => `/v1beta/models/${model}:countTokens`],
] as const;

test.for(counters.flatMap(([client, path]) => heavy.map((name) => [client, name, path] as const)))(
  '%s counts the tokens of %s',
  { timeout: 60_000 },
  async ([client, name, path]) => {
    // One counts by itself, of the other the tokens are estimated.
    for (const upstream of ['gemini', 'openai-chat'] as const) {
      if (upstream === client) continue;
      plain.answer = { type: 'application/json', text: '{"totalTokens":5}' };
      const model = upstreamModels[upstream];
      expect(await tooLong(plain, () => post(plain, path(model), load(client, name, model)))).toBeUndefined();
    }
  },
);

test.for(dialects.flatMap((client) => heavy.map((name) => [client, name] as const)))(
  'payload rules on %s: %s',
  { timeout: 60_000 },
  async ([client, name]) => {
    for (const upstream of [client, client === 'openai-chat' ? 'anthropic-messages' : 'openai-chat'] as const) {
      ruled.answer = answerOf(upstream);
      const model = upstreamModels[upstream];
      const send = () => post(ruled, pathOf(client, model, false), load(client, name, model));
      expect([upstream, await tooLong(ruled, send)]).toEqual([upstream, undefined]);
    }
  },
);

test.for(heavy)('a stored conversation of %s', { timeout: 60_000 }, async (name) => {
  plain.answer = answerOf('openai-chat');
  const first = JSON.parse(await post(plain, '/v1/responses', load('openai-responses', name, 'up-chat')));
  const next = { model: 'up-chat', input: 'go on', previous_response_id: first.id };
  expect(await tooLong(plain, () => post(plain, '/v1/responses', JSON.stringify(next)))).toBeUndefined();
  const read = () => fetch(`${plain.origin}/v1/responses/${first.id}/input_items`, { headers }).then((r) => r.text());
  expect(await tooLong(plain, read)).toBeUndefined();
  expect(await read()).toContain('"list"');
});

test.for(heavy)('a WebSocket and a frame of %s', { timeout: 60_000 }, async (name) => {
  for (const upstream of ['openai-chat', 'openai-responses'] as const) {
    plain.answer = streamed(upstream, 'a stream of texts');
    const frame = { type: 'response.create', ...JSON.parse(load('openai-responses', name, upstreamModels[upstream])) };
    const text = JSON.stringify(frame);
    const client = await connectWs(`${plain.origin}/v1/responses`, CLIENT_KEY);
    const turn = async (): Promise<void> => {
      client.socket.send(text);
      expect((await client.answer()).at(-1).type).toBe('response.completed');
    };
    expect([upstream, await tooLong(plain, turn)]).toEqual([upstream, undefined]);
    client.socket.terminate();
  }
});

test.for(['a stream of texts', 'a stream of calls', 'a stream of citations'])(
  'a WebSocket and %s as its answer',
  { timeout: 60_000 },
  async (name) => {
    for (const upstream of ['openai-chat', 'openai-responses'] as const) {
      plain.answer = streamed(upstream, name);
      const client = await connectWs(`${plain.origin}/v1/responses`, CLIENT_KEY);
      const turn = async (): Promise<void> => {
        client.send({ type: 'response.create', model: upstreamModels[upstream], input: 'hi' });
        expect((await client.answer()).at(-1).type).toBe('response.completed');
      };
      expect([upstream, await tooLong(plain, turn)]).toEqual([upstream, undefined]);
      client.socket.terminate();
    }
  },
);

function streamed(upstream: UpstreamDialect, name: string): Probe['answer'] {
  const answer = answerLoadsOf(upstream).get(name);
  if (answer === undefined) throw new Error(`no answer is called ${name}`);
  return answer;
}

test('after all of that small requests are answered', async () => {
  for (const probe of [plain, ruled]) {
    probe.answer = answerOf('openai-chat');
    const reply = await ask(probe.origin, 'anthropic-messages', 'up-chat');
    const answer: Wire = await reply.json();
    expect([reply.status, answer.type]).toEqual([200, 'message']);
  }
});
