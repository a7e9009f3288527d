/** Every kind of delta, as the events it is read as. */
import { describe, expect, test } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject } from '../../ir/index.ts';
import { openaiChat as codec } from './index.ts';

type Delta = JsonObject;
/** The events of all chunks. */
function read(...data: readonly (object | string)[]): GenerationEvent[] {
  const decoder = codec.createStreamDecoder();
  const events = data.flatMap((chunk) =>
    decoder.push({ event: undefined, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }),
  );
  return [...events, ...decoder.end()];
}
const choice = (delta: Delta, more: object = {}): object => ({ choices: [{ index: 0, delta, ...more }] });

/** What lies between the start of the answer and the end of its candidate. */
function body(...deltas: readonly Delta[]): GenerationEvent[] {
  const events = read(...deltas.map((delta) => choice(delta)), choice({}, { finish_reason: 'stop' }), '[DONE]');
  expect(events[0]).toStrictEqual({ type: 'response-start', id: '', model: '' });
  expect(events.at(-1)).toStrictEqual({ type: 'response-end', usage: emptyUsage });
  expect(events.at(-2)?.type).toBe('candidate-end');
  return events.slice(1, -2);
}

const text = (block: number, ...pieces: string[]): GenerationEvent[] => [
  { type: 'text-start', block, candidate: 0 },
  ...pieces.map((piece): GenerationEvent => ({ type: 'text-delta', block, text: piece })),
  { type: 'block-end', block },
];
const thoughts = (block: number, pieces: string[], more: object = {}, signature?: object): GenerationEvent[] => [
  { type: 'reasoning-start', block, candidate: 0, summary: false, redacted: false, ...more },
  ...pieces.map((piece): GenerationEvent => ({ type: 'reasoning-delta', block, text: piece })),
  ...(signature === undefined ? [] : [{ type: 'block-signature', block, signature } as GenerationEvent]),
  { type: 'block-end', block },
];
const callOf = (
  block: number,
  id: string,
  pieces: string[],
  more: object = {},
  signature?: object,
): GenerationEvent[] => [
  { type: 'tool-call-start', block, candidate: 0, id, name: 'f', kind: 'function', ...more },
  ...pieces.map((piece): GenerationEvent => ({ type: 'tool-call-delta', block, arguments: piece })),
  ...(signature === undefined ? [] : [{ type: 'block-signature', block, signature } as GenerationEvent]),
  { type: 'block-end', block },
];
const own = (value: string): object => ({ origin: 'openai-chat', value });
const google = (thought_signature: string): JsonObject => ({ extra_content: { google: { thought_signature } } });
const entry = (more: JsonObject): JsonObject => ({ reasoning_details: [{ type: 'reasoning.text', ...more }] });

describe('text and refusals', () => {
  test.each<[string, Delta[], GenerationEvent[]]>([
    ['pieces', [{ role: 'assistant', content: '' }, { content: 'a' }, { content: 'b' }], text(0, 'a', 'b')],
    ['nothing', [{}, { content: null }, { refusal: null }, { refusal: '' }, { tool_calls: [] }], []],
    [
      'a refusal ends the text',
      [{ content: 'a' }, { refusal: 'n' }, { refusal: 'o' }, { content: 'b' }],
      [
        ...text(0, 'a'),
        { type: 'refusal-start', block: 1, candidate: 0 },
        { type: 'refusal-delta', block: 1, text: 'n' },
        { type: 'refusal-delta', block: 1, text: 'o' },
        { type: 'block-end', block: 1 },
        ...text(2, 'b'),
      ],
    ],
    [
      'items of content',
      [{ content: ['a', { type: 'thinking', thinking: 'r' }, { type: 'text', text: 'b' }] }],
      [...text(0, 'a'), ...thoughts(1, ['r']), ...text(2, 'b')],
    ],
    [
      'a signature of the text, which stays open',
      [{ content: 'a' }, google('s'), { content: 'b' }],
      [
        { type: 'text-start', block: 0, candidate: 0 },
        { type: 'text-delta', block: 0, text: 'a' },
        { type: 'text-delta', block: 0, text: 'b' },
        { type: 'block-signature', block: 0, signature: { origin: 'openai-chat', value: 's' } },
        { type: 'block-end', block: 0 },
      ],
    ],
    [
      'a signature without text',
      [google('llmproxy.gemini.s')],
      [
        { type: 'text-start', block: 0, candidate: 0 },
        { type: 'block-signature', block: 0, signature: { origin: 'gemini', value: 's' } },
        { type: 'block-end', block: 0 },
      ],
    ],
    [
      'annotations, known and not',
      [{ content: 'a' }, { annotations: [{ url_citation: { url: 'u' } }, { x: 1 }] }, { annotations: {} }],
      [
        { type: 'text-start', block: 0, candidate: 0 },
        { type: 'text-delta', block: 0, text: 'a' },
        {
          type: 'text-citation',
          block: 0,
          dialect: 'openai-chat',
          citation: { url_citation: { url: 'u' } },
          sources: [{ url: 'u' }],
        },
        { type: 'text-citation', block: 0, dialect: 'openai-chat', citation: { x: 1 } },
        { type: 'block-end', block: 0 },
      ],
    ],
  ])('%s', (_, deltas, events) => {
    expect(body(...deltas)).toStrictEqual(events);
  });

  test('token probabilities come with their text, even an empty one', () => {
    const logprobs = { content: [{ token: 'a' }] };
    const events = read(
      choice({ content: 'a' }, { logprobs }),
      choice({ content: '' }, { logprobs }),
      choice({ content: 'b' }, { logprobs: { content: [] } }),
      choice({}, { finish_reason: 'stop' }),
    );
    expect(events.filter(({ type }) => type === 'text-delta')).toStrictEqual([
      { type: 'text-delta', block: 0, text: 'a', logprobs: logprobs.content },
      { type: 'text-delta', block: 0, text: '', logprobs: logprobs.content },
      { type: 'text-delta', block: 0, text: 'b' },
    ]);
  });

  test('content that is neither is the upstream’s fault', () => {
    expect(() => read(choice({ content: 5 }))).toThrow(
      expect.objectContaining({
        code: 'upstream_invalid_response',
        message: "the upstream's answer is malformed: delta.content: must be a string or an array",
      }),
    );
  });
});

describe('media', () => {
  const image = (block: number, source: object): GenerationEvent =>
    ({ type: 'media', block, candidate: 0, part: { type: 'media', kind: 'image', source } }) as GenerationEvent;
  const sound = (block: number, data: string): GenerationEvent => ({
    type: 'media',
    block,
    candidate: 0,
    part: { type: 'media', kind: 'audio', source: { type: 'base64', mediaType: 'audio/pcm', data } },
  });

  test.each<[string, Delta[], GenerationEvent[]]>([
    [
      'an image ends the text',
      [{ content: 'a' }, { images: [{ image_url: { url: 'u' } }] }, { content: 'b' }],
      [...text(0, 'a'), image(1, { type: 'url', url: 'u' }), ...text(2, 'b')],
    ],
    [
      'audio is whole at the end, its transcript is text',
      [{ audio: { data: 'AA', transcript: 'l' } }, { audio: { transcript: 'a', data: 'BB' } }, { audio: { data: 5 } }],
      [...text(0, 'l', 'a'), sound(1, 'AABB')],
    ],
    [
      'audio without a sound',
      [{ audio: { id: 'x', transcript: '' } }, { audio: null }, { audio: { transcript: 5 } }],
      [],
    ],
  ])('%s', (_, deltas, events) => {
    expect(body(...deltas)).toStrictEqual(events);
  });
});

describe('reasoning', () => {
  const kept = (more: JsonObject): object => own(JSON.stringify({ type: 'reasoning.text', ...more }));

  test.each<[string, Delta[], GenerationEvent[]]>([
    ['of one name', [{ reasoning_content: 'a' }, { reasoning_content: 'b' }], thoughts(0, ['a', 'b'])],
    ['of the other', [{ reasoning: 'a' }, { reasoning: '' }, { reasoning_content: null }], thoughts(0, ['a'])],
    ['no text', [{ reasoning_content: 5 }, { reasoning_details: {} }, { reasoning_details: [5, {}] }], []],
    ['in entries', [entry({ text: 'a' }), entry({ text: 'b' })], thoughts(0, ['a', 'b'])],
    [
      'a signature ends it',
      [entry({ text: 'a', signature: 's' }), entry({ text: 'b' })],
      [...thoughts(0, ['a'], {}, kept({ signature: 's' })), ...thoughts(1, ['b'])],
    ],
    [
      'summaries say so',
      [{ reasoning_details: [{ type: 'reasoning.summary', summary: 'a' }] }],
      thoughts(0, ['a'], { summary: true }),
    ],
    [
      'the plain text is not repeated by its entry',
      [{ reasoning: 'a', ...entry({ text: 'a' }) }, entry({ signature: 's' })],
      thoughts(0, ['a'], {}, kept({ signature: 's' })),
    ],
    [
      'a signature alone opens one',
      [{ content: 'a' }, entry({ signature: 's' })],
      [...text(0, 'a'), ...thoughts(1, [], {}, kept({ signature: 's' }))],
    ],
    [
      'a signature of another comes with its id',
      [entry({ text: 'a', signature: 'llmproxy.gemini.s', id: 'x' })],
      thoughts(0, ['a'], { id: 'x' }, { origin: 'gemini', value: 's' }),
    ],
    [
      'what is withheld is a block of its own',
      [
        { reasoning: 'a' },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'd' }, { type: 'reasoning.encrypted' }] },
      ],
      [
        ...thoughts(0, ['a']),
        ...thoughts(1, [], { redacted: true }, own('{"type":"reasoning.encrypted","data":"d"}')),
        ...thoughts(2, [], { redacted: true }),
      ],
    ],
  ])('%s', (_, deltas, events) => {
    expect(body(...deltas)).toStrictEqual(events);
  });
});

describe('calls', () => {
  const call = (index: number | undefined, more: JsonObject): Delta => ({
    tool_calls: [{ ...(index !== undefined && { index }), ...more }],
  });
  const f = (more: JsonObject = {}): JsonObject => ({ function: { name: 'f', ...more } });

  test.each<[string, Delta[], GenerationEvent[]]>([
    [
      'end the text and come whole',
      [{ content: 'a' }, call(0, { id: 'c', ...f({ arguments: '{' }) }), call(0, { function: { arguments: '}' } })],
      [...text(0, 'a'), ...callOf(1, 'c', ['{', '}'])],
    ],
    [
      'without arguments',
      [call(0, { id: 'c', ...f({ arguments: '' }) }), call(0, { function: {} })],
      callOf(0, 'c', []),
    ],
    ['arguments as an object', [call(0, { id: 'c', ...f({ arguments: { a: 1 } }) })], callOf(0, 'c', ['{"a":1}'])],
    [
      'arguments of other kinds',
      [call(0, { id: 'c', ...f({ arguments: null }) }), call(0, f({ arguments: 5 }))],
      callOf(0, 'c', []),
    ],
    [
      'custom',
      [call(0, { id: 'c', custom: { name: 'f', input: 'a' } }), call(0, { custom: { input: 'b' } })],
      callOf(0, 'c', ['a', 'b'], { kind: 'custom' }),
    ],
    [
      'custom by its type',
      [call(0, { id: 'c', type: 'custom' }), call(0, { custom: { name: 'f' } })],
      callOf(0, 'c', [], { kind: 'custom' }),
    ],
    [
      'signed; the last signature counts',
      [call(0, { id: 'c', ...f(), ...google('r') }), call(0, google('s')), call(0, {})],
      callOf(0, 'c', [], {}, own('s')),
    ],
    [
      'name and id late: what came before is one piece',
      [
        call(0, { function: { arguments: '{' } }),
        call(0, { function: { arguments: '"a":' } }),
        call(0, { id: 'c' }),
        call(0, f({ arguments: '1}' })),
      ],
      callOf(0, 'c', ['{"a":1}']),
    ],
    [
      'the first id and name stay',
      [call(0, { id: 'c', ...f() }), call(0, { id: '', function: { name: 'g' } }), call(0, { id: 'd' })],
      callOf(0, 'c', []),
    ],
    [
      'of one id stay one',
      [call(0, { id: 'c', ...f({ arguments: '{' }) }), call(0, { id: 'c', ...f({ arguments: '}' }) })],
      callOf(0, 'c', ['{', '}']),
    ],
    [
      'without indexes and ids belong to the last',
      [call(2, { id: 'c', ...f() }), call(undefined, { function: { arguments: '{}' } })],
      callOf(0, 'c', ['{}']),
    ],
    [
      'without indexes are told by their ids',
      [
        {
          tool_calls: [
            { id: 'c', ...f() },
            { id: 'd', ...f() },
          ],
        },
        call(undefined, { id: 'c', function: { arguments: '1' } }),
        call(undefined, { function: { arguments: '2' } }),
      ],
      [
        { type: 'tool-call-start', block: 0, candidate: 0, id: 'c', name: 'f', kind: 'function' },
        { type: 'tool-call-start', block: 1, candidate: 0, id: 'd', name: 'f', kind: 'function' },
        { type: 'tool-call-delta', block: 0, arguments: '1' },
        { type: 'tool-call-delta', block: 0, arguments: '2' },
        { type: 'block-end', block: 0 },
        { type: 'block-end', block: 1 },
      ],
    ],
    ['the first without index and id', [call(undefined, f({ arguments: '{}' }))], callOf(0, 'call_0_0', ['{}'])],
    [
      'end in the order of their indexes',
      [call(1, { id: 'd', ...f() }), call(0, { id: 'c', ...f() })],
      [
        { type: 'tool-call-start', block: 0, candidate: 0, id: 'd', name: 'f', kind: 'function' },
        { type: 'tool-call-start', block: 1, candidate: 0, id: 'c', name: 'f', kind: 'function' },
        { type: 'block-end', block: 1 },
        { type: 'block-end', block: 0 },
      ],
    ],
    ['what is no call', [{ tool_calls: [5, 'x'] }, { tool_calls: {} }, { function_call: 'f' }], []],
    [
      'of the older API',
      [{ content: 'a' }, { function_call: { name: 'f', arguments: '{' } }, { function_call: { arguments: '}' } }],
      [...text(0, 'a'), ...callOf(1, 'call_legacy', ['{', '}'])],
    ],
    ['without a name and anything else', [call(0, { function: { name: '', arguments: '' } })], []],
    [
      'without a name beside another',
      [call(0, { function: { arguments: '{}' } }), call(1, { id: 'c', ...f() })],
      callOf(0, 'c', []),
    ],
  ])('%s', (_, deltas, events) => {
    expect(body(...deltas)).toStrictEqual(events);
  });

  test.each<[Delta]>([[call(0, { id: 'c' })], [call(0, { function: { arguments: '{}' } })]])(
    '%j alone cannot be run',
    (delta) => {
      expect(() => body(delta)).toThrow(
        expect.objectContaining({
          code: 'upstream_invalid_response',
          message: 'the upstream streamed a tool call without a name',
        }),
      );
    },
  );
});
