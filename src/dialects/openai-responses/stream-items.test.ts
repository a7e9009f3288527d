import { describe, expect, test } from 'vitest';
import type { GenerationEvent, JsonObject, JsonValue } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';
import { encryptCarried } from './reasoning-item.ts';

/** Events of the decoder between the start of the answer and its end. */
function read(...wire: readonly JsonObject[]): readonly GenerationEvent[] {
  const decoder = openaiResponses.createStreamDecoder();
  const end = { type: 'response.completed', response: { id: 'r', model: 'm' } };
  const events = [...wire, end].flatMap((event) => [
    ...decoder.push({ event: undefined, data: JSON.stringify(event) }),
  ]);
  expect([events[0]?.type, ...events.slice(-2).map(({ type }) => type)]).toStrictEqual([
    'response-start',
    'candidate-end',
    'response-end',
  ]);
  return events.slice(1, -2);
}

const added = (item: JsonObject, output_index = 0): JsonObject => ({
  ...{ type: 'response.output_item.added', output_index, item },
});
const done = (item: JsonObject, output_index = 0): JsonObject => ({
  ...{ type: 'response.output_item.done', output_index, item },
});
const at = (type: string, more: JsonObject, content_index = 0): JsonObject => ({
  ...{ type: `response.${type}`, output_index: 0, content_index },
  ...more,
});

const start = (block: number): GenerationEvent => ({ type: 'text-start', block, candidate: 0 });
const delta = (block: number, text: string, logprobs?: JsonValue[]): GenerationEvent => ({
  ...{ type: 'text-delta', block, text },
  ...(logprobs && { logprobs }),
});
const refusal = (block: number, ...texts: string[]): GenerationEvent[] => [
  { type: 'refusal-start', block, candidate: 0 },
  ...texts.map((text): GenerationEvent => ({ type: 'refusal-delta', block, text })),
  { type: 'block-end', block },
];
const end = (block: number): GenerationEvent => ({ type: 'block-end', block });

const message = { type: 'message', id: 'msg_1' };
const output = (text: string, more: JsonObject = {}): JsonObject => ({ type: 'output_text', text, ...more });
const url = 'https://a.test';
const cited = (citation: JsonValue, known: boolean): GenerationEvent => ({
  ...{ type: 'text-citation', block: 0, dialect: 'openai-responses', citation },
  ...(known && { sources: [{ url }] }),
});

describe('a message', () => {
  test.each<[string, JsonObject[], GenerationEvent[]]>([
    ['without content', [added(message), done(message)], []],
    ['that never ended', [added(message), at('output_text.delta', { delta: 'a' })], [start(0), delta(0, 'a'), end(0)]],
    [
      'in deltas',
      [
        added(message),
        at('content_part.added', { part: output('') }),
        at('output_text.delta', { delta: 'a', logprobs: [] }),
        at('output_text.delta', { delta: '' }),
        at('output_text.delta', { delta: 'b', logprobs: [{ token: 'b' }] }),
        at('output_text.done', { text: 'ab', logprobs: [{ token: 'b' }] }),
        at('content_part.done', { part: output('ab') }),
        done({ ...message, content: [output('ab')] }),
      ],
      [start(0), delta(0, 'a'), delta(0, 'b', [{ token: 'b' }]), end(0)],
    ],
    [
      'whose text comes whole',
      [added(message), at('output_text.done', { text: 'ab', logprobs: [{ token: 'ab' }] })],
      [start(0), delta(0, 'ab', [{ token: 'ab' }]), end(0)],
    ],
    [
      'whose part comes whole',
      [added(message), at('content_part.done', { part: output('ab') }), at('output_text.delta', { delta: 'late' })],
      [start(0), delta(0, 'ab'), end(0)],
    ],
    [
      'that comes whole',
      [done({ ...message, content: [output('ab', { annotations: [{ url }] })] })],
      [start(0), delta(0, 'ab'), cited({ url }, true), end(0)],
    ],
    [
      'whose end brings the rest',
      [
        added(message),
        at('output_text.delta', { delta: 'a' }),
        at('output_text.annotation.added', { annotation: {} }),
        done({ ...message, content: [output('abc', { annotations: [{}, { url }] })] }),
      ],
      [start(0), delta(0, 'a'), cited({}, false), delta(0, 'bc'), cited({ url }, true), end(0)],
    ],
    [
      'with an annotation that is none',
      [added(message), at('output_text.annotation.added', {})],
      [start(0), cited(null, false), end(0)],
    ],
    [
      'of two parts',
      [
        added(message),
        at('output_text.delta', { delta: 'a' }),
        at('content_part.done', { part: output('a') }),
        at('output_text.annotation.added', { annotation: { url } }),
        at('output_text.delta', { delta: 'b' }, 1),
      ],
      [start(0), delta(0, 'a'), end(0), start(1), delta(1, 'b'), end(1)],
    ],
    [
      'with a refusal in deltas',
      [
        added(message),
        at('refusal.delta', { delta: 'n' }),
        at('refusal.delta', { delta: '' }),
        at('refusal.done', { refusal: 'no' }),
        at('content_part.done', { part: { type: 'refusal', refusal: 'no' } }),
        at('refusal.delta', { delta: 'late' }),
        done({ ...message, content: [{ type: 'refusal', refusal: 'no' }] }),
      ],
      refusal(0, 'n', 'o'),
    ],
    ['with a refusal that comes whole', [added(message), at('refusal.done', { refusal: 'no' })], refusal(0, 'no')],
    [
      'with a refusal announced',
      [added(message), at('content_part.added', { part: { type: 'refusal' } }), at('refusal.delta', { delta: 'no' })],
      refusal(0, 'no'),
    ],
    [
      'with parts that are not known',
      [
        added(message),
        at('content_part.added', { part: { type: 'later' } }),
        at('content_part.done', { part: { type: 'later' } }),
        at('content_part.done', {}),
        at('content_part.added', { part: 'x' }),
        at('later', { delta: 'x' }),
        done({ ...message, content: [{ type: 'later' }, output('a')] }),
      ],
      [start(0), delta(0, 'a'), end(0)],
    ],
  ])('%s', (_, wire, events) => {
    expect(read(...wire)).toStrictEqual(events);
  });
});

const reasoning = { type: 'reasoning', id: 'rs_1' };
const thought = (summary: boolean, texts: string[], more: GenerationEvent[] = []): GenerationEvent[] => [
  { type: 'reasoning-start', block: 0, candidate: 0, summary, redacted: false, id: 'rs_1' },
  ...texts.map((text): GenerationEvent => ({ type: 'reasoning-delta', block: 0, text })),
  ...more,
  end(0),
];
const part = (text: string): JsonObject => ({ type: 'summary_text', text });

describe('reasoning', () => {
  test.each<[string, JsonObject[], GenerationEvent[]]>([
    ['that never began', [added(reasoning)], []],
    ['with nothing in it', [added(reasoning), done({ ...reasoning, summary: [] })], thought(true, [])],
    [
      'summed up',
      [added(reasoning), done({ ...reasoning, summary: [part('a'), part('b')] })],
      thought(true, ['a\n\nb']),
    ],
    [
      'itself',
      [added(reasoning), done({ ...reasoning, summary: [], content: [{ type: 'reasoning_text', text: 'a' }] })],
      thought(false, ['a']),
    ],
    [
      'summed up in parts',
      [
        added(reasoning),
        at('reasoning_summary_part.added', {}),
        at('reasoning_summary_text.delta', { delta: 'a' }),
        at('reasoning_summary_text.delta', { delta: 'b' }),
        at('reasoning_summary_text.done', { text: 'ab' }),
        at('reasoning_summary_part.added', {}),
        at('reasoning_summary_text.delta', { delta: '' }),
        at('reasoning_summary_text.delta', { delta: 'c' }),
        at('reasoning_text.delta', { delta: 'the same' }),
        at('reasoning_text.done', { text: 'the same' }),
        done({ ...reasoning, summary: [part('ab'), part('c')] }),
      ],
      thought(true, ['a', 'b', '\n\nc']),
    ],
    [
      'in parts that only end',
      [
        added(reasoning),
        at('reasoning_summary_text.delta', { delta: 'a' }),
        at('reasoning_summary_part.done', {}),
        at('reasoning_summary_text.delta', { delta: 'b' }),
      ],
      thought(true, ['a', '\n\nb']),
    ],
    [
      'itself in parts',
      [
        added(reasoning),
        at('reasoning_text.delta', { delta: 'a' }),
        at('content_part.done', {}),
        at('reasoning_text.delta', { delta: 'b' }),
        at('reasoning_summary_text.done', { text: 'sum' }),
      ],
      thought(false, ['a', '\n\nb']),
    ],
    [
      'whose summary comes whole',
      [added(reasoning), at('reasoning_summary_text.done', { text: 'a' })],
      thought(true, ['a']),
    ],
    ['that comes whole', [added(reasoning), at('reasoning_text.done', { text: 'a' })], thought(false, ['a'])],
  ])('%s', (_, wire, events) => {
    expect(read(...wire)).toStrictEqual(events);
  });

  test('without an id has none', () => {
    expect(read(done({ type: 'reasoning', summary: [part('a')] }))).toStrictEqual([
      { type: 'reasoning-start', block: 0, candidate: 0, summary: true, redacted: false },
      { type: 'reasoning-delta', block: 0, text: 'a' },
      end(0),
    ]);
  });
});

const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f' };
const called = (kind: 'function' | 'custom', texts: string[], more: GenerationEvent[] = []): GenerationEvent[] => [
  { type: 'tool-call-start', block: 0, candidate: 0, id: 'c1', name: 'f', kind },
  ...texts.map((text): GenerationEvent => ({ type: 'tool-call-delta', block: 0, arguments: text })),
  ...more,
  end(0),
];

describe('a call', () => {
  test.each<[string, JsonObject[], GenerationEvent[]]>([
    ['that never ended', [added(call)], called('function', [])],
    ['without a name that never ended', [added({ ...call, name: '' })], []],
    ['that comes whole', [done({ ...call, arguments: '{}' })], called('function', ['{}'])],
    [
      'of a custom tool that comes whole',
      [done({ ...call, type: 'custom_tool_call', input: 'ls' })],
      called('custom', ['ls']),
    ],
    [
      'in deltas',
      [
        added(call),
        at('function_call_arguments.delta', { delta: '{' }),
        at('function_call_arguments.delta', { delta: '' }),
        at('custom_tool_call_input.delta', { delta: 'another kind' }),
        at('custom_tool_call_input.done', { arguments: 'another kind' }),
        at('function_call_arguments.later', { delta: 'x', arguments: 'more than one' }),
        at('function_call_arguments.done', { arguments: '{"a"' }),
        done({ ...call, arguments: '{"a":1}' }),
      ],
      called('function', ['{', '"a"', ':1}']),
    ],
    [
      'of a custom tool in deltas',
      [
        added({ ...call, type: 'custom_tool_call' }),
        at('custom_tool_call_input.delta', { delta: 'l' }),
        at('custom_tool_call_input.done', { input: 'ls' }),
        done({ ...call, type: 'custom_tool_call', input: 'ls' }),
      ],
      called('custom', ['l', 's']),
    ],
    [
      'whose name comes at the end',
      [
        added({ ...call, name: '' }),
        at('function_call_arguments.delta', { delta: '{' }),
        at('function_call_arguments.done', { arguments: '{}' }),
        done({ type: 'function_call', name: 'f', arguments: '{}' }),
      ],
      called('function', ['{}']),
    ],
  ])('%s', (_, wire, events) => {
    expect(read(...wire)).toStrictEqual(events);
  });

  test('without a name at all is one', () => {
    const [first] = read(done({ type: 'function_call', id: 'fc_1' }));
    expect(first).toStrictEqual({
      ...{ type: 'tool-call-start', block: 0, candidate: 0, id: 'fc_1', name: '', kind: 'function' },
    });
  });
});

describe('the signature of another provider', () => {
  const signature = { origin: 'gemini', value: 'sig' };
  const carrier = (callId: string | undefined): JsonObject => ({
    ...{ type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: encryptCarried(signature, callId) },
  });
  const signed = (block: number): GenerationEvent => ({ type: 'block-signature', block, signature });

  test.each<[string, JsonObject[], GenerationEvent[]]>([
    ['for the call before', [done(call), done(carrier('c1'), 1)], called('function', [], [signed(0)])],
    [
      'for the text before',
      [done({ ...message, content: [output('a')] }), done(carrier(undefined), 1)],
      [start(0), delta(0, 'a'), signed(0), end(0)],
    ],
    ['for a call that there is not', [done(call), done(carrier('c2'), 1)], called('function', [])],
    ['for a text that there is not', [done(call), done(carrier(undefined), 1)], called('function', [])],
    [
      'for a call that has ended',
      [done(call), done({ ...message, content: [output('a')] }, 1), done(carrier('c1'), 2)],
      [...called('function', []), start(1), delta(1, 'a'), end(1)],
    ],
    [
      'for a text that has ended',
      [done({ ...message, content: [output('a')] }), done(call, 1), done(carrier(undefined), 2)],
      [
        ...[start(0), delta(0, 'a'), end(0)],
        { type: 'tool-call-start', block: 1, candidate: 0, id: 'c1', name: 'f', kind: 'function' },
        end(1),
      ],
    ],
  ])('%s', (_, wire, events) => {
    expect(read(...wire)).toStrictEqual(events);
  });
});

describe('an item that comes whole', () => {
  test.each<[JsonObject, GenerationEvent]>([
    [
      { type: 'later', id: 'x' },
      { type: 'opaque', block: 0, candidate: 0, dialect: 'openai-responses', value: { type: 'later', id: 'x' } },
    ],
    [
      { type: 'image_generation_call', id: 'ig_1', result: 'AA==', revised_prompt: 'a cat' },
      {
        type: 'media',
        block: 0,
        candidate: 0,
        part: {
          type: 'media',
          kind: 'image',
          source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
          revisedPrompt: 'a cat',
        },
      },
    ],
    [
      { type: 'code_interpreter_call', id: 'ci_1', code: '1' },
      {
        type: 'server-tool',
        block: 0,
        candidate: 0,
        part: {
          ...{ type: 'server-tool', phase: 'whole', id: 'ci_1', origin: 'openai-responses', tool: 'code-execution' },
          ...{ language: 'python', code: '1', value: { type: 'code_interpreter_call', id: 'ci_1', code: '1' } },
        },
      },
    ],
  ])('%j', (item, event) => {
    expect(read(added(item), at('later.in_progress', {}), done(item))).toStrictEqual([event]);
    expect(read(added(item))).toStrictEqual([]);
  });
});
