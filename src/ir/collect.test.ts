import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectEvents, createCollector } from './collect.ts';
import type { GenerationEvent } from './event.ts';
import type { Part } from './part.ts';
import { replayResponse } from './replay.ts';
import type { Candidate, GenerationResponse } from './response.ts';
import { emptyUsage } from './usage.ts';

const count = fc.nat({ max: 1_000_000 });
const signature = fc.record({ origin: fc.constantFrom('openai-chat', 'gemini'), value: fc.string() });
const jsonObject = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record(
    {
      type: fc.constant('text' as const),
      text: fc.string(),
      citations: fc.record(
        {
          dialect: fc.constant('gemini'),
          items: fc.array(jsonObject, { minLength: 1 }),
          sources: fc.array(fc.record({ url: fc.string(), start: count, end: count }), { minLength: 1 }),
        },
        { requiredKeys: ['dialect', 'items'] },
      ),
      signature,
    },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record({ type: fc.constant('refusal' as const), text: fc.string() }),
  fc.record(
    {
      type: fc.constant('reasoning' as const),
      text: fc.string(),
      summary: fc.boolean(),
      redacted: fc.boolean(),
      signature,
      id: fc.string(),
    },
    { requiredKeys: ['type', 'text', 'summary', 'redacted'] },
  ),
  fc.record(
    {
      type: fc.constant('tool-call' as const),
      id: fc.string(),
      name: fc.string(),
      kind: fc.constantFrom('function' as const, 'custom' as const),
      arguments: fc.string(),
      signature,
    },
    { requiredKeys: ['type', 'id', 'name', 'kind', 'arguments'] },
  ),
  fc.record({
    type: fc.constant('media' as const),
    kind: fc.constantFrom('image' as const, 'audio' as const),
    source: fc.record({ type: fc.constant('base64' as const), mediaType: fc.string(), data: fc.string() }),
  }),
  fc.record({
    type: fc.constant('server-tool' as const),
    tool: fc.constantFrom('web-search' as const, 'code-execution' as const),
    phase: fc.constantFrom('call' as const, 'result' as const, 'whole' as const),
    id: fc.string(),
    origin: fc.constant('gemini'),
    value: jsonObject,
  }),
  fc.record({ type: fc.constant('opaque' as const), dialect: fc.constant('gemini'), value: jsonObject }),
);

const candidate: fc.Arbitrary<Candidate> = fc
  .record(
    {
      content: fc.array(part, { maxLength: 5 }),
      finishReason: fc.constantFrom('stop', 'length', 'tool-calls', 'refusal', 'other'),
      stopSequence: fc.string(),
      logprobs: fc.array(jsonObject, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['content', 'finishReason'] },
  )
  // Log probabilities belong to text: without any there is nothing to carry them.
  .map(({ logprobs, ...rest }) =>
    logprobs !== undefined && rest.content.some((p) => p.type === 'text' && p.text !== '')
      ? { ...rest, logprobs }
      : rest,
  );

const response: fc.Arbitrary<GenerationResponse> = fc.record(
  {
    id: fc.string(),
    model: fc.string(),
    createdAtS: count,
    candidates: fc.array(candidate, { maxLength: 3 }),
    usage: fc.record({
      inputTokens: count,
      cachedReadTokens: count,
      cacheWriteTokens: count,
      outputTokens: count,
      reasoningTokens: count,
    }),
    serviceTier: fc.string(),
    extensions: fc.constant({}),
  },
  { requiredKeys: ['id', 'model', 'candidates', 'usage', 'extensions'] },
);

describe('collectEvents', () => {
  test('undoes replayResponse', () => {
    fc.assert(
      fc.property(response, (r) => {
        expect(collectEvents(replayResponse(r))).toEqual(r);
      }),
    );
  });

  test('joins interleaved blocks in the order of their opening', () => {
    const events: GenerationEvent[] = [
      { type: 'response-start', id: 'r', model: 'm' },
      { type: 'tool-call-start', block: 0, candidate: 0, id: 'a', name: 'f', kind: 'function' },
      { type: 'tool-call-start', block: 1, candidate: 0, id: 'b', name: 'g', kind: 'function' },
      { type: 'tool-call-delta', block: 1, arguments: '{"y"' },
      { type: 'tool-call-delta', block: 0, arguments: '{}' },
      { type: 'tool-call-delta', block: 1, arguments: ':1}' },
      { type: 'block-end', block: 0 },
      { type: 'block-end', block: 1 },
      { type: 'candidate-end', candidate: 0, finishReason: 'tool-calls' },
      { type: 'response-end', usage: emptyUsage },
    ];
    expect(collectEvents(events).candidates).toEqual([
      {
        content: [
          { type: 'tool-call', id: 'a', name: 'f', kind: 'function', arguments: '{}' },
          { type: 'tool-call', id: 'b', name: 'g', kind: 'function', arguments: '{"y":1}' },
        ],
        finishReason: 'tool-calls',
      },
    ]);
  });

  test('a stream that broke off says so', () => {
    const collector = createCollector();
    collector.push({ type: 'response-start', id: 'r', model: 'm', usage: { ...emptyUsage, inputTokens: 7 } });
    collector.push({ type: 'text-start', block: 0, candidate: 0 });
    collector.push({ type: 'text-delta', block: 0, text: 'half' });
    const { candidates, usage } = collector.response();
    expect(candidates).toEqual([{ content: [{ type: 'text', text: 'half' }], finishReason: 'error' }]);
    expect(usage.inputTokens).toBe(7);
  });
});
