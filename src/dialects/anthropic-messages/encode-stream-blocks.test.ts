/** Each kind of block as a Claude client reads it from a stream, alone and beside others. */
import { describe, expect, it } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject, type ServerToolPart } from '../../ir/index.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { createStreamEncoder } from './encode-stream.ts';

const context: ReplyContext = {
  model: 'alias',
  request: { model: 'alias', stream: true, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 0,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};

function frames(text: string): JsonObject[] {
  const all = [...text.matchAll(/event: (.*)\ndata: (.*)\n\n/g)];
  expect(all.map(([whole]) => whole).join('')).toBe(text);
  return all.map(([, name, data = '']) => {
    const event: JsonObject = JSON.parse(data);
    expect(event['type']).toBe(name);
    return event;
  });
}

const push = (encoder: StreamEncoder, ...events: GenerationEvent[]): JsonObject[] =>
  frames(events.map((event) => encoder.push(event)).join(''));
const write = (...events: GenerationEvent[]): JsonObject[] => push(createStreamEncoder(context), ...events);

const open = (content_block: JsonObject, index = 0) => ({ type: 'content_block_start', index, content_block });
const delta = (fields: JsonObject, index = 0) => ({ type: 'content_block_delta', index, delta: fields });
const close = (index = 0) => ({ type: 'content_block_stop', index });
const textBlock = { type: 'text', text: '', citations: [] };
const thinkingBlock = { type: 'thinking', thinking: '', signature: '' };
const callBlock = (id: string) => ({ type: 'tool_use', id, name: 'n', input: {}, caller: { type: 'direct' } });
const textDelta = (text: string, index = 0) => delta({ type: 'text_delta', text }, index);
const jsonDelta = (partial_json: string, index = 0) => delta({ type: 'input_json_delta', partial_json }, index);

const at = { block: 0, candidate: 0 } as const;
const textStart = { type: 'text-start', ...at } as const;
const text = (value: string, block = 0): GenerationEvent => ({ type: 'text-delta', block, text: value });
const call = (block = 0, kind: 'function' | 'custom' = 'function'): GenerationEvent => ({
  type: 'tool-call-start',
  block,
  candidate: 0,
  id: `c${block}`,
  name: 'n',
  kind,
});
const args = (value: string, block = 0): GenerationEvent => ({ type: 'tool-call-delta', block, arguments: value });
const end = (block = 0): GenerationEvent => ({ type: 'block-end', block });
const sign = (value: string, origin = 'anthropic-messages'): GenerationEvent => ({
  type: 'block-signature',
  block: 0,
  signature: { origin, value },
});

it('the bytes of a block', () => {
  const encoder = createStreamEncoder(context);
  expect(encoder.push(textStart)).toBe('');
  expect(encoder.push(text('a"\n'))).toBe(
    'event: content_block_start\n' +
      'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}\n\n' +
      'event: content_block_delta\n' +
      'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\\"\\n"}}\n\n',
  );
  expect(encoder.push(text(''))).toBe('');
  expect(encoder.push(end())).toBe('event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n');
});

describe('text and refusals', () => {
  const refusal = { type: 'refusal-start', ...at } as const;
  const no = (value: string) => ({ type: 'refusal-delta', block: 0, text: value }) as const;
  it.each<[GenerationEvent[], JsonObject[]]>([
    [[textStart, text(''), end()], []],
    [
      [textStart, text('a'), text('b'), end()],
      [open(textBlock), textDelta('a'), textDelta('b'), close()],
    ],
    [[refusal, no(''), end()], []],
    [
      [refusal, no('No.'), end()],
      [open(textBlock), textDelta('No.'), close()],
    ],
    [
      [refusal, sign('s', 'gemini'), no('No.'), end()],
      [open(textBlock), textDelta('No.'), close()],
    ],
    [[text('a'), end()], []],
  ])('%j', (events, expected) => expect(write(...events)).toEqual(expected));
});

describe('reasoning', () => {
  const start = { type: 'reasoning-start', ...at, summary: false, redacted: false } as const;
  const withheld = { ...start, redacted: true } as const;
  const thought = (value: string) => ({ type: 'reasoning-delta', block: 0, text: value }) as const;
  const signed = (signature: string) => delta({ type: 'signature_delta', signature });
  const thinking = delta({ type: 'thinking_delta', thinking: 'r' });
  const data = (value: string) => open({ type: 'redacted_thinking', data: value });
  it.each<[GenerationEvent[], JsonObject[]]>([
    [[start, thought(''), end()], []],
    [
      [start, thought('r'), end()],
      [open(thinkingBlock), thinking, close()],
    ],
    [
      [start, thought('r'), sign('s'), end()],
      [open(thinkingBlock), thinking, signed('s'), close()],
    ],
    [
      [start, sign('g', 'gemini'), end()],
      [open(thinkingBlock), signed('llmproxy.gemini.g'), close()],
    ],
    [[withheld, end()], []],
    [[withheld, thought('r'), end()], []],
    [
      [withheld, thought('r'), sign('d'), end()],
      [data('d'), close()],
    ],
    [
      [withheld, sign('d'), sign('e'), end()],
      [data('d'), close()],
    ],
  ])('%j', (events, expected) => expect(write(...events)).toEqual(expected));
});

describe('calls', () => {
  const carrier = [
    open(thinkingBlock),
    delta({ type: 'signature_delta', signature: 'next:llmproxy.gemini.s' }),
    close(),
  ];
  const signed = sign('s', 'gemini');
  it.each<[GenerationEvent[], JsonObject[]]>([
    [
      [call(), end()],
      [open(callBlock('c0')), close()],
    ],
    [
      [call(), args(''), end()],
      [open(callBlock('c0')), close()],
    ],
    [
      [call(), args('{}'), end()],
      [open(callBlock('c0')), jsonDelta('{}'), close()],
    ],
    [
      [call(), args('{'), args(''), args('"a"'), args(':1'), args('}'), end()],
      [open(callBlock('c0')), ...['{', '"a"', ':1', '}'].map((json) => jsonDelta(json)), close()],
    ],
    [
      [call(0, 'custom'), end()],
      [open(callBlock('c0')), jsonDelta('{"input":"'), jsonDelta('"}'), close()],
    ],
    [
      [call(0, 'custom'), args('"'), args('\n'), args('x'), end()],
      [open(callBlock('c0')), ...['{"input":"', '\\"', '\\n', 'x', '"}'].map((json) => jsonDelta(json)), close()],
    ],
    [
      [call(), args('{}'), signed, end()],
      [...carrier, open(callBlock('c0'), 1), jsonDelta('{}', 1), close(1)],
    ],
    [
      [call(), args('{'), args('}'), signed, end()],
      [open(callBlock('c0')), jsonDelta('{'), jsonDelta('}'), close()],
    ],
  ])('%j', (events, expected) => expect(write(...events)).toEqual(expected));
});

describe('citations', () => {
  const cite = (dialect: string, sources?: object[]): GenerationEvent => ({
    type: 'text-citation',
    block: 0,
    dialect,
    citation: { type: 'own' },
    ...(sources && { sources }),
  });
  const cited = (citation: JsonObject) => delta({ type: 'citations_delta', citation });
  const page = (url: string) =>
    cited({
      type: 'web_search_result_location',
      url,
      title: null,
      encrypted_index: 'llmproxy.gemini.citation',
      cited_text: '',
    });
  it.each<[GenerationEvent[], JsonObject[]]>([
    [[cite('anthropic-messages')], [open(textBlock), cited({ type: 'own' }), close()]],
    [[cite('gemini', [{ url: 'u' }, { url: 'v' }])], [open(textBlock), page('u'), page('v'), close()]],
    [[cite('gemini', [{ title: 't' }])], []],
    [[cite('gemini')], []],
  ])('%j', (events, expected) => expect(write(textStart, ...events, end())).toEqual(expected));
});

describe('blocks that come whole', () => {
  const own = (value: JsonObject): GenerationEvent => ({
    type: 'opaque',
    ...at,
    dialect: 'anthropic-messages',
    value,
  });
  it.each<[JsonObject, JsonObject[]]>([
    [{ type: 'later', x: 1 }, []],
    [{ type: 'mcp_tool_result', input: { a: 1 } }, []],
    [{ type: 'mcp_tool_use', input: 'text' }, []],
    [{ type: 1, input: { a: 1 } }, []],
    [{ input: { a: 1 } }, []],
    [{ type: 'mcp_tool_use', id: 'i', input: { a: 1 } }, [jsonDelta('{"a":1}')]],
  ])('%j', (value, deltas) => {
    const begun = deltas.length === 0 ? value : { ...value, input: {} };
    const after = [open(textBlock, 1), textDelta('a', 1), close(1)];
    expect(write(own(value), { ...textStart, block: 1 }, text('a', 1), end(1))).toEqual([
      open(begun),
      ...deltas,
      close(),
      ...after,
    ]);
  });

  const nowhere: ServerToolPart = { type: 'server-tool', tool: 'url-context', phase: 'call', id: '', origin: 'gemini' };
  const source = { type: 'base64', mediaType: 'image/png', data: 'AA==' } as const;
  it.each<[string, GenerationEvent, RegExp[]]>([
    [
      'an image',
      { type: 'media', ...at, part: { type: 'media', kind: 'image', source } },
      [/cannot hold a media part/],
    ],
    ['of others', { type: 'opaque', ...at, dialect: 'gemini', value: {} }, [/only dialect gemini knows this part/]],
    ['a page of nowhere', { type: 'server-tool', ...at, part: nowhere }, []],
    [
      'an image tool',
      { type: 'server-tool', ...at, part: { ...nowhere, tool: 'image-generation' } },
      [/only dialect gemini knows this part/],
    ],
  ])('that have no form leave no gap: %s', (_name, event, lost) => {
    const encoder = createStreamEncoder(context);
    expect(encoder.push(event)).toBe('');
    const after = push(encoder, { ...textStart, block: 1 }, text('a', 1), end(1));
    expect(after).toEqual([open(textBlock), textDelta('a'), close()]);
    expect(encoder.warnings?.()).toEqual(
      lost.map((reason) => ({ path: 'candidates[0].content[0]', reason: expect.stringMatching(reason) })),
    );
  });

  it('of which nothing is lost, are not named', () => {
    const encoder = createStreamEncoder(context);
    push(encoder, own({ type: 'later' }));
    expect(encoder.warnings?.()).toEqual([]);
  });
});

describe('blocks that interleave', () => {
  it('wait until the open one ends, and those behind for it', () => {
    expect(
      write(
        call(0),
        args('{"a"', 0),
        call(1),
        args('{"b"', 1),
        call(2),
        args('{"c"', 2),
        args(':0}', 0),
        end(0),
        args(':2}', 2),
        args(':1}', 1),
        end(2),
        end(1),
      ),
    ).toEqual(
      ['a', 'b', 'c'].flatMap((key, index) => [
        open(callBlock(`c${index}`), index),
        jsonDelta(`{"${key}"`, index),
        jsonDelta(`:${index}}`, index),
        close(index),
      ]),
    );
  });

  it('of another answer are left out, and so named once', () => {
    const encoder = createStreamEncoder(context);
    const second = { block: 1, candidate: 1 } as const;
    const source = { type: 'base64', mediaType: 'image/png', data: 'AA==' } as const;
    const events = push(
      encoder,
      textStart,
      text('a'),
      { type: 'text-start', ...second },
      text('b', 1),
      { type: 'media', block: 2, candidate: 1, part: { type: 'media', kind: 'image', source } },
      end(1),
      end(0),
      { type: 'text-start', block: 3, candidate: 1 },
      text('c', 3),
      end(3),
      { type: 'candidate-end', candidate: 1, finishReason: 'length', stopSequence: 'X' },
      { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
      { type: 'response-end', usage: emptyUsage },
    );
    expect(events.slice(0, 3)).toEqual([open(textBlock), textDelta('a'), close()]);
    expect(events.slice(3)).toMatchObject([
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null } },
      { type: 'message_stop' },
    ]);
    expect(encoder.warnings?.()).toEqual([
      { path: 'candidates', reason: expect.stringMatching(/take one answer; the others are left out/) },
    ]);
  });
});

describe('citations that are lost', () => {
  const cite = (sources: object[]): GenerationEvent => ({
    type: 'text-citation',
    block: 0,
    dialect: 'gemini',
    citation: {},
    sources,
  });
  it.each<[GenerationEvent[], string[]]>([
    [[cite([{ title: 't' }]), cite([{ title: 'u' }])], ['citations of dialect gemini']],
    [[cite([{ url: 'u' }])], []],
    [[{ type: 'text-citation', block: 0, dialect: 'anthropic-messages', citation: {} }], []],
  ])('%j', (events, reasons) => {
    const encoder = createStreamEncoder(context);
    push(encoder, textStart, text('a'), ...events, end());
    expect(encoder.warnings?.()).toEqual(
      reasons.map((reason) => ({ path: 'candidates[0].content[0].citations', reason })),
    );
  });
});
