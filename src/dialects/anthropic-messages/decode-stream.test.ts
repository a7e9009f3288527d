import { describe, expect, it } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject } from '../../ir/index.ts';
import { createStreamDecoder } from './decode-stream.ts';

const DIALECT = 'anthropic-messages';
const START = { type: 'message_start', message: { id: 'msg_1', model: 'claude' } };
const STOP = { type: 'message_stop' };

/** The events of a decoder that is given these, one frame each. */
function read(...wire: (JsonObject | string)[]): GenerationEvent[] {
  const decoder = createStreamDecoder();
  return wire.flatMap((event) => {
    const data = typeof event === 'string' ? event : JSON.stringify(event);
    return [...decoder.push({ event: 'x', data })];
  });
}

const begun = (block: JsonObject, index = 0): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block: block,
});
const delta = (fields: JsonObject, index = 0): JsonObject => ({ type: 'content_block_delta', index, delta: fields });
const ended = (index = 0): JsonObject => ({ type: 'content_block_stop', index });

/** What one block means, its end included. */
const block = (start: JsonObject, ...deltas: JsonObject[]): GenerationEvent[] =>
  read(START, begun(start), ...deltas.map((fields) => delta(fields)), ended()).slice(1);

const textStart = { type: 'text-start', block: 0, candidate: 0 };
const thinkingStart = { type: 'reasoning-start', block: 0, candidate: 0, summary: false, redacted: false };
const callStart = { type: 'tool-call-start', block: 0, candidate: 0, id: 'i', name: 'n', kind: 'function' };
const end = { type: 'block-end', block: 0 };
const signed = (value: string) => ({ type: 'block-signature', block: 0, signature: { origin: DIALECT, value } });
const text = (value: string) => ({ type: 'text-delta', block: 0, text: value });

describe('text', () => {
  const citation = { type: 'later', title: 't' };
  const cited = { type: 'text-citation', block: 0, dialect: DIALECT, citation, sources: [{ title: 't' }] };
  it.each<[JsonObject, JsonObject[], object[]]>([
    [{ type: 'text', text: '' }, [{ type: 'text_delta', text: 'a' }], [textStart, text('a'), end]],
    [{ type: 'text' }, [{ type: 'text_delta', text: '' }], [textStart, end]],
    [{ type: 'text', text: 'early' }, [{ type: 'text_delta', text: 'b' }], [textStart, text('early'), text('b'), end]],
    [{ type: 'text', text: '', citations: [citation] }, [], [textStart, cited, end]],
    [{ type: 'text', text: '', citations: null }, [{ type: 'citations_delta', citation }], [textStart, cited, end]],
    [
      { type: 'text' },
      [{ type: 'citations_delta', citation: 'plain' }],
      [textStart, { type: 'text-citation', block: 0, dialect: DIALECT, citation: 'plain' }, end],
    ],
    [{ type: 'text' }, [{ type: 'citations_delta' }, { type: 'later', citation }, { type: 'later' }], [textStart, end]],
  ])('%j %j', (start, deltas, expected) => expect(block(start, ...deltas)).toStrictEqual(expected));
});

describe('thinking', () => {
  const thought = { type: 'reasoning-delta', block: 0, text: 'r' };
  const withheld = { ...thinkingStart, redacted: true };
  it.each<[JsonObject, JsonObject[], object[]]>([
    [
      { type: 'thinking', thinking: '', signature: '' },
      [
        { type: 'thinking_delta', thinking: 'r' },
        { type: 'signature_delta', signature: 's' },
      ],
      [thinkingStart, thought, signed('s'), end],
    ],
    [{ type: 'thinking', thinking: 'r', signature: 's' }, [], [thinkingStart, thought, signed('s'), end]],
    [
      { type: 'thinking' },
      [{ signature: 'a' }, { signature: 'b' }, { signature: 1 }],
      [thinkingStart, signed('ab'), end],
    ],
    [{ type: 'thinking' }, [{ thinking: '' }, { type: 'later' }], [thinkingStart, end]],
    [{ type: 'redacted_thinking', data: 'd' }, [], [withheld, signed('d'), end]],
    [{ type: 'redacted_thinking' }, [], [withheld, end]],
  ])('%j %j', (start, deltas, expected) => expect(block(start, ...deltas)).toStrictEqual(expected));
});

describe('a call', () => {
  const args = (value: string) => ({ type: 'tool-call-delta', block: 0, arguments: value });
  const start = { type: 'tool_use', id: 'i', name: 'n', input: {} };
  it.each<[JsonObject, JsonObject[], object[]]>([
    [start, [{ partial_json: '{"a"' }, { partial_json: ':1}' }], [callStart, args('{"a"'), args(':1}'), end]],
    [start, [{ partial_json: '' }, { partial_json: 1 }, {}], [callStart, args('{}'), end]],
    [{ ...start, input: { a: 1 } }, [], [callStart, args('{"a":1}'), end]],
    [{ ...start, input: { a: 1 } }, [{ partial_json: '{}' }], [callStart, args('{}'), end]],
    [{ type: 'tool_use', id: 1, name: null }, [], [{ ...callStart, id: '', name: '' }, args('{}'), end]],
  ])('%j %j', (wire, deltas, expected) => expect(block(wire, ...deltas)).toStrictEqual(expected));
});

describe('any other block is gathered whole', () => {
  const opaque = (value: object) => ({ type: 'opaque', block: 0, candidate: 0, dialect: DIALECT, value });
  it.each<[JsonObject, JsonObject[], object]>([
    [{ type: 'later', x: 1 }, [], opaque({ type: 'later', x: 1 })],
    [
      { type: 'later' },
      [{ type: 'd', partial_json: '{"a":' }, { partial_json: '1}' }],
      opaque({ type: 'later', input: { a: 1 } }),
    ],
    [{ type: 'later' }, [{ partial_json: 'a' }, { partial_json: 1 }], opaque({ type: 'later', input: 'a' })],
    [{ type: 'later', input: 1 }, [{ partial_json: '' }], opaque({ type: 'later', input: 1 })],
    [{ type: 'later', s: 'a', n: 1 }, [{ s: 'b', n: 2 }, { s: 3 }], opaque({ type: 'later', s: 3, n: 2 })],
    [{ type: 'later', n: 1 }, [{ n: 'a' }, { n: 'b' }], opaque({ type: 'later', n: 'ab' })],
    [
      { type: 'later', citations: null },
      [{ citation: { a: 1 } }, { type: 'citations_delta', citation: 'b' }, { citation: null }],
      opaque({ type: 'later', citations: [{ a: 1 }, 'b', null] }),
    ],
    [{ type: 'later', citations: [0] }, [{ citation: 1 }], opaque({ type: 'later', citations: [0, 1] })],
  ])('%j %j', (start, deltas, expected) => expect(block(start, ...deltas)).toStrictEqual([expected]));

  it('and keeps a member of any name', () => {
    const events = read(
      START,
      begun({ type: 'later' }),
      '{"type":"content_block_delta","index":0,"delta":{"__proto__":{"a":1}}}',
      ended(),
    );
    expect(JSON.stringify(events.at(-1))).toContain('"value":{"type":"later","__proto__":{"a":1}}');
  });

  it('a call of a server tool among them', () => {
    const use = { type: 'server_tool_use', id: 's', name: 'web_search' };
    expect(block({ ...use, input: {} }, { partial_json: '{"query":"q"}' })).toStrictEqual([
      {
        type: 'server-tool',
        block: 0,
        candidate: 0,
        part: {
          type: 'server-tool',
          tool: 'web-search',
          phase: 'call',
          id: 's',
          queries: ['q'],
          origin: DIALECT,
          value: { ...use, input: { query: 'q' } },
        },
      },
    ]);
  });
});

describe('the answer', () => {
  const usage = { input_tokens: 3, cache_read_input_tokens: 2, output_tokens: 1 };
  const counts = { ...emptyUsage, inputTokens: 3, cachedReadTokens: 2 };

  it('is told from its start to its end', () => {
    expect(
      read(
        {
          type: 'message_start',
          message: { id: 'msg_1', model: 'claude', usage: { ...usage, service_tier: 'standard' } },
        },
        { type: 'ping' },
        begun({ type: 'text' }, 5),
        ended(5),
        begun({ type: 'text' }, 5),
        delta({ text: 'a' }, 5),
        ended(5),
        { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' } },
        { type: 'message_delta', delta: { stop_reason: null, stop_sequence: null }, usage: { output_tokens: 7 } },
        { type: 'message_delta', delta: null, usage: null },
        STOP,
        STOP,
        'not JSON',
      ),
    ).toStrictEqual([
      {
        type: 'response-start',
        id: 'msg_1',
        model: 'claude',
        serviceTier: 'default',
        usage: { ...counts, outputTokens: 1 },
      },
      { type: 'text-start', block: 0, candidate: 0 },
      { type: 'block-end', block: 0 },
      { type: 'text-start', block: 1, candidate: 0 },
      { type: 'text-delta', block: 1, text: 'a' },
      { type: 'block-end', block: 1 },
      { type: 'candidate-end', candidate: 0, finishReason: 'stop', stopSequence: 'END' },
      { type: 'response-end', usage: { ...counts, outputTokens: 7 } },
    ]);
  });

  it('of a careless server: no id, no model, no usage, no reason, a block left open', () => {
    expect(read({ type: 'message_start', message: {} }, begun({ type: 'text', text: 'a' }), STOP)).toStrictEqual([
      { type: 'response-start', id: '', model: '', usage: emptyUsage },
      textStart,
      text('a'),
      end,
      { type: 'candidate-end', candidate: 0, finishReason: 'other' },
      { type: 'response-end', usage: emptyUsage },
    ]);
  });

  it.each([
    ['end_turn', { type: 'tool_use' }, 'tool-calls'],
    ['later', { type: 'tool_use' }, 'tool-calls'],
    ['max_tokens', { type: 'tool_use' }, 'length'],
    ['end_turn', { type: 'server_tool_use' }, 'stop'],
    ['end_turn', { type: 'text' }, 'stop'],
  ])('that stops with %s after %j', (stop_reason, start, finishReason) => {
    const events = read(START, begun(start), ended(), { type: 'message_delta', delta: { stop_reason } }, STOP);
    expect(events.find(({ type }) => type === 'candidate-end')).toStrictEqual({
      type: 'candidate-end',
      candidate: 0,
      finishReason,
    });
  });

  it('may close with the mark of OpenAI', () => {
    expect(read(START, '[DONE]', STOP)).toStrictEqual(read(START, STOP));
  });

  it('is cut off without message_stop, and only then', () => {
    const decoder = createStreamDecoder();
    const push = (event: object) => decoder.push({ event: 'x', data: JSON.stringify(event) });
    const cut = { code: 'upstream_stream_truncated', message: expect.stringMatching(/closed .* before message_stop/) };
    expect(() => decoder.end()).toThrow(expect.objectContaining(cut));
    push(START);
    expect(() => decoder.end()).toThrow(expect.objectContaining(cut));
    push(STOP);
    expect(decoder.end()).toStrictEqual([]);
  });
});

describe('a stream that holds something wrong', () => {
  it.each<[(JsonObject | string)[], RegExp]>([
    [['{"type":'], /an event of the upstream's stream is not JSON/],
    [['1'], /the upstream's stream holds an event that is not an object/],
    [['[]'], /an event that is not an object/],
    [[START, START], /holds a second message_start/],
    [[{ type: 'message_start' }], /holds message_start without message/],
    [[begun({ type: 'text' })], /holds a content block before message_start/],
    [[START, { type: 'content_block_start', index: 0 }], /holds content_block_start without content_block/],
    [[START, begun({ type: 'text' }), begun({ type: 'text' })], /holds a content block that is already open/],
    [[START, delta({})], /holds content_block_delta for a content block that is not open/],
    [[START, ended()], /holds content_block_stop for a content block that is not open/],
    [[START, begun({ type: 'text' }), ended(), ended()], /content_block_stop for a content block that is not open/],
    [[START, begun({ type: 'text' }), { type: 'content_block_delta', index: 0 }], /content_block_delta without delta/],
    [[STOP], /holds message_stop before message_start/],
  ])('%j', (wire, message) => {
    const error = { code: 'upstream_invalid_response', message: expect.stringMatching(message) };
    expect(() => read(...wire)).toThrow(expect.objectContaining(error));
  });

  it('says what was no JSON', () => {
    expect(() => read('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });

  it('an error of the upstream is thrown as it is', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'busy' } };
    expect(() => read(START, error)).toThrow(
      expect.objectContaining({ code: 'upstream_overloaded', status: 529, message: 'busy' }),
    );
  });
});
