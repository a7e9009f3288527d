import { describe, expect, it } from 'vitest';
import type { GenerationEvent, GenerationRequest, JsonObject, ServerToolPart } from '../../ir/index.ts';
import { emptyUsage } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { createStreamEncoder } from './encode-stream.ts';

const request: GenerationRequest = { model: 'm', stream: true, messages: [], tools: [], sampling: {}, extensions: {} };
const context: ReplyContext = { model: 'm', request, nowS: 0, newId: (prefix) => `${prefix}new`, framing: 'sse' };
const start: GenerationEvent = { type: 'response-start', id: 'r', model: 'up' };
const end: GenerationEvent = { type: 'response-end', usage: emptyUsage };
const text = (block: number, candidate = 0): GenerationEvent => ({ type: 'text-start', block, candidate });
const delta = (block: number, words: string): GenerationEvent => ({ type: 'text-delta', block, text: words });
const call = (block: number, name: string): GenerationEvent => ({
  type: 'tool-call-start',
  block,
  candidate: 0,
  id: name,
  name,
  kind: 'function',
});
const close = (block: number): GenerationEvent => ({ type: 'block-end', block });
const cite = (block: number, dialect: string, ...sources: { url?: string; start?: number; end?: number }[]) =>
  ({ type: 'text-citation', block, dialect, citation: { a: 1 }, sources }) satisfies GenerationEvent;

/** The chunks that each event makes, and what was lost. */
function encode(...events: GenerationEvent[]) {
  const encoder = createStreamEncoder(context);
  const texts = events.map((event) => encoder.push(event));
  const chunks: JsonObject[][] = texts.map((out) =>
    out
      .split('\n\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line.replace(/^data: /, ''))),
  );
  return { chunks, warnings: encoder.warnings?.() };
}
const head = { modelVersion: 'm', responseId: 'r' };
const chunk = (part: JsonObject, index = 0, extra: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts: [part], role: 'model' }, index, ...extra }],
  ...head,
});
const last = (grounding: JsonObject = {}, index = 0): JsonObject => ({
  candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index, ...grounding }],
  ...head,
});
const stop = (candidate = 0): GenerationEvent => ({ type: 'candidate-end', candidate, finishReason: 'stop' });

describe('texts', () => {
  it('are chunks of their own; nothing is said of empty ones and of unknown blocks', () => {
    const { chunks } = encode(
      start,
      text(0, 1),
      delta(0, 'a"b'),
      delta(0, ''),
      delta(9, 'lost'),
      close(0),
      delta(0, 'late'),
    );
    expect(chunks).toEqual([[], [], [chunk({ text: 'a"b' }, 1)], [], [], [], []]);
  });

  it('refusals are texts, and reasoning is a thought', () => {
    const { chunks } = encode(
      start,
      { type: 'refusal-start', block: 0, candidate: 0 },
      { type: 'refusal-delta', block: 0, text: 'no' },
      { type: 'reasoning-start', block: 1, candidate: 0, summary: true, redacted: false },
      { type: 'reasoning-delta', block: 1, text: 'hm' },
      { type: 'block-signature', block: 1, signature: { origin: 'gemini', value: 'U1' } },
      { type: 'block-signature', block: 0, signature: { origin: 'gemini', value: 'U0' } },
      { type: 'block-signature', block: 9, signature: { origin: 'gemini', value: 'U9' } },
    );
    expect(chunks).toEqual([
      [],
      [],
      [chunk({ text: 'no' })],
      [],
      [chunk({ text: 'hm', thought: true })],
      [chunk({ text: '', thought: true, thoughtSignature: 'U1' })],
      [chunk({ text: '', thoughtSignature: 'U0' })],
      [],
    ]);
  });

  it('with log probabilities bring them along', () => {
    const logprobs = [{ token: 'a', logprob: -1 }];
    const logprobsResult = {
      chosenCandidates: [{ token: 'a', logProbability: -1 }],
      topCandidates: [{ candidates: [] }],
    };
    const { chunks } = encode(start, text(0, 2), { type: 'text-delta', block: 0, text: 'a', logprobs });
    expect(chunks[2]).toEqual([chunk({ text: 'a' }, 2, { logprobsResult })]);
    const lost = encode(start, { type: 'text-delta', block: 9, text: 'a', logprobs });
    expect(lost.chunks[1]).toEqual([chunk({ text: 'a' }, 0, { logprobsResult })]);
  });

  it('before a response-start are chunks without a head', () => {
    expect(createStreamEncoder(context).push({ type: 'response-end', usage: emptyUsage })).toBe(
      'data: {"candidates":[]}\n\n',
    );
  });

  it('end with usage where the upstream told some', () => {
    const usage = { ...emptyUsage, inputTokens: 2, outputTokens: 1 };
    expect(createStreamEncoder(context).push({ type: 'response-end', usage })).toBe(
      'data: {"candidates":[],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":1,"totalTokenCount":3}}\n\n',
    );
  });

  it('name the time where it is known', () => {
    const { chunks } = encode({ ...start, createdAtS: 1.5 }, text(0), delta(0, 'a'));
    expect(chunks[2]).toEqual([{ ...chunk({ text: 'a' }), createTime: '1970-01-01T00:00:01.500Z' }]);
    expect(Object.keys(encode(start, text(0), delta(0, 'a')).chunks[2]?.[0] ?? {})).not.toContain('createTime');
  });

  it('of one array are told apart by commas', () => {
    const encoder = createStreamEncoder({ ...context, framing: 'json-array' });
    const out = [start, text(0), delta(0, 'a'), delta(0, 'b'), stop(), end].map((event) => encoder.push(event));
    expect(out[2]).toMatch(/^\[\{"candidates".*\}$/);
    expect(out[3]).toMatch(/^,\r\n\{"candidates".*\}$/);
    expect(out[5]).toMatch(/^,\r\n\{"candidates".*\}\]$/);
    expect(JSON.parse(out.join(''))).toEqual([chunk({ text: 'a' }), chunk({ text: 'b' }), last()]);
  });
});

describe('calls', () => {
  const part = (name: string): JsonObject => ({ functionCall: { id: name, name, args: {} } });

  it('come in the order in which they were begun', () => {
    const { chunks } = encode(start, call(0, 'f'), text(1), call(2, 'g'), close(2), close(0), close(1), close(9));
    expect(chunks).toEqual([[], [], [], [], [], [chunk(part('f')), chunk(part('g'))], [], []]);
  });

  it('do not wait for a text', () => {
    const { chunks } = encode(start, text(0), call(1, 'f'), close(1), delta(0, 'a'));
    expect(chunks.slice(3)).toEqual([[chunk(part('f'))], [chunk({ text: 'a' })]]);
  });

  it('that never ended hold back no other at the end of the answer', () => {
    const { chunks } = encode(start, call(0, 'f'), call(1, 'g'), close(1), stop(), end);
    expect(chunks.slice(3)).toEqual([[], [], [chunk(part('g')), last()]]);
  });

  it('take their arguments and signature; deltas of unknown blocks are ignored', () => {
    const { chunks } = encode(
      start,
      call(0, 'f'),
      { type: 'tool-call-delta', block: 9, arguments: 'x' },
      { type: 'tool-call-delta', block: 0, arguments: '{"a":1}' },
      { type: 'block-signature', block: 0, signature: { origin: 'gemini', value: 'U' } },
      close(0),
    );
    expect(chunks.at(-1)).toEqual([
      chunk({ functionCall: { id: 'f', name: 'f', args: { a: 1 } }, thoughtSignature: 'U' }),
    ]);
  });
});

describe('citations', () => {
  const web = (uri: string, title = ''): JsonObject => ({ web: { uri, title } });

  it('of others are supports of the whole text of the candidate', () => {
    const { chunks, warnings } = encode(
      start,
      text(0),
      delta(0, 'é.'),
      close(0),
      text(1),
      delta(1, 'Zwölf'),
      { type: 'text-delta', block: 1, text: '!', logprobs: [] },
      cite(1, 'openai-chat', { url: 'https://a.test', start: 1, end: 3 }),
      cite(1, 'openai-chat', { url: 'https://b.test' }),
      close(1),
      stop(),
      end,
    );
    expect(chunks.at(-1)).toEqual([
      last({
        groundingMetadata: {
          groundingChunks: [web('https://a.test'), web('https://b.test')],
          groundingSupports: [
            { segment: { startIndex: 4, endIndex: 7, text: 'wö' }, groundingChunkIndices: [0] },
            { segment: { startIndex: 3, endIndex: 10, text: 'Zwölf!' }, groundingChunkIndices: [1] },
          ],
        },
      }),
    ]);
    expect(warnings).toEqual([]);
  });

  it('of Gemini are given back as they were', () => {
    const groundingMetadata = { later: 1 };
    const citation = { groundingMetadata };
    const sources = [{ url: 'https://a.test' }];
    const event: GenerationEvent = { type: 'text-citation', block: 0, dialect: 'gemini', citation, sources };
    const { chunks, warnings } = encode(start, text(0, 1), delta(0, 'a'), event, close(0), stop(1), end);
    expect(chunks.at(-1)).toEqual([last({ groundingMetadata }, 1)]);
    expect(warnings).toEqual([]);
  });

  it('without a page are lost, once for each text', () => {
    const { chunks, warnings } = encode(
      start,
      text(3, 1),
      cite(3, 'anthropic-messages', {}),
      cite(3, 'anthropic-messages'),
      cite(9, 'openai-chat'),
      close(3),
    );
    expect(chunks.flat()).toEqual([]);
    const reason = (dialect: string) => `citations of ${dialect} without a URL have no place here`;
    expect(warnings).toEqual([
      { path: 'candidates[1].content[3].citations', reason: reason('anthropic-messages') },
      { path: 'candidates[0].content[9].citations', reason: reason('openai-chat') },
    ]);
  });

  it('count only the text, not the reasoning before it', () => {
    const { chunks } = encode(
      start,
      { type: 'reasoning-start', block: 0, candidate: 0, summary: true, redacted: false },
      { type: 'reasoning-delta', block: 0, text: 'thinking' },
      close(0),
      text(1),
      delta(1, 'a'),
      cite(1, 'openai-chat', { url: 'https://a.test' }),
      close(1),
      stop(),
      end,
    );
    expect(chunks.at(-1)).toMatchObject([
      { candidates: [{ groundingMetadata: { groundingSupports: [{ segment: { endIndex: 1, text: 'a' } }] } }] },
    ]);
  });
});

describe('whole parts', () => {
  const tool = (fields: Partial<ServerToolPart>): GenerationEvent => ({
    type: 'server-tool',
    block: 4,
    candidate: 1,
    part: {
      type: 'server-tool',
      tool: 'code-execution',
      phase: 'whole',
      id: '',
      origin: 'openai-responses',
      ...fields,
    },
  });

  it('media are chunks; the prompt of an image is lost', () => {
    const source = { type: 'base64', mediaType: 'image/png', data: 'AA==' } as const;
    const part = { type: 'media', kind: 'image', source, revisedPrompt: 'a cat' } as const;
    const { chunks, warnings } = encode(start, { type: 'media', block: 2, candidate: 1, part });
    expect(chunks[1]).toEqual([chunk({ inlineData: { mimeType: 'image/png', data: 'AA==' } }, 1)]);
    expect(warnings).toEqual([
      {
        path: 'candidates[1].content[2].revisedPrompt',
        reason: 'Gemini does not tell from which prompt an image was made',
      },
    ]);
  });

  it('opaque parts are for their own dialect', () => {
    const opaque = (dialect: string): GenerationEvent => ({
      type: 'opaque',
      block: 2,
      candidate: 1,
      dialect,
      value: { later: 1 },
    });
    const { chunks, warnings } = encode(start, opaque('gemini'), opaque('openai-chat'));
    expect(chunks).toEqual([[], [chunk({ later: 1 }, 1)], []]);
    expect(warnings).toEqual([{ path: 'candidates[1].content[2]', reason: 'Gemini has no form for this opaque part' }]);
  });

  it('tools of Gemini are as they were, and others in its words', () => {
    const { chunks, warnings } = encode(
      start,
      tool({ origin: 'gemini', value: { executableCode: {} } }),
      tool({ origin: 'gemini', tool: 'web-search' }),
      tool({ code: '1+1', output: '2' }),
      tool({ tool: 'web-search', queries: ['q'] }),
      tool({ tool: 'image-generation' }),
      stop(1),
      end,
    );
    expect(chunks).toEqual([
      [],
      [chunk({ executableCode: {} }, 1)],
      [],
      [
        chunk({ executableCode: { language: 'PYTHON', code: '1+1' } }, 1),
        chunk({ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } }, 1),
      ],
      [],
      [],
      [],
      [last({ groundingMetadata: { webSearchQueries: ['q'] } }, 1)],
    ]);
    expect(warnings).toEqual([
      { path: 'candidates[1].content[4]', reason: 'Gemini has no form for this server-tool part' },
    ]);
  });
});
