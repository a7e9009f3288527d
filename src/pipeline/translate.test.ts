import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  chatStream,
  claudeEndpoint,
  claudeStream,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { gemini } from '../dialects/gemini/index.ts';

let harness: Harness;
let upstream: LocalUpstream;
let answer: UpstreamHandler;

beforeEach(async () => {
  harness = createHarness();
  upstream = await startUpstream((request, response, body) => answer(request, response, body));
  harness.targets = [target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint })];
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const claudeAnswer = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'up',
  content: [{ type: 'text', text: 'hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
};

const sendJson =
  (value: object): UpstreamHandler =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };

const sendStream =
  (parts: readonly string[]): UpstreamHandler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(parts.join(''));
  };

/** The text of a chat completion stream, and whether it ended properly. */
function readChat(text: string): { content: string; done: boolean; models: string[] } {
  const data = text.split('\n\n').flatMap((event) => (event.startsWith('data: {') ? [JSON.parse(event.slice(6))] : []));
  return {
    content: data.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''),
    done: text.endsWith('data: [DONE]\n\n'),
    models: [...new Set(data.map((chunk): string => chunk.model))],
  };
}

test('chat to Claude, whole: both bodies translated, usage recorded, the client sees its own model name', async () => {
  answer = sendJson(claudeAnswer);
  const reply = await harness.ask();
  expect(upstream.requests[0]?.path).toBe('/v1/messages');
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toMatchObject({
    model: 'up',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  });
  expect(reply.json()).toMatchObject({
    object: 'chat.completion',
    model: 'm',
    choices: [{ message: { content: 'hello' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  });
  expect(reply.headers['content-length']).toBe(String(reply.text().length));
  expect(harness.records[0]).toMatchObject({
    clientDialect: 'openai-chat',
    upstreamDialect: 'anthropic-messages',
    upstreamModel: 'up',
    usage: { inputTokens: 3, outputTokens: 2 },
  });
});

test('chat to Claude, streamed: one write for what came in one read', async () => {
  answer = sendStream(claudeStream('one ', 'two ', '\u{1F600}'));
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(readChat(reply.text())).toEqual({ content: 'one two \u{1F600}', done: true, models: ['m'] });
  expect(reply.headers['content-type']).toBe('text/event-stream');
  expect(reply.chunks.length).toBeLessThanOrEqual(2);
  expect(harness.records[0]?.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  expect(harness.pool.log).toEqual(['c1 ok']);
});

test('bytes cut anywhere give the same translation', async () => {
  const bytes = Buffer.from(claudeStream('one ', '\u{1F600}').join(''));
  answer = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < bytes.length; at += 41) {
      response.write(bytes.subarray(at, at + 41));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  };
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(readChat(reply.text())).toEqual({ content: 'one \u{1F600}', done: true, models: ['m'] });
});

test('whole JSON for a stream request is replayed as a stream', async () => {
  answer = sendJson(claudeAnswer);
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(readChat(reply.text())).toEqual({ content: 'hello', done: true, models: ['m'] });
});

test('what is lost is named in a header and in the record; strict mode refuses and names it', async () => {
  answer = sendJson(claudeAnswer);
  const lossy = { ...chatBody, logit_bias: { 5: 1 } };
  const reply = await harness.ask({}, lossy);
  expect(reply.status).toBe(200);
  expect(reply.headers['x-llmproxy-dropped']).toContain('logit_bias');
  expect(harness.records[0]?.warnings.map((warning) => warning.path)).toContain('logit_bias');
  const strict = await harness.ask({ headers: { 'x-llmproxy-strict': '1' } }, lossy);
  expect(strict.status).toBe(400);
  expect(strict.text()).toContain('logit_bias');
  expect(upstream.requests).toHaveLength(1);
  expect(harness.pool.log).toEqual(['c1 ok']);
});

test('each target is asked in its own dialect within one request', async () => {
  harness.targets = [
    target(upstream.origin, 'c1', { model: 'up', manifest: claudeEndpoint }),
    target(upstream.origin, 'c2'),
  ];
  answer = (request, response, body) => {
    if (request.url === '/v1/messages') response.writeHead(529).end('{}');
    else sendStream(chatStream('fine'))(request, response, body);
  };
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(reply.text()).toBe(chatStream('fine').join(''));
  expect(harness.records[0]).toMatchObject({ attempts: 2, upstreamDialect: 'openai-chat' });
});

const geminiBody = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };

test('Gemini client: model and streaming come from the URL', async () => {
  harness.targets = [target(upstream.origin)];
  answer = (request, response, body) =>
    (body.includes('"stream":true') ? sendStream(chatStream('a', 'b')) : sendJson(chatAnswer))(request, response, body);
  const whole = await harness.ask({ codec: gemini, urlModel: 'g', urlStream: false }, geminiBody);
  expect(whole.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'hello' }] } }] });
  const stream = await harness.ask({ codec: gemini, urlModel: 'g', urlStream: true }, geminiBody);
  expect(stream.text()).toMatch(/^data: /);
  const array = await harness.ask({ codec: gemini, urlModel: 'g', urlStream: true, framing: 'json-array' }, geminiBody);
  expect(array.headers['content-type']).toBe('application/json');
  expect(JSON.stringify(array.json())).toContain('"text":"b"');
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toMatchObject({ model: 'm' });
});

test('Gemini pass-through: the model goes into the path, SSE or array as the client asked', async () => {
  const endpoints = [
    {
      dialect: 'gemini',
      path: '/v1beta/models/{model}:generateContent',
      streamPath: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
    },
  ];
  harness.targets = [target(upstream.origin, 'c1', { model: 'up/1', manifest: { endpoints } })];
  const chunk = {
    candidates: [{ content: { parts: [{ text: 'hi' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
  };
  answer = (request, response, body) => {
    if (request.url?.includes('alt=sse'))
      sendStream([`data: ${JSON.stringify(chunk)}\r\n\r\n`])(request, response, body);
    else if (request.url?.includes('stream')) sendJson([chunk])(request, response, body);
    else sendJson(chunk)(request, response, body);
  };
  const url = { codec: gemini, urlModel: 'g' };
  expect((await harness.ask({ ...url, urlStream: false }, geminiBody)).json()).toEqual(chunk);
  expect((await harness.ask({ ...url, urlStream: true }, geminiBody)).text()).toBe(
    `data: ${JSON.stringify(chunk)}\r\n\r\n`,
  );
  expect((await harness.ask({ ...url, urlStream: true, framing: 'json-array' }, geminiBody)).json()).toEqual([chunk]);
  expect(upstream.requests.map((request) => request.path)).toEqual([
    '/v1beta/models/up%2F1:generateContent',
    '/v1beta/models/up%2F1:streamGenerateContent?alt=sse',
    '/v1beta/models/up%2F1:streamGenerateContent',
  ]);
  expect(upstream.requests.every((request) => request.body === JSON.stringify(geminiBody))).toBe(true);
  expect(harness.records.map((record) => record.errorCode)).toEqual([undefined, undefined, undefined]);
  expect(harness.records[0]?.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
});

test('a tool name that the upstream does not take comes back as the client knows it', async () => {
  const original = 'tool/with spaces';
  const renaming = { ...gemini, toolNames: () => new Map([['wire_name', original]]) };
  await harness.close();
  harness = createHarness({ codecs: new Map([['renaming', renaming]]) });
  harness.targets = [target(upstream.origin, 'c1', { manifest: { endpoints: [{ dialect: 'renaming', path: '/g' }] } })];
  const chunk = {
    candidates: [
      { content: { role: 'model', parts: [{ functionCall: { name: 'wire_name', args: {} } }] }, finishReason: 'STOP' },
    ],
  };
  answer = sendJson(chunk);
  const tools = [{ type: 'function', function: { name: original, parameters: { type: 'object', properties: {} } } }];
  const whole = await harness.ask({}, { ...chatBody, tools });
  expect(whole.json()).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name: original } }] } }] });
  answer = sendStream([`data: ${JSON.stringify(chunk)}\n\n`]);
  const stream = await harness.ask({}, { ...chatBody, tools, stream: true });
  expect(stream.text()).toContain(JSON.stringify(original));
});

test('a request that the client codec refuses is a 400 with its path, before anything is sent', async () => {
  harness.targets = [target(upstream.origin)];
  const reply = await harness.ask({ codec: anthropicMessages }, { model: 'm', max_tokens: 'x', messages: [] });
  expect(reply.status).toBe(400);
  expect(reply.text()).toContain('max_tokens');
  expect(upstream.requests).toHaveLength(0);
  expect(harness.pool.log).toEqual([]);
});

test('what a stream lost on its way to the client is in its record', async () => {
  const delta = { type: 'citations_delta', citation: { type: 'char_location', cited_text: 'x' } };
  const cited = { type: 'content_block_delta', index: 0, delta };
  const line = `event: content_block_delta\ndata: ${JSON.stringify(cited)}\n\n`;
  const parts = claudeStream('hello');
  const at = parts.findIndex((part) => part.includes('content_block_stop'));
  answer = sendStream([...parts.slice(0, at), line, ...parts.slice(at)]);
  const reply = await harness.ask({}, { ...chatBody, stream: true });
  expect(readChat(reply.text()).done).toBe(true);
  expect(harness.records[0]?.warnings.map((warning) => warning.path)).toEqual(['choices[0].message.annotations']);
});
