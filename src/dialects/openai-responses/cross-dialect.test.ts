import { expect, it } from 'vitest';
import { ProxyError, upstreamError } from '../../errors.ts';
import type { GenerationEvent, GenerationRequest, JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiResponses } from './index.ts';

const foreign = (more: Partial<GenerationRequest>): GenerationRequest => ({
  model: 'm',
  stream: true,
  messages: [],
  tools: [],
  sampling: {},
  extensions: {},
  ...more,
});
const encode = (more: Partial<GenerationRequest>, levels?: string[]): { value: JsonObject; paths: string[] } => {
  const target = { model: 'up', stream: true, quirks: {}, ...(levels ? { reasoning: { levels } } : {}) };
  const { value, warnings } = openaiResponses.encodeRequest(foreign(more), target);
  return { value, paths: warnings.map((warning) => warning.path) };
};
const context = (body: JsonObject): ReplyContext => ({
  model: 'client-model',
  request: openaiResponses.decodeRequest({ model: 'm', input: 'x', ...body }, {}),
  nowS: 7,
  newId: (prefix) => `${prefix}fresh`,
  framing: 'sse',
});
const frames = (text: string): JsonObject[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? '') as JsonObject);
const stream = (events: GenerationEvent[], body: JsonObject = {}): JsonObject[] => {
  const encoder = openaiResponses.createStreamEncoder(context(body));
  return frames(events.map((event) => encoder.push(event)).join(''));
};
const outputOf = (events: readonly JsonObject[]): JsonObject[] => {
  const response = events.at(-1)?.['response'] as JsonObject;
  return response['output'] as JsonObject[];
};
const usage = { inputTokens: 1, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 };
const around = (events: GenerationEvent[], finishReason: 'stop' | 'tool-calls' = 'stop'): GenerationEvent[] => [
  { type: 'response-start', id: 'msg_up', model: 'up' },
  ...events,
  { type: 'candidate-end', candidate: 0, finishReason },
  { type: 'response-end', usage },
];

it('sends leading system messages as instructions and later ones as developer messages', () => {
  const text = (value: string) => [{ type: 'text' as const, text: value }];
  const { value, paths } = encode({
    messages: [
      { role: 'system', content: [...text('a'), ...text('b')], path: 'system' },
      { role: 'user', content: text('u'), path: 'messages[0]' },
      { role: 'system', content: text('late'), path: 'messages[1]' },
    ],
  });
  expect(value).toStrictEqual({
    model: 'up',
    instructions: 'a\n\nb',
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'u' }] },
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'late' }] },
    ],
    store: false,
    include: ['reasoning.encrypted_content'],
    stream: true,
  });
  expect(paths).toStrictEqual([]);
});

it('names what it cannot send', () => {
  const { value, paths } = encode({
    sampling: { stop: ['x'], topK: 3, seed: 1, candidateCount: 2, temperature: 0.5 },
    extensions: { 'anthropic-messages': { future_field: 1 } },
    messages: [
      {
        role: 'assistant',
        content: [
          {
            type: 'reasoning',
            text: 't',
            summary: false,
            redacted: false,
            signature: { origin: 'anthropic-messages', value: 'E' },
          },
          { type: 'text', text: 'ok' },
        ],
        path: 'messages[0]',
      },
    ],
  });
  expect(paths).toStrictEqual([
    'sampling.stop',
    'sampling.topK',
    'sampling.seed',
    'sampling.candidateCount',
    'future_field',
    'messages[0].content[0]',
  ]);
  expect(value['temperature']).toBe(0.5);
  expect(value['input']).toStrictEqual([
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
  ]);
});

it('shortens long call ids alike on the call and on its output', () => {
  const id = `call_${'x'.repeat(90)}`;
  const { value } = encode({
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id, name: 'f', kind: 'function', arguments: '' }],
        path: 'messages[0]',
      },
      {
        role: 'user',
        content: [{ type: 'tool-result', callId: id, content: [], isError: false, kind: 'function' }],
        path: 'messages[1]',
      },
    ],
  });
  const short = `${id.slice(0, 47)}_`;
  expect(value['input']).toStrictEqual([
    { type: 'function_call', call_id: expect.stringContaining(short), name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: expect.stringContaining(short), output: '' },
  ]);
  const ids = (value['input'] as JsonObject[]).map((item) => item['call_id']);
  expect(ids[0]).toBe(ids[1]);
  expect(String(ids[0])).toHaveLength(64);
});

it('says nothing of reasoning where it would say that it is not shown', () => {
  expect(encode({ reasoning: { summary: 'none' } }).value).not.toHaveProperty('reasoning');
  expect(encode({ reasoning: { summary: 'none', effort: 'low' } }).value['reasoning']).toStrictEqual({ effort: 'low' });
});

it('turns a reasoning budget into the nearest level of the model', () => {
  expect(encode({ reasoning: { budgetTokens: 4000 } }).value['reasoning']).toStrictEqual({
    effort: 'medium',
    summary: 'auto',
  });
  expect(encode({ reasoning: { budgetTokens: 40_000 } }, ['low', 'high']).value['reasoning']).toStrictEqual({
    effort: 'high',
    summary: 'auto',
  });
  expect(encode({ reasoning: { budgetTokens: 0 } }).value['reasoning']).toStrictEqual({ effort: 'none' });
});

it('marks functions of other dialects as not strict', () => {
  const { value } = encode({ tools: [{ type: 'function', name: 'f', path: 'tools[0]' }] });
  expect(value['tools']).toStrictEqual([
    { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
  ]);
});

it('gives a custom tool call back that an upstream without custom tools answered as a function', () => {
  const tools = [{ type: 'custom', name: 'apply_patch' }];
  const events = stream(
    around(
      [
        { type: 'tool-call-start', block: 0, candidate: 0, id: 'c1', name: 'apply_patch', kind: 'function' },
        { type: 'tool-call-delta', block: 0, arguments: '{"input":"*** Be' },
        { type: 'tool-call-delta', block: 0, arguments: 'gin"}' },
        { type: 'block-end', block: 0 },
      ],
      'tool-calls',
    ),
    { tools },
  );
  expect(events.slice(2, -1).map((event) => [event['type'], event['delta'] ?? event['input']])).toStrictEqual([
    ['response.output_item.added', undefined],
    ['response.custom_tool_call_input.delta', '*** Begin'],
    ['response.custom_tool_call_input.done', '*** Begin'],
    ['response.output_item.done', undefined],
  ]);
  const item = {
    id: 'ctc_msg_up_0',
    type: 'custom_tool_call',
    status: 'completed',
    call_id: 'c1',
    input: '*** Begin',
    name: 'apply_patch',
  };
  expect(events.at(-1)?.['response']).toMatchObject({ id: 'resp_msg_up', status: 'completed', output: [item] });
});

it('restores the namespace of a tool call', () => {
  const tools = [{ type: 'namespace', name: 'ns', description: 'd', tools: [{ type: 'function', name: 'tool' }] }];
  const events = stream(
    around([
      { type: 'tool-call-start', block: 0, candidate: 0, id: 'c1', name: 'ns__tool', kind: 'function' },
      { type: 'block-end', block: 0 },
    ]),
    { tools },
  );
  const item = { call_id: 'c1', name: 'tool', namespace: 'ns', arguments: '{}' };
  expect(events.at(-1)?.['response']).toMatchObject({ output: [item], tools });
});

it('carries signatures of calls and text through a client and back', () => {
  const signature = { origin: 'gemini', value: 'c2ln' };
  const events = around(
    [
      { type: 'text-start', block: 0, candidate: 0 },
      { type: 'text-delta', block: 0, text: 'hi' },
      { type: 'block-signature', block: 0, signature },
      { type: 'block-end', block: 0 },
      { type: 'tool-call-start', block: 1, candidate: 0, id: 'c:1', name: 'f', kind: 'function' },
      { type: 'tool-call-delta', block: 1, arguments: '{}' },
      { type: 'block-signature', block: 1, signature },
      { type: 'block-end', block: 1 },
    ],
    'tool-calls',
  );
  const wire = stream(events);
  const decoder = openaiResponses.createStreamDecoder();
  const decoded = wire.flatMap((event) => decoder.push({ event: undefined, data: JSON.stringify(event) }));
  expect(decoded.slice(1)).toStrictEqual(events.slice(1));

  const output = outputOf(wire);
  const next = openaiResponses.decodeRequest({ model: 'm', input: output }, {});
  expect(next.messages).toHaveLength(1);
  expect(next.messages[0]?.content).toStrictEqual([
    { type: 'text', text: 'hi', signature },
    { type: 'tool-call', id: 'c:1', name: 'f', kind: 'function', arguments: '{}', signature },
  ]);
});

it('restores redacted reasoning from its encrypted content', () => {
  const signature = { origin: 'anthropic-messages', value: 'EmfAke' };
  const wire = stream(
    around([
      { type: 'reasoning-start', block: 0, candidate: 0, summary: false, redacted: true },
      { type: 'block-signature', block: 0, signature },
      { type: 'block-end', block: 0 },
    ]),
  );
  const [item] = outputOf(wire);
  expect(item).toStrictEqual({
    id: 'rs_msg_up_0',
    type: 'reasoning',
    summary: [],
    encrypted_content: 'llmproxy.anthropic-messages.redacted:EmfAke',
  });
  const next = openaiResponses.decodeRequest({ model: 'm', input: [item ?? {}] }, {});
  expect(next.messages[0]?.content[0]).toMatchObject({ redacted: true, signature });
});

it('ends a broken stream with an error and a failed response', () => {
  const encoder = openaiResponses.createStreamEncoder(context({}));
  encoder.push({ type: 'response-start', id: 'resp_1', model: 'up' });
  const error = upstreamError({ status: 429, message: 'slow down' });
  const written = frames(encoder.fail(error));
  expect(written).toStrictEqual([
    { type: 'error', sequence_number: 2, code: 'rate_limit_exceeded', message: 'slow down', param: null },
    {
      type: 'response.failed',
      sequence_number: 3,
      response: expect.objectContaining({ status: 'failed', id: 'resp_1' }),
    },
  ]);
});

it('writes errors in its own shape', () => {
  const error = new ProxyError('unauthorized', 'no key');
  expect(openaiResponses.encodeError(error)).toStrictEqual({
    error: { message: 'no key', type: 'authentication_error', param: null, code: 'invalid_api_key' },
  });
  expect(openaiResponses.decodeError(400, { detail: 'Unsupported parameter' }).message).toBe('Unsupported parameter');
  expect(openaiResponses.decodeError(502, '<html>bad gateway</html>').message).toBe('upstream answered 502');
});

it('sends tool names that the API takes and knows them again', () => {
  const long = `mcp__${'server'.repeat(12)}__tool`;
  const names = ['fine', 'a.b:c', long];
  const request = foreign({
    tools: names.map((name, index) => ({ type: 'function', name, path: `tools[${index}]` })),
    toolChoice: { type: 'tool', name: 'a.b:c' },
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'c', name: long, kind: 'function', arguments: '{}' }],
        path: 'messages[0]',
      },
    ],
  });
  const { value } = openaiResponses.encodeRequest(request, { model: 'up', stream: false, quirks: {} });
  const sent = (value['tools'] as JsonObject[]).map((tool) => String(tool['name']));
  expect(sent[0]).toBe('fine');
  for (const name of sent) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(openaiResponses.toolNames?.(request)).toStrictEqual(
    new Map([
      [sent[1], 'a.b:c'],
      [sent[2], long],
    ]),
  );
  expect(value['tool_choice']).toStrictEqual({ type: 'function', name: sent[1] });
  expect(value['input']).toStrictEqual([
    { type: 'function_call', call_id: 'c', name: sent[2], arguments: '{}' },
    { type: 'function_call_output', call_id: 'c', output: 'no result was given' },
  ]);
});
