import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { emptyUsage, type GenerationEvent, type GenerationResponse, type Part } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { anthropicMessages as codec } from './index.ts';

const context: ReplyContext = {
  model: 'alias',
  request: { model: 'alias', stream: true, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 0,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};
const end: GenerationEvent[] = [
  { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
  { type: 'response-end', usage: { ...emptyUsage, inputTokens: 3, cachedReadTokens: 2, outputTokens: 5 } },
];
const call = (block: number, id: string, kind: 'function' | 'custom' = 'function'): GenerationEvent => ({
  type: 'tool-call-start',
  block,
  candidate: 0,
  id,
  name: 'sh',
  kind,
});
const args = (block: number, text: string): GenerationEvent => ({ type: 'tool-call-delta', block, arguments: text });
const stop = (block: number): GenerationEvent => ({ type: 'block-end', block });

interface WireEvent {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Record<string, unknown>;
  readonly delta?: Record<string, unknown>;
}

/** What the encoder writes, checked for the order that Claude clients rely on. */
function write(events: readonly GenerationEvent[]): WireEvent[] {
  const encoder = codec.createStreamEncoder(context);
  const text = events.map((event) => encoder.push(event)).join('');
  const wire = [...text.matchAll(/event: (.*)\ndata: (.*)\n\n/g)].map(([, name, data]) => {
    const event = JSON.parse(data ?? '') as WireEvent;
    expect(event.type).toBe(name);
    return event;
  });
  let open: number | undefined;
  let next = 0;
  for (const event of wire) {
    if (event.type === 'content_block_start') {
      expect([open, event.index]).toEqual([undefined, next++]);
      open = event.index;
    } else if (event.type.startsWith('content_block')) expect(event.index).toBe(open);
    if (event.type === 'content_block_stop') open = undefined;
  }
  expect(open).toBeUndefined();
  return wire;
}

const blocksOf = (wire: readonly WireEvent[]) =>
  wire.filter((event) => event.type === 'content_block_start').map((event) => event.content_block);
const jsonOf = (wire: readonly WireEvent[], index: number): unknown =>
  JSON.parse(
    wire
      .filter((event) => event.index === index)
      .map((event) => event.delta?.['partial_json'] ?? '')
      .join(''),
  );

describe('blocks', () => {
  it('keeps one block open at a time when blocks interleave', () => {
    const wire = write([
      call(0, 'a'),
      call(1, 'b'),
      args(1, '{"x"'),
      args(0, '{"y":'),
      call(2, 'c'),
      args(1, ':1}'),
      stop(1),
      args(0, '2}'),
      args(2, '{}'),
      stop(0),
      stop(2),
      ...end,
    ]);
    expect(blocksOf(wire).map((block) => block?.['id'])).toEqual(['a', 'b', 'c']);
    expect([jsonOf(wire, 0), jsonOf(wire, 1), jsonOf(wire, 2)]).toEqual([{ y: 2 }, { x: 1 }, {}]);
    expect(wire.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { cache_read_input_tokens: 2 } });
  });

  it('closes and writes what a decoder left open', () => {
    const wire = write([call(0, 'a'), call(1, 'b'), args(1, '{"x":1}'), args(0, '{"y":2}'), ...end]);
    expect([jsonOf(wire, 0), jsonOf(wire, 1)]).toEqual([{ y: 2 }, { x: 1 }]);
  });

  it('streams arguments as they come, one fragment behind at most', () => {
    const encoder = codec.createStreamEncoder(context);
    encoder.push(call(0, 'a'));
    encoder.push(args(0, '{"a"'));
    expect(encoder.push(args(0, ':'))).toContain('partial_json":":"');
    expect(encoder.push(args(0, '1}'))).toContain('partial_json":"1}"');
  });

  it('leaves out empty blocks, other candidates, foreign parts and media', () => {
    const wire = write([
      { type: 'text-start', block: 0, candidate: 0 },
      stop(0),
      { type: 'text-start', block: 1, candidate: 1 },
      { type: 'text-delta', block: 1, text: 'no' },
      stop(1),
      { type: 'opaque', block: 2, candidate: 0, dialect: 'gemini', value: { type: 'x' } },
      {
        type: 'media',
        block: 3,
        candidate: 0,
        part: { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/x' } },
      },
      { type: 'text-start', block: 4, candidate: 0 },
      { type: 'text-delta', block: 4, text: 'yes' },
      stop(4),
      ...end,
    ]);
    expect(wire.map((event) => event.type)).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('wraps the text of a custom tool as JSON', () => {
    const wire = write([call(0, 'a', 'custom'), args(0, 'say "'), args(0, 'hi"\n'), stop(0), ...end]);
    expect(jsonOf(wire, 0)).toEqual({ input: 'say "hi"\n' });
  });
});

it('writes the head with the name the client knows, a fresh id and a clean call id', () => {
  const wire = write([{ type: 'response-start', id: '', model: 'up' }, call(0, 'fc:1'), stop(0), ...end]);
  expect(wire[0]).toMatchObject({ message: { id: 'msg_new', model: 'alias', usage: { input_tokens: 0 } } });
  expect(blocksOf(wire)).toMatchObject([{ id: 'llmproxy_ZmM6MQ' }]);
});

it('a refusal is text and ends as refusal', () => {
  const wire = write([
    { type: 'refusal-start', block: 0, candidate: 0 },
    { type: 'refusal-delta', block: 0, text: 'No.' },
    stop(0),
    ...end,
  ]);
  expect(wire.at(-2)).toMatchObject({ delta: { stop_reason: 'refusal' } });
});

it('fails with an error event in the words of Claude', () => {
  const error = new ProxyError('upstream_stream_truncated', 'cut');
  expect(codec.createStreamEncoder(context).fail(error)).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"cut"}}\n\n',
  );
});

describe('signatures of other dialects come back with the next request', () => {
  const signature = { origin: 'gemini', value: 'EtMFake==' };
  const parts: Part[] = [
    {
      type: 'reasoning',
      text: 'why',
      summary: true,
      redacted: false,
      signature: { origin: 'openai-responses', value: 'g' },
    },
    { type: 'tool-call', id: 'a', name: 'sh', kind: 'function', arguments: '{"x":1}', signature },
  ];
  const decode = (content: unknown): readonly Part[] | undefined =>
    codec.decodeRequest({ model: 'm', messages: [{ role: 'assistant', content } as never] }, {}).messages[0]?.content;

  it('from a whole answer', () => {
    const response: GenerationResponse = {
      id: 'x',
      model: 'm',
      candidates: [{ content: parts, finishReason: 'tool-calls' }],
      usage: emptyUsage,
      extensions: {},
    };
    expect(decode(codec.encodeResponse(response, context).value['content'])).toEqual(parts);
  });

  it('from a stream', () => {
    const wire = write([
      { type: 'reasoning-start', block: 0, candidate: 0, summary: true, redacted: false },
      { type: 'reasoning-delta', block: 0, text: 'why' },
      { type: 'block-signature', block: 0, signature: { origin: 'openai-responses', value: 'g' } },
      stop(0),
      call(1, 'a'),
      args(1, '{"x":1}'),
      { type: 'block-signature', block: 1, signature },
      stop(1),
      ...end,
    ]);
    const content = blocksOf(wire).map((block, index) => {
      const deltas = wire.filter((event) => event.index === index).map((event) => event.delta ?? {});
      const merged: Record<string, unknown> = Object.assign({ ...block }, ...deltas, { type: block?.['type'] });
      return block?.['type'] === 'tool_use' ? { ...block, input: jsonOf(wire, index) } : merged;
    });
    expect(content).toHaveLength(3);
    expect(decode(content)).toEqual(parts);
  });
});
