import { describe, expect, test } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { collectEvents } from '../../ir/collect.ts';
import { emptyUsage, type GenerationEvent, type JsonObject } from '../../ir/index.ts';
import { openaiChat as codec } from './index.ts';

const usage = { ...emptyUsage, inputTokens: 1, outputTokens: 2 };
const start: GenerationEvent = { type: 'response-start', id: '', model: 'upstream' };
const stop: GenerationEvent = { type: 'candidate-end', candidate: 0, finishReason: 'stop' };
const end: GenerationEvent = { type: 'response-end', usage };

function encoder(body: JsonObject = {}) {
  const request = codec.decodeRequest({ model: 'm', messages: [], ...body }, {});
  return codec.createStreamEncoder({
    model: 'mine',
    request,
    nowS: 7,
    newId: (prefix) => `${prefix}new`,
    framing: 'sse',
  });
}

/** The data of each frame; every frame must be one line of data. */
function write(events: readonly GenerationEvent[], body: JsonObject = {}) {
  const stream = encoder(body);
  const text = events.map((event) => stream.push(event)).join('');
  const frames = text.split('\n\n').slice(0, -1);
  return frames.map((frame) => {
    expect(frame).toMatch(/^data: [^\n]+$/);
    return frame === 'data: [DONE]' ? '[DONE]' : JSON.parse(frame.slice(6));
  });
}
const deltas = (events: readonly GenerationEvent[], body: JsonObject = {}) =>
  write([start, ...events, stop, end], body)
    .slice(1, -2)
    .map((chunk) => chunk.choices[0].delta);

test('a stream is a role chunk, content, the finish reason and [DONE]', () => {
  const frames = write([
    start,
    { type: 'text-start', block: 0, candidate: 0 },
    { type: 'text-delta', block: 0, text: 'a\n"b"\u2028' },
    { type: 'block-end', block: 0 },
    stop,
    end,
  ]);
  const chunk = (delta: object, finish: string | null) => ({
    id: 'chatcmpl-new',
    object: 'chat.completion.chunk',
    created: 7,
    model: 'mine',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  expect(frames).toStrictEqual([
    chunk({ role: 'assistant', content: '', refusal: null }, null),
    chunk({ content: 'a\n"b"\u2028' }, null),
    chunk({}, 'stop'),
    '[DONE]',
  ]);
});

test('usage is written only when the client asked for it', () => {
  expect(write([start, stop, end]).filter((frame) => frame.usage)).toStrictEqual([]);
  const asked = write([start, stop, end], { stream_options: { include_usage: true } });
  expect(asked.at(-2)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
});

test('usage that nobody told is not written as zeros', () => {
  const untold: GenerationEvent = { type: 'response-end', usage: emptyUsage };
  const asked = write([start, stop, untold], { stream_options: { include_usage: true } });
  expect(asked.filter((frame) => frame.usage)).toStrictEqual([]);
  const cached: GenerationEvent = { type: 'response-end', usage: { ...emptyUsage, cachedReadTokens: 1 } };
  expect(write([start, stop, cached], { stream_options: { include_usage: true } }).at(-2)).toMatchObject({
    usage: { prompt_tokens: 1 },
  });
});

test('calls are numbered from 0 in each candidate, whatever their blocks', () => {
  const open = (block: number, candidate: number, id: string): GenerationEvent => ({
    type: 'tool-call-start',
    block,
    candidate,
    id,
    name: 'f',
    kind: 'function',
  });
  const frames = write([
    start,
    open(4, 0, 'a'),
    open(5, 1, 'b'),
    open(6, 0, 'c'),
    { type: 'tool-call-delta', block: 6, arguments: '{}' },
  ]);
  const calls = frames.flatMap(({ choices: [{ index, delta }] }) =>
    (delta.tool_calls ?? []).map((call: { index: number; id?: string }) => [index, call.index, call.id]),
  );
  expect(calls).toStrictEqual([
    [0, 0, 'a'],
    [1, 0, 'b'],
    [0, 1, 'c'],
    [0, 1, undefined],
  ]);
});

test('clients of the older API get function_call', () => {
  const events: GenerationEvent[] = [
    { type: 'tool-call-start', block: 0, candidate: 0, id: 'a', name: 'f', kind: 'function' },
    { type: 'tool-call-delta', block: 0, arguments: '{}' },
    { type: 'block-end', block: 0 },
  ];
  expect(deltas(events, { functions: [{ name: 'f' }] })).toStrictEqual([
    { function_call: { name: 'f', arguments: '' } },
    { function_call: { arguments: '{}' } },
  ]);
});

test('a custom tool that was called as a function is unwrapped', () => {
  const tools = [{ type: 'custom', custom: { name: 'patch' } }];
  const events: GenerationEvent[] = [
    { type: 'tool-call-start', block: 0, candidate: 0, id: 'a', name: 'patch', kind: 'function' },
    { type: 'tool-call-delta', block: 0, arguments: '{"input":"free' },
    { type: 'tool-call-delta', block: 0, arguments: ' text"}' },
    { type: 'block-end', block: 0 },
  ];
  expect(deltas(events, { tools })).toStrictEqual([
    { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'patch', input: '' } }] },
    { tool_calls: [{ index: 0, custom: { input: 'free text' } }] },
  ]);
  const request = codec.decodeRequest({ model: 'm', messages: [], tools }, {});
  const context = { model: 'm', request, nowS: 7, newId: (prefix: string) => prefix, framing: 'sse' } as const;
  const response = collectEvents([start, ...events, stop, end]);
  expect(codec.encodeResponse(response, context).value['choices']).toMatchObject([
    { message: { tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'patch', input: 'free text' } }] } },
  ]);
});

test('a foreign signature is tagged with its origin', () => {
  const events: GenerationEvent[] = [
    { type: 'reasoning-start', block: 0, candidate: 0, summary: true, redacted: false, id: 'rs_1' },
    { type: 'reasoning-delta', block: 0, text: 'hm' },
    { type: 'block-signature', block: 0, signature: { origin: 'openai-responses', value: 'enc' } },
    { type: 'block-end', block: 0 },
  ];
  expect(deltas(events)).toStrictEqual([
    { reasoning_content: 'hm' },
    {
      reasoning_details: [
        { type: 'reasoning.summary', summary: 'hm', signature: 'llmproxy.openai-responses.enc', id: 'rs_1', index: 0 },
      ],
    },
  ]);
});

describe('errors', () => {
  test('a broken stream ends with an error and no [DONE]', () => {
    const text = encoder().fail(new ProxyError('upstream_timeout', 'too slow'));
    expect(text).toBe(
      'data: {"error":{"message":"too slow","type":"server_error","param":null,"code":"upstream_timeout"}}\n\n',
    );
  });
});

test.each([
  ['function', { function: { arguments: '' } }],
  ['custom', { custom: { input: '' } }],
] as const)('the signature of a %s call comes with an empty input of its kind', (kind, empty) => {
  const [, signed] = deltas([
    { type: 'tool-call-start', block: 0, candidate: 0, id: 'a', name: 'f', kind },
    { type: 'block-signature', block: 0, signature: { origin: 'openai-chat', value: 's' } },
    { type: 'block-end', block: 0 },
  ]);
  const extra_content = { google: { thought_signature: 's' } };
  expect(signed).toStrictEqual({ tool_calls: [{ index: 0, ...empty, extra_content }] });
});
