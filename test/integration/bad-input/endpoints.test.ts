/** Odd bodies, ids and frames at every other door, over real sockets: a clean error or an answer, and the next one works. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects, pathOf } from '../../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../../faults/gateway.ts';
import { CLIENT_KEY, upstreamModels } from '../../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { connectWs } from '../../support/ws-client.ts';
import { requestsOf } from './bodies.ts';
import { textOf } from './in-process.ts';
import { mutationsOf } from './mutate.ts';

/** Rules that look into the places which the tests fill with garbage. */
const rules = `
request-retry: 0
disable-cooling: true
payload:
  default:
    - models: [{ name: "up-*" }]
      params: { "metadata.team": "x", "messages.0.name": "n", "tools.#.strict": true }
  override:
    - models: [{ name: "up-*" }]
      params: { "stream_options.include_usage": true, "contents.0.parts.0.text": "t" }
  filter:
    - models: [{ name: "up-*" }]
      params: ["user.id", "input.#.status", "generationConfig.topK"]
`;

let plain: Gateway;
let ruled: Gateway;
beforeAll(async () => {
  plain = await startGateway(() => ({ text: 'ok.' }), { config: 'request-retry: 0\ndisable-cooling: true' });
  ruled = await startGateway(() => ({ text: 'ok.' }), { config: rules });
});
afterAll(() => Promise.all([plain?.close(), ruled?.close()]));

const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };

async function post(gateway: Gateway, path: string, body: string): Promise<string> {
  const reply = await fetch(gateway.origin + path, { method: 'POST', headers, body });
  const text = await reply.text();
  const ended =
    reply.status === 200 || (reply.status >= 400 && reply.status < 500 && JSON.parse(text).error !== undefined);
  return ended ? 'fine' : `${reply.status} ${text.slice(0, 200)}`;
}

/** Every so-manyth of all mutations, so that each kind of place and each kind of value comes. */
function sample(dialect: UpstreamDialect, count: number): readonly Wire[] {
  const bodies = [...mutationsOf(requestsOf(dialect))].map(({ body }) => body);
  const step = Math.max(1, Math.floor(bodies.length / count));
  // A step that shares no factor with the number of values: else the same value would come each time.
  return bodies.filter((_, index) => index % (step % 29 === 0 ? step + 1 : step) === 0);
}

async function postAll(gateway: Gateway, client: UpstreamDialect, path: (model: string) => string, count: number) {
  // An upstream of the client's own dialect is sent the garbage as it is: what it says is its own business.
  const models = Object.values(upstreamModels).filter((model) => model !== upstreamModels[client]);
  const faults: string[] = [];
  for (const [index, body] of sample(client, count).entries()) {
    const model = models[index % models.length] ?? '';
    const text = textOf(client === 'gemini' ? body : { ...body, model });
    const outcome = await post(gateway, path(model), text);
    if (outcome !== 'fine') faults.push(`${outcome} for ${text.slice(0, 300)}`);
  }
  return faults;
}

describe.for(dialects)('%s client over sockets', (client) => {
  test.for([true, false])('payload rules: %s', { timeout: 60_000 }, async (withRules) => {
    const gateway = withRules ? ruled : plain;
    expect(await postAll(gateway, client, (model) => pathOf(client, model, false), 250)).toEqual([]);
    expect((await ask(gateway.origin, client, 'up-claude')).status).toBe(200);
  });
});

test.for([
  ['anthropic-messages', () => '/v1/messages/count_tokens'],
  ['openai-responses', () => '/v1/responses/input_tokens'],
  ['gemini', (model: string) => `/v1beta/models/${model}:countTokens`],
  ['openai-responses', () => '/v1/responses/compact'],
] as const)('%s at %s', { timeout: 60_000 }, async ([client, path]) => {
  expect(await postAll(plain, client, path, 120)).toEqual([]);
});

const ids = [
  ...['__proto__', 'constructor', '%00', '%ff', '%', '..%2f..%2fetc', '%2e%2e', "'%20or%201=1", 'resp_', '%20', 'ü'],
  ...['null', '-1', 'x'.repeat(8000), '%F0%9F%98%80', '%ed%a0%80', '*', 'a/b', '?', '%3fa=b'],
];

test.for(ids)('the stored response %j is not there', async (id) => {
  for (const [method, rest] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/cancel'],
    ['GET', '/input_items?limit=-1&after=__proto__'],
  ]) {
    const reply = await fetch(`${plain.origin}/v1/responses/${id}${rest}`, { method: method ?? '', headers });
    const text = await reply.text();
    expect([reply.status, text]).toEqual([expect.toBeOneOf([400, 404, 405]), expect.stringContaining('"error"')]);
  }
});

test.for(['5', 'true', '[]', '{}', '["x"]', '"__proto__"', '"\\u0000"', '{"id":"x"}', `"${'x'.repeat(100_000)}"`])(
  'previous_response_id %s is a 400',
  async (text) => {
    for (const model of Object.values(upstreamModels)) {
      if (model === 'up-responses') continue;
      const body = `{"model":"${model}","input":"hi","previous_response_id":${text}}`;
      const reply = await fetch(`${plain.origin}/v1/responses`, { method: 'POST', headers, body });
      const answer: Wire = await reply.json();
      expect([reply.status, answer.error.message]).toEqual([400, expect.stringContaining('previous_response_id')]);
    }
  },
);

describe('frames on the Responses WebSocket', () => {
  const good = { type: 'response.create', model: 'up-chat', store: false, input: 'hi' };
  const frames: readonly string[] = [
    ...['', ' ', '{', '[]', '"x"', 'null', '1e999', '{"type":5}', '{"type":"nope"}', '{"type":"response.create"}'],
    ...['{"__proto__":{"type":"response.create"}}', `${'['.repeat(20_000)}`, `{"a":${'{"a":'.repeat(5000)}`],
    ...[5, true, {}, [5], [null], [[]], [{ type: 5 }], [{ type: 'message', role: 5, content: {} }]].map((input) =>
      JSON.stringify({ ...good, input }),
    ),
    ...[5, '', [], {}].map((stream_id) => JSON.stringify({ ...good, stream_id })),
    ...[5, [], {}, 'resp_unknown'].map((previous_response_id) => JSON.stringify({ ...good, previous_response_id })),
    ...[5, null, '', [], 'unknown-model'].map((model) => JSON.stringify({ ...good, model })),
    ...[
      '{"type":"response.append"}',
      '{"type":"response.append","input":"x"}',
      '{"type":"response.append","input":[5]}',
    ],
    ...[5, 'x', {}, [5], [{ type: 'function' }]].map((tools) => JSON.stringify({ ...good, tools })),
    '{"type":"response.create","model":"up-chat","input":"\\ud800\\q"}',
  ];

  test('each bad one is answered with an error, and the connection goes on', { timeout: 60_000 }, async () => {
    const client = await connectWs(`${plain.origin}/v1/responses`, CLIENT_KEY);
    for (const frame of frames) {
      client.socket.send(frame);
      const answer = await client.answer();
      const [last] = answer.slice(-1);
      expect([frame.slice(0, 100), last.type]).toEqual([frame.slice(0, 100), 'error']);
      expect([frame.slice(0, 100), last.status >= 400 && last.status < 500]).toEqual([frame.slice(0, 100), true]);
    }
    client.socket.send(Buffer.from([0, 255, 1]), { binary: true });
    expect((await client.answer()).at(-1).type).toBe('error');
    client.send(good);
    expect((await client.answer()).at(-1).type).toBe('response.completed');
    client.socket.terminate();
  });

  test('bytes that are no UTF-8 end the connection alone', async () => {
    const client = await connectWs(`${plain.origin}/v1/responses`, CLIENT_KEY);
    client.socket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false });
    expect((await client.closed).code).toBe(1007);
    expect((await ask(plain.origin, 'openai-responses', 'up-chat')).status).toBe(200);
  });
});
