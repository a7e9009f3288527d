import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  chatStream,
  codecs,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { isJsonObject } from '../ir/index.ts';
import type { Manifest } from '../providers/provider.ts';

const boxed: Envelope = {
  wrap: (body, { model, stream, operation, parameters, session, headers }) => ({
    request: body,
    model,
    stream,
    operation,
    project: parameters['project'] ?? '',
    session: session ?? '',
    asked: String(headers['x-asked']),
  }),
  headers: (body) => ({ 'x-turns': String(Array.isArray(body['messages']) ? body['messages'].length : 0) }),
  unwrap: (answer) => (isJsonObject(answer['response']) ? answer['response'] : answer),
};

const withEnvelope = (envelope: Envelope, more: object = {}): Partial<Manifest> => ({
  endpoints: [{ dialect: 'openai-chat', path: '/p/{project}/chat', envelope, ...more }],
});
const account = { parameters: { project: 'a b' } };
const inBox = (frames: readonly string[]): string =>
  frames
    .map((frame) =>
      frame.includes('[DONE]') ? frame : frame.replace(/^data: (.*)/, 'data: {"response":$1,"trace":1}'),
    )
    .join('');

let harness: Harness;
let upstream: LocalUpstream;
let answer: UpstreamHandler;

beforeEach(async () => {
  harness = createHarness({ codecs });
  upstream = await startUpstream((request, response, body) => answer(request, response, body));
  answer = (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ response: chatAnswer }));
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

test('bodies are wrapped and unwrapped, in the dialect of the client as in others', async () => {
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: withEnvelope(boxed), account })];
  const own = await harness.ask({ headers: { 'x-asked': 'yes', 'session-id': 'S' } });
  expect(own.json()).toMatchObject({ choices: [{ message: { content: 'hello' } }], model: 'm' });
  const [sent] = upstream.requests;
  expect(sent?.path).toBe('/p/a%20b/chat');
  expect(sent?.headers['x-turns']).toBe('1');
  expect(JSON.parse(sent?.body ?? '')).toEqual({
    request: { model: 'up', messages: [{ role: 'user', content: 'hi' }] },
    model: 'up',
    stream: false,
    operation: 'generate',
    project: 'a b',
    session: expect.stringMatching(/^[0-9a-f]{16}$/),
    asked: 'yes',
  });
  const claude = await harness.ask({ codec: anthropicMessages }, { ...chatBody, max_tokens: 9 });
  expect(claude.json()).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'hello' }] });
});

test('so are the events of a stream, and errors', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: withEnvelope(boxed), account })];
  answer = (_request, response) =>
    response.setHeader('content-type', 'text/event-stream').end(inBox(chatStream('hel', 'lo')));
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(reply.text()).toContain('"content":"hel"');
  expect(reply.text()).not.toContain('trace');
  expect(reply.text()).toContain('[DONE]');
  answer = (_request, response) =>
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"bad model"}}');
  expect((await harness.ask()).json()).toMatchObject({ error: { message: expect.stringContaining('bad model') } });
});

test('what only reads the body for headers lets it pass through', async () => {
  const { headers } = boxed;
  if (headers === undefined) throw new Error('no headers');
  harness.targets = [target(upstream.origin, 'c1', { model: 'm', manifest: withEnvelope({ headers }), account })];
  answer = (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(chatAnswer));
  const body = `{"model":"m",  "messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}`;
  await harness.ask({}, body);
  expect(upstream.requests[0]?.body).toBe(body);
  expect(upstream.requests[0]?.headers['x-turns']).toBe('2');
});

test('of an upstream that only streams whole answers are collected', async () => {
  const manifest = { endpoints: [{ dialect: 'openai-chat' as const, path: '/chat', streamsOnly: true }] };
  harness.targets = [target(upstream.origin, 'c1', { manifest })];
  answer = (_request, response) =>
    response.setHeader('content-type', 'text/event-stream').end(chatStream('hel', 'lo').join(''));
  const reply = await harness.ask();
  expect(reply.json()).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: 'hello' } }] });
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toMatchObject({ stream: true });
});

test('members that the upstream demands are set, whatever the client says', async () => {
  const manifest = { quirks: { sets: { store: false, n: 1 } } };
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest })];
  answer = (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(chatAnswer));
  await harness.ask({}, { ...chatBody, store: true });
  await harness.ask({ codec: anthropicMessages }, { ...chatBody, max_tokens: 9 });
  for (const { body } of upstream.requests) expect(JSON.parse(body)).toMatchObject({ store: false, n: 1, model: 'up' });
  expect(upstream.requests).toHaveLength(2);
});

test('a path with a name that the account does not know is no call', async () => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: withEnvelope(boxed) })];
  const reply = await harness.ask();
  expect(reply.status).toBe(500);
  expect(reply.text()).toContain('an account of Test lacks its \\"project\\"');
});

test('events of the upstream alone reach only those who know them', async () => {
  const manifest = { endpoints: [{ dialect: 'openai-chat' as const, path: '/chat', ownEventsFor: 'originator' }] };
  harness.targets = [target(upstream.origin, 'c1', { manifest })];
  answer = (_request, response) =>
    response
      .setHeader('content-type', 'text/event-stream')
      .end(['data: {"type":"limits","choices":[]}\n\n', ...chatStream('hello')].join(''));
  const stream = { ...chatBody, stream: true };
  expect((await harness.ask({ headers: { originator: 'own' } }, stream)).text()).toContain('limits');
  const other = (await harness.ask({}, stream)).text();
  expect(other).toContain('hello');
  expect(other).not.toContain('limits');
});
