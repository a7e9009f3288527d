/** A provider that keeps responses itself: the next turn and every question about one go to the account that has it. */
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type Conversations, createConversations } from '../../src/conversation/index.ts';
import type { Credential } from '../../src/credentials/credential.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { HttpExecutor } from '../../src/executors/http-executor.ts';
import { createId } from '../../src/ids.ts';
import { createForward } from '../../src/pipeline/forward.ts';
import { createPipeline } from '../../src/pipeline/generate.ts';
import type { PipelineOptions } from '../../src/pipeline/options.ts';
import { bearerKey, defineProvider } from '../../src/providers/provider.ts';
import type { Target } from '../../src/routing/target.ts';
import { createDispatchers, type Dispatchers } from '../../src/upstream/client.ts';
import { FakeReply } from '../support/pipeline-harness.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly body: string;
}

let server: Server;
let dispatchers: Dispatchers;
let conversations: Conversations;
let seen: Seen[];
let turn: number;

beforeEach(async () => {
  seen = [];
  turn = 0;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ method: request.method, url: request.url, key: request.headers.authorization, body });
    const id = request.url === '/v1/responses' ? `resp_${++turn}` : 'resp_other';
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id, output: [], store: true }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  dispatchers = createDispatchers({});
  conversations = wire(targets(`${origin}/v1`));
});
afterEach(async () => {
  await conversations.close();
  await dispatchers.destroy();
  await new Promise((done) => server.close(done));
});

function targets(baseUrl: string): readonly Target[] {
  const provider = defineProvider({
    id: 'keeper',
    label: 'Keeper',
    kind: 'direct',
    auth: [bearerKey('KEEPER_KEY')],
    baseUrl,
    endpoints: [
      { dialect: 'openai-responses', path: '/responses', keepsResponses: true, compactPath: '/responses/compact' },
    ],
    models: [],
  });
  return ['one', 'two'].map((secret) => {
    const credential: Credential = {
      id: `keeper:${secret}`,
      provider: 'keeper',
      kind: 'api-key',
      secret,
      label: secret,
      source: 'test',
      headers: {},
      priority: 0,
      weight: 1,
      excludedModels: [],
    };
    return { credential, provider, model: 'm', info: undefined, forceMapping: false };
  });
}

function wire(all: readonly Target[], compacts = true): Conversations {
  let next = 0;
  const http = new HttpExecutor({ dispatchers });
  const options: PipelineOptions = {
    route: () => all,
    // Each request goes to the next account, unless only one is allowed.
    pool: {
      pick: ({ targets }) => targets[next++ % targets.length],
      begun() {},
      ended() {},
      answered() {},
      succeeded() {},
      failed() {},
      forgiven() {},
      retryAfterMs: () => 0,
    },
    upstreamCodecs: new Map([['openai-responses', openaiResponses]]),
    executorFor: () => http,
    clock: systemClock,
    newId: createId,
    settings: {
      strict: false,
      promptCaching: false,
      passthroughHeaders: false,
      requestRetry: 0,
      maxRetryCredentials: 0,
      maxRetryIntervalS: 0,
      bootstrapRetries: 0,
      streamKeepAliveMs: 0,
      wholeKeepAliveMs: 0,
      stallMs: 0,
    },
    userAgent: 'test',
  };
  return createConversations({
    pipeline: createPipeline(options),
    forward: createForward(options),
    clock: systemClock,
    newId: createId,
    route: () => all,
    fallsBack: () => false,
    file: undefined,
    limits: { ttlMs: 60_000, maxRows: 100, maxBytes: 1_000_000 },
    compacts,
    warn() {},
  });
}

async function post(
  body: object,
  operation: 'generate' | 'compact' = 'generate',
  principal = 'key:1',
): Promise<FakeReply> {
  const reply = new FakeReply();
  conversations.handle({
    requestId: 'r',
    operation,
    codec: openaiResponses,
    headers: {},
    body: Buffer.from(JSON.stringify({ model: 'm', ...body })),
    urlModel: undefined,
    urlStream: undefined,
    framing: 'sse',
    principal,
    reply,
  });
  await reply.done;
  return reply;
}

async function about(
  action: 'get' | 'delete' | 'cancel' | 'input-items',
  id: string,
  principal = 'key:1',
): Promise<FakeReply> {
  const reply = new FakeReply();
  const common = { requestId: 'r', codec: openaiResponses, headers: {}, principal, reply };
  conversations.answerStored({ ...common, action, id, query: () => undefined, search: 'limit=2' });
  await reply.done;
  return reply;
}

test('the next turn goes to the account that keeps the one before, as it came', async () => {
  await post({ input: 'a' });
  await post({ input: 'b' });
  const body = { model: 'm', input: 'c', previous_response_id: 'resp_2' };
  await post(body);
  expect(seen.map(({ key }) => key)).toEqual(['Bearer one', 'Bearer two', 'Bearer two']);
  expect(JSON.parse(seen[2]?.body ?? '')).toEqual(body);
});

test('questions about it are forwarded to that account', async () => {
  await post({ input: 'a' });
  await post({ input: 'b' });
  for (const action of ['get', 'input-items', 'cancel', 'delete'] as const) {
    expect((await about(action, 'resp_2')).status).toBe(200);
  }
  expect(seen.slice(2).map(({ method, url, key }) => `${method} ${url} ${key}`)).toEqual([
    'GET /v1/responses/resp_2?limit=2 Bearer two',
    'GET /v1/responses/resp_2/input_items?limit=2 Bearer two',
    'POST /v1/responses/resp_2/cancel?limit=2 Bearer two',
    'DELETE /v1/responses/resp_2?limit=2 Bearer two',
  ]);
  expect((await about('get', 'resp_2')).status).toBe(404);
});

test('another client key gets nothing of it', async () => {
  await post({ input: 'a' });
  expect((await about('get', 'resp_1', 'key:2')).status).toBe(404);
  expect((await post({ input: 'b', previous_response_id: 'resp_1' }, 'generate', 'key:2')).status).toBe(400);
  expect(seen).toHaveLength(1);
});

test('an id that nobody knows here, a conversation and background are the provider’s to judge', async () => {
  await post({ input: 'a', previous_response_id: 'resp_elsewhere' });
  await post({ input: 'a', conversation: 'conv_1' });
  await post({ input: 'a', background: true });
  expect(seen.map(({ body }) => Object.keys(JSON.parse(body)).at(-1))).toEqual([
    'previous_response_id',
    'conversation',
    'background',
  ]);
});

test('it sums conversations up itself', async () => {
  await post({ input: 'a' }, 'compact');
  expect(seen).toMatchObject([{ method: 'POST', url: '/v1/responses/compact' }]);
});

test('store: false leaves no trace', async () => {
  await post({ input: 'a', store: false });
  expect((await about('get', 'resp_1')).status).toBe(404);
});

test('unless the configuration turns summaries off', async () => {
  conversations = wire([], false);
  expect((await post({ input: 'a' }, 'compact')).status).toBe(404);
});
