import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { collectEvents } from '../../ir/collect.ts';
import type { GenerationEvent, Part } from '../../ir/index.ts';
import { kiro } from './index.ts';

type Frame = readonly [event: string | undefined, payload: unknown];

function decode(frames: readonly Frame[]): GenerationEvent[] {
  const decoder = kiro.createStreamDecoder();
  const events = frames.flatMap(([event, payload]) => [
    ...decoder.push({ event, data: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  ]);
  return [...events, ...decoder.end()];
}

function failure(frames: readonly Frame[]): { code: string; message: string } | undefined {
  try {
    decode(frames);
  } catch (error) {
    if (error instanceof ProxyError) return { code: error.code, message: error.message };
    throw error;
  }
  return undefined;
}

const text = (content: string, more: object = {}): Frame => ['assistantResponseEvent', { content, ...more }];
const tool = (input: unknown, more: object = {}): Frame => [
  'toolUseEvent',
  { toolUseId: 'c1', name: 'read', input, ...more },
];
const collect = (...frames: readonly Frame[]) => collectEvents(decode(frames)).candidates[0];
const content = (...frames: readonly Frame[]): readonly Part[] => collect(...frames)?.content ?? [];
const usage = (...frames: readonly Frame[]) => collectEvents(decode(frames)).usage;

const callPart = (id: string, args: string, name = 'read'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: args,
});
const textPart = (value: string): Part => ({ type: 'text', text: value });
const thought = (value: string, signature?: string): Part => ({
  type: 'reasoning',
  text: value,
  summary: false,
  redacted: false,
  ...(signature !== undefined && { signature: { origin: 'kiro', value: signature } }),
});

describe('text', () => {
  it('every event of an answer', () => {
    expect(decode([text('one '), text('two')])).toEqual([
      { type: 'response-start', id: '', model: '' },
      { type: 'text-start', block: 0, candidate: 0 },
      { type: 'text-delta', block: 0, text: 'one ' },
      { type: 'text-delta', block: 0, text: 'two' },
      { type: 'block-end', block: 0 },
      { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
      {
        type: 'response-end',
        usage: { inputTokens: 0, cachedReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
      },
    ]);
  });

  it('the payload may stand under the name of its event', () => {
    expect(content(['assistantResponseEvent', { assistantResponseEvent: { content: 'x' } }])).toEqual([textPart('x')]);
  });

  it('what says nothing of the answer is passed over', () => {
    const others: Frame[] = [
      ['meteringEvent', { unit: 'credit', usage: 0.3 }],
      ['contextUsageEvent', { contextUsagePercentage: 12 }],
      ['followupPromptEvent', { followupPrompt: { content: 'more?' } }],
      ['invalidStateEvent', { reason: 'INVALID', message: 'odd' }],
      ['laterEvent', {}],
      [undefined, {}],
      ['assistantResponseEvent', ''],
      ['assistantResponseEvent', { content: 7 }],
    ];
    expect(decode([...others, text('a'), ...others])).toEqual(decode([text('a')]));
  });

  it('links are citations of the text that is open', () => {
    const links = { supplementaryWebLinks: [{ url: 'https://x.example', title: 'X', snippet: 's' }, 'no', {}] };
    expect(content(['supplementaryWebLinksEvent', links])).toEqual([]);
    const [part] = content(text('a'), ['supplementaryWebLinksEvent', links]);
    expect(part).toEqual({
      type: 'text',
      text: 'a',
      citations: {
        dialect: 'kiro',
        items: [links.supplementaryWebLinks[0], {}],
        sources: [{ url: 'https://x.example', title: 'X', quote: 's' }, {}],
      },
    });
    expect(content(text('a'), ['supplementaryWebLinksEvent', {}])).toEqual([textPart('a')]);
  });
});

describe('thinking', () => {
  it('in events of its own', () => {
    const events: Frame[] = [
      ['reasoningContentEvent', { text: 'hm ' }],
      ['reasoningContentEvent', { text: 'ah', signature: 'sig' }],
    ];
    expect(content(...events, text('so'))).toEqual([thought('hm ah', 'sig'), textPart('so')]);
  });

  it('a signature may come last, first, or alone', () => {
    const signature: Frame = ['reasoningContentEvent', { signature: 'sig' }];
    expect(content(['reasoningContentEvent', { text: 'a' }], signature)).toEqual([thought('a', 'sig')]);
    expect(content(signature)).toEqual([thought('', 'sig')]);
    expect(content(text('x'), signature)).toEqual([textPart('x'), thought('', 'sig')]);
  });

  it('withheld thoughts stand alone', () => {
    const redacted = { ...thought('', 'QUJD'), redacted: true };
    expect(content(['reasoningContentEvent', { redactedContent: 'QUJD' }], text('x'))).toEqual([
      redacted,
      textPart('x'),
    ]);
    expect(content(['reasoningContentEvent', { text: 'a', redactedContent: 'QUJD' }])).toEqual([
      thought('a'),
      redacted,
    ]);
  });

  it('every event of it, before a call', () => {
    const frames: Frame[] = [
      ['reasoningContentEvent', { text: 'a', signature: 'sig' }],
      ['reasoningContentEvent', { text: '', redactedContent: 'QUJD' }],
      ['reasoningContentEvent', {}],
      tool({ a: 1 }, { stop: true }),
      ['toolUseEvent', { toolUseId: 'c2', stop: true }],
    ];
    const start = { candidate: 0, summary: false };
    expect(decode(frames).slice(1, -2)).toEqual([
      { type: 'reasoning-start', block: 0, ...start, redacted: false },
      { type: 'reasoning-delta', block: 0, text: 'a' },
      { type: 'block-signature', block: 0, signature: { origin: 'kiro', value: 'sig' } },
      { type: 'block-end', block: 0 },
      { type: 'reasoning-start', block: 1, ...start, redacted: true },
      { type: 'block-signature', block: 1, signature: { origin: 'kiro', value: 'QUJD' } },
      { type: 'block-end', block: 1 },
      { type: 'tool-call-start', block: 2, candidate: 0, id: 'c1', name: 'read', kind: 'function' },
      { type: 'tool-call-delta', block: 2, arguments: '{"a":1}' },
      { type: 'block-end', block: 2 },
      { type: 'tool-call-start', block: 3, candidate: 0, id: 'c2', name: '', kind: 'function' },
      { type: 'tool-call-delta', block: 3, arguments: '{}' },
      { type: 'block-end', block: 3 },
    ]);
  });

  it('in tags at the beginning of the text', () => {
    expect(content(text('\n<thin'), text('king>hm</think'), text('ing>\n\nso'))).toEqual([
      thought('hm'),
      textPart('so'),
    ]);
    expect(content(text('<thinking>cut'))).toEqual([thought('cut')]);
    expect(content(text('a <thinking>b</thinking>'))).toEqual([textPart('a <thinking>b</thinking>')]);
  });

  it('what only looks like a tag is text, also before a call', () => {
    expect(content(text('<think'))).toEqual([textPart('<think')]);
    expect(content(text('<think'), tool('{}', { stop: true }))).toEqual([textPart('<think'), callPart('c1', '{}')]);
  });
});

describe('calls', () => {
  it('in pieces', () => {
    expect(decode([text('x'), tool('{"a"'), tool(':1}'), tool('', { stop: true })])).toEqual([
      { type: 'response-start', id: '', model: '' },
      { type: 'text-start', block: 0, candidate: 0 },
      { type: 'text-delta', block: 0, text: 'x' },
      { type: 'block-end', block: 0 },
      { type: 'tool-call-start', block: 1, candidate: 0, id: 'c1', name: 'read', kind: 'function' },
      { type: 'tool-call-delta', block: 1, arguments: '{"a"' },
      { type: 'tool-call-delta', block: 1, arguments: ':1}' },
      { type: 'block-end', block: 1 },
      { type: 'candidate-end', candidate: 0, finishReason: 'tool-calls' },
      { type: 'response-end', usage: expect.anything() },
    ]);
  });

  it('at once, also within a text event, but never twice', () => {
    expect(content(tool({ a: 1 }), tool({ a: 2 }, { stop: true }))).toEqual([callPart('c1', '{"a":2}')]);
    const uses = [{ toolUseId: 'c1', name: 'read', input: { a: 1 } }, { toolUseId: 'c2', name: 'w' }, {}, 'no'];
    expect(content(text('x', { toolUses: uses }), text('', { toolUses: uses }), tool('{"a":3}'))).toEqual([
      textPart('x'),
      callPart('c1', '{"a":1}'),
      callPart('c2', '{}', 'w'),
    ]);
    expect(content(text('x', { toolUses: [] }))).toEqual([textPart('x')]);
  });

  it('interleaved', () => {
    const other = (input: string): Frame => ['toolUseEvent', { toolUseId: 'c2', name: 'w', input }];
    expect(content(tool('{"a"'), other('{"b"'), tool(':1}'), other(':2}'))).toEqual([
      callPart('c1', '{"a":1}'),
      callPart('c2', '{"b":2}', 'w'),
    ]);
  });

  it('without an end, without arguments, without an id', () => {
    expect(content(tool('{"a":1}'))).toEqual([callPart('c1', '{"a":1}')]);
    expect(content(tool(undefined, { stop: true }))).toEqual([callPart('c1', '{}')]);
    expect(collect(['toolUseEvent', { name: 'x' }])).toEqual({ content: [], finishReason: 'stop' });
  });

  it.each<[string, readonly Frame[]]>([
    ['at the end of the stream', [tool('{"a": "half')]],
    ['at the end of the call', [tool('{"a": "half', { stop: true })]],
    ['an object cannot take the place of what was sent', [tool('{"a'), tool({ a: 1 }, { stop: true })]],
  ])('arguments that were cut off are an error: %s', (_, frames) => {
    expect(failure(frames)).toEqual({
      code: 'upstream_stream_truncated',
      message: 'the upstream cut off the arguments of a call of "read"',
    });
  });
});

describe('the end', () => {
  it.each([
    ['end_turn', 'stop'],
    ['END_TURN', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_use', 'tool-calls'],
    ['max_tokens', 'length'],
    ['content_filtered', 'content-filter'],
    ['guardrail_intervened', 'content-filter'],
    ['refusal', 'refusal'],
    ['something', 'other'],
  ])('%s', (stopReason, finishReason) => {
    expect(collect(text('x'), ['messageStopEvent', { stopReason }])?.finishReason).toBe(finishReason);
    expect(collect(text('x'), ['message_stop', { stop_reason: stopReason }])?.finishReason).toBe(finishReason);
    expect(collect(text('x', { stopReason }), text('y'))?.finishReason).toBe(finishReason);
    expect(collect(tool('{}', { stop: true }), ['messageStopEvent', { stopReason }])?.finishReason).toBe('tool-calls');
  });

  it('of nothing at all is a broken stream', () => {
    expect(failure([])).toEqual({
      code: 'upstream_stream_truncated',
      message: 'the upstream sent a stream without an event',
    });
  });
});

describe('usage', () => {
  const counts = (inputTokens: number, outputTokens: number, cachedReadTokens = 0, cacheWriteTokens = 0) => ({
    inputTokens,
    outputTokens,
    cachedReadTokens,
    cacheWriteTokens,
    reasoningTokens: 0,
  });
  const exact = { uncachedInputTokens: 5, cacheReadInputTokens: 7, cacheWriteInputTokens: 2, outputTokens: 3 };

  it.each([['messageMetadataEvent'], ['metadataEvent']])('%s is exact, whatever else is said', (event) => {
    const flat: Frame = ['usageEvent', { inputTokens: 99, outputTokens: 98 }];
    const tokenUsage: Frame = [event, { tokenUsage: { ...exact, contextUsagePercentage: 50 } }];
    expect(usage(flat, tokenUsage, flat)).toEqual(counts(5, 3, 7, 2));
  });

  it('what was not cached is what is left of all', () => {
    const tokenUsage = { totalTokens: 17, cacheReadInputTokens: 7, cacheWriteInputTokens: 2, outputTokens: 3 };
    expect(usage(['metadataEvent', { tokenUsage }])).toEqual(counts(5, 3, 7, 2));
    expect(usage(['metadataEvent', { tokenUsage: { outputTokens: 3 } }])).toEqual(counts(0, 3));
    expect(usage(['metadataEvent', { tokenUsage: {} }])).toEqual(counts(0, 0));
  });

  it.each([['usageEvent'], ['usage'], ['metricsEvent'], ['messageMetadataEvent'], ['supplementaryWebLinksEvent']])(
    '%s: sums, bare or nested; the last counts',
    (event) => {
      const bare: Frame = [event, { inputTokens: 4, outputTokens: 2, totalTokens: 6 }];
      expect(usage(bare)).toEqual(counts(4, 2));
      expect(usage(bare, [event, { usage: { inputTokens: 5 } }])).toEqual(counts(5, 0));
      expect(usage([event, { outputTokens: 5 }])).toEqual(counts(0, 5));
      expect(usage([event, { inputTokens: 'x', outputTokens: -1 }])).toEqual(counts(0, 0));
    },
  );
});

describe('failures', () => {
  it.each<[string, Frame, string, string]>([
    ['an exception', ['exception:ThrottlingException', { message: 'slow' }], 'upstream_rate_limited', 'slow'],
    ['one in plain text', ['exception:ValidationException', 'bad'], 'upstream_rejected', 'bad'],
    ['an error', ['error:InternalError', { message: 'broke' }], 'upstream_failed', 'broke'],
    ['one without words', ['error:', {}], 'upstream_failed', 'the upstream answered with status 500 and no message'],
    [
      'a name in the payload',
      ['assistantResponseEvent', { _type: 'com.amazon#ValidationException', message: 'Improperly formed request.' }],
      'upstream_rejected',
      'Improperly formed request.',
    ],
    [
      'a name of two underscores',
      [undefined, { __type: 'AccessDeniedException' }],
      'upstream_forbidden',
      'the upstream answered with AccessDeniedException and no message',
    ],
    ['a type', ['x', { type: 'error', message: 'm' }], 'upstream_failed', 'm'],
    ['another type', ['x', { type: 'exception', message: 'm' }], 'upstream_failed', 'm'],
    ['an event named error', ['error', { message: 'm', type: 'ThrottlingError' }], 'upstream_rate_limited', 'm'],
    ['an event named exception', ['exception', { message: 'm' }], 'upstream_failed', 'm'],
    ['one of the service', ['internalServerException', { message: 'm' }], 'upstream_failed', 'm'],
    [
      'the allowance',
      ['exception:ThrottlingException', { message: 'm', reason: 'MONTHLY_REQUEST_COUNT' }],
      'upstream_rate_limited',
      'm',
    ],
    [
      'no JSON',
      ['assistantResponseEvent', '{'],
      'upstream_invalid_response',
      "an event of the upstream's stream is not JSON",
    ],
    [
      'no object',
      ['assistantResponseEvent', '[]'],
      'upstream_invalid_response',
      "the upstream's stream holds an event that is not an object",
    ],
  ])('%s', (_, frame, code, message) => expect(failure([text('x'), frame])).toEqual({ code, message }));
});
