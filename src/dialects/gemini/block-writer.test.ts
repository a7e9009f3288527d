import { describe, expect, it } from 'vitest';
import type { GenerationEvent, JsonObject } from '../../ir/index.ts';
import { emptyUsage } from '../../ir/index.ts';
import { createStreamDecoder } from './decode-stream.ts';

/** The events between the start of the answer and the ends of its candidates. */
function decode(...frames: JsonObject[]): GenerationEvent[] {
  const decoder = createStreamDecoder();
  const events = frames.flatMap((frame) => [...decoder.push({ event: undefined, data: JSON.stringify(frame) })]);
  const [start, ...others] = [...events, ...decoder.end()];
  expect(start).toStrictEqual({ type: 'response-start', id: '', model: '' });
  return others;
}
const frame = (index: number, ...parts: JsonObject[]): JsonObject => ({ candidates: [{ index, content: { parts } }] });
const stop = (index = 0, more: JsonObject = {}): JsonObject => ({
  candidates: [{ index, finishReason: 'STOP', ...more }],
});
const end: GenerationEvent = { type: 'response-end', usage: emptyUsage };
const stopped = (candidate = 0): GenerationEvent => ({ type: 'candidate-end', candidate, finishReason: 'stop' });
const text = (block: number, words: string, candidate = 0): GenerationEvent[] => [
  { type: 'text-start', block, candidate },
  { type: 'text-delta', block, text: words },
];
const close = (block: number): GenerationEvent => ({ type: 'block-end', block });
const sign = (block: number): GenerationEvent => ({
  type: 'block-signature',
  block,
  signature: { origin: 'gemini', value: 'U0' },
});
const thought = (block: number): GenerationEvent => ({
  type: 'reasoning-start',
  block,
  candidate: 0,
  summary: true,
  redacted: false,
});

describe('whole parts', () => {
  it('stand between the blocks, with numbers of their own', () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AA==' } };
    const code = { executableCode: { language: 'PYTHON', code: '1' } };
    expect(decode(frame(1, { text: 'a' }, image, code, { later: 1 }, { text: 'b' }), stop(1))).toStrictEqual([
      ...text(0, 'a', 1),
      close(0),
      {
        type: 'media',
        block: 1,
        candidate: 1,
        part: { type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
      },
      {
        type: 'server-tool',
        block: 2,
        candidate: 1,
        part: {
          type: 'server-tool',
          tool: 'code-execution',
          origin: 'gemini',
          value: code,
          phase: 'call',
          id: '',
          language: 'python',
          code: '1',
        },
      },
      { type: 'opaque', block: 3, candidate: 1, dialect: 'gemini', value: { later: 1 } },
      ...text(4, 'b', 1),
      close(4),
      stopped(1),
      end,
    ]);
  });

  it('close what is open before them', () => {
    for (const part of [{ later: 1 }, { executableCode: {} }, { inlineData: { mimeType: 'image/png', data: 'A' } }])
      expect(decode(frame(0, { text: 'a' }, part), stop())[2]).toStrictEqual(close(0));
  });
});

describe('texts', () => {
  it('go on over frames; empty ones are none', () => {
    expect(decode(frame(0, { text: 'a' }), frame(0, { text: '' }, {}), frame(0, { text: 'b' }), stop())).toStrictEqual([
      ...text(0, 'a'),
      { type: 'text-delta', block: 0, text: 'b' },
      close(0),
      stopped(),
      end,
    ]);
  });

  it('and thoughts take turns', () => {
    const parts = [
      { text: 't', thought: true },
      { text: 'u', thought: true },
      { text: 'a' },
      { text: 'v', thought: true },
    ];
    expect(decode(frame(0, ...parts), stop())).toStrictEqual([
      thought(0),
      { type: 'reasoning-delta', block: 0, text: 't' },
      { type: 'reasoning-delta', block: 0, text: 'u' },
      close(0),
      ...text(1, 'a'),
      close(1),
      thought(2),
      { type: 'reasoning-delta', block: 2, text: 'v' },
      close(2),
      stopped(),
      end,
    ]);
  });

  it('of several candidates end in the order of the candidates', () => {
    expect(
      decode(frame(2, { text: 'c' }), frame(0, { text: 'a' }), frame(1, { text: 'b' }), stop(2), stop(1), stop(0)),
    ).toStrictEqual([
      ...text(0, 'c', 2),
      ...text(1, 'a', 0),
      ...text(2, 'b', 1),
      close(1),
      close(2),
      close(0),
      stopped(0),
      stopped(1),
      stopped(2),
      end,
    ]);
  });
});

describe('signatures', () => {
  const bare = { thoughtSignature: 'U0' };
  const bareThought = { thought: true, thoughtSignature: 'U0' };

  it('without a text belong to what is open', () => {
    expect(decode(frame(0, { text: 'a' }, bare), stop()).slice(2)).toStrictEqual([sign(0), close(0), stopped(), end]);
    expect(decode(frame(0, { text: 't', thought: true }, bare), stop()).slice(2, 4)).toStrictEqual([sign(0), close(0)]);
    expect(decode(frame(0, { text: 't', thought: true }, bareThought), stop()).slice(2, 4)).toStrictEqual([
      sign(0),
      close(0),
    ]);
  });

  it('without a text are blocks of their own where nothing is open that can have them', () => {
    const own: GenerationEvent[] = [{ type: 'text-start', block: 0, candidate: 0 }, sign(0), close(0)];
    expect(decode(frame(0, bare), stop()).slice(0, 3)).toStrictEqual(own);
    expect(decode(frame(0, { text: 'a' }, bareThought), stop()).slice(2, 6)).toStrictEqual([
      close(0),
      thought(1),
      sign(1),
      close(1),
    ]);
    expect(decode(frame(0, { text: 'a', ...bare }, bare), stop()).slice(2, 7)).toStrictEqual([
      sign(0),
      close(0),
      { type: 'text-start', block: 1, candidate: 0 },
      sign(1),
      close(1),
    ]);
  });

  it('end a block, so that what follows is another', () => {
    expect(decode(frame(0, { text: 'a', ...bare }, { text: 'b' }), stop()).slice(2, 6)).toStrictEqual([
      sign(0),
      close(0),
      ...text(1, 'b'),
    ]);
  });
});

describe('citations', () => {
  const page = { web: { uri: 'https://a.test' } };
  const grounded = (segment: JsonObject) => ({
    groundingMetadata: {
      groundingChunks: [page],
      groundingSupports: [{ segment, groundingChunkIndices: [0] }],
    },
  });
  const search = (block: number): GenerationEvent => ({
    type: 'server-tool',
    block,
    candidate: 0,
    part: {
      type: 'server-tool',
      phase: 'whole',
      id: '',
      origin: 'gemini',
      tool: 'web-search',
      queries: [],
      results: [{ url: 'https://a.test' }],
    },
  });
  const cited = (block: number, citation: JsonObject, start: number, last: number): GenerationEvent => ({
    type: 'text-citation',
    block,
    dialect: 'gemini',
    citation,
    sources: [{ url: 'https://a.test', start, end: last }],
  });

  it('are of the open text', () => {
    const metadata = grounded({ startIndex: 3, endIndex: 4 });
    const events = decode(frame(0, { text: 'äb' }, { later: 1 }, { text: 'c' }, { text: 'd' }), stop(0, metadata));
    expect(events.slice(-6)).toStrictEqual([
      { type: 'text-delta', block: 2, text: 'd' },
      cited(2, metadata, 0, 1),
      close(2),
      search(3),
      stopped(),
      end,
    ]);
  });

  it('or of an empty one after a call or nothing', () => {
    const metadata = grounded({ endIndex: 9 });
    const own = (block: number): GenerationEvent[] => [
      { type: 'text-start', block, candidate: 0 },
      cited(block, metadata, 0, 0),
      close(block),
      search(block + 1),
    ];
    expect(decode(stop(0, metadata))).toStrictEqual([...own(0), stopped(), end]);
    const events = decode(frame(0, { functionCall: { id: 'c', name: 'f' } }), stop(0, metadata));
    expect(events.slice(2, -2)).toStrictEqual([close(0), ...own(1)]);
  });

  it('without sources have none', () => {
    const metadata = { urlContextMetadata: { later: 1 } };
    expect(decode(frame(0, { text: 'a' }), stop(0, metadata))[2]).toStrictEqual({
      type: 'text-citation',
      block: 0,
      dialect: 'gemini',
      citation: metadata,
    });
  });

  it('of several frames are joined', () => {
    const events = decode(
      frame(0, { text: 'a' }),
      { candidates: [{ citationMetadata: { a: 1 }, urlContextMetadata: { b: 1 } }] },
      stop(0, { citationMetadata: { a: 2 } }),
    );
    expect(events.flatMap((event) => (event.type === 'text-citation' ? [event.citation] : []))).toEqual([
      { citationMetadata: { a: 2 } },
      { urlContextMetadata: { b: 1 } },
    ]);
  });
});
