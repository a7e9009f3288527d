import { describe, expect, it } from 'vitest';
import { emptyUsage, type JsonObject } from '../../ir/index.ts';
import { candidateIndex, decodeResponse, responseCallIds } from './decode-response.ts';

const head = { responseId: 'r', modelVersion: 'm' };
const decode = (...parts: JsonObject[]) =>
  decodeResponse({ ...head, candidates: [{ content: { parts } }] }).candidates[0]?.content;
const U0 = { origin: 'gemini', value: 'U0' };

describe('the answer', () => {
  it('may say very little', () => {
    expect(decodeResponse({ candidates: [{}] })).toStrictEqual({
      id: '',
      model: '',
      candidates: [{ content: [], finishReason: 'stop' }],
      usage: emptyUsage,
      extensions: {},
    });
  });

  it('has a time, usage and what only Gemini knows', () => {
    expect(
      decodeResponse({
        ...head,
        createTime: '1970-01-01T00:00:01.9Z',
        usageMetadata: { promptTokenCount: 3 },
        candidates: [{ index: 0, finishReason: 'MAX_TOKENS' }, { avgLogprobs: -1 }],
        promptFeedback: { later: 1 },
      }),
    ).toStrictEqual({
      id: 'r',
      model: 'm',
      createdAtS: 1,
      candidates: [
        { content: [], finishReason: 'length' },
        { content: [], finishReason: 'stop' },
      ],
      usage: { ...emptyUsage, inputTokens: 3 },
      extensions: { gemini: { promptFeedback: { later: 1 }, candidates: [{}, { avgLogprobs: -1 }] } },
    });
  });

  it('a refused prompt has one candidate without content', () => {
    const refused = decodeResponse({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(refused.candidates).toStrictEqual([{ content: [], finishReason: 'content-filter' }]);
  });

  it('one without candidates is empty where its tokens were counted, else no answer at all', () => {
    expect(decodeResponse({ usageMetadata: {} }).candidates).toStrictEqual([{ content: [], finishReason: 'other' }]);
    expect(() => decodeResponse({ candidates: [] })).toThrow(
      expect.objectContaining({
        code: 'upstream_invalid_response',
        message: 'the answer of the Gemini upstream has no candidates',
      }),
    );
  });

  it('an error is thrown in its own words', () => {
    expect(() => decodeResponse({ error: { code: 429, message: 'slow' } })).toThrow(
      expect.objectContaining({ code: 'upstream_rate_limited', status: 429, message: 'slow' }),
    );
  });
});

describe('call ids', () => {
  it.each([
    ['', 'call_f_0'],
    ['r/1', 'call_r1_f_0'],
    ['a'.repeat(30), `call_${'a'.repeat(22)}_f_0`],
    ['//', 'call_f_0'],
  ])('of answer %s', (id, expected) => expect(responseCallIds(id)('f')).toBe(expected));
});

it.each([
  [0, 0],
  [127, 127],
  [128, 0],
  [-1, 0],
  [1.5, 0],
  ['3', 0],
  [undefined, 0],
])('index %s is candidate %i', (index, expected) => {
  expect(candidateIndex(index === undefined ? {} : { index })).toBe(expected);
});

describe('a bare signature', () => {
  const bare = { thoughtSignature: 'U0' };
  const bareThought = { thought: true, thoughtSignature: 'U0' };
  const thought = { type: 'reasoning', summary: true, redacted: false };

  it('belongs to the text, thought or call before it', () => {
    expect(decode({ text: 'a' }, bare)).toStrictEqual([{ type: 'text', text: 'a', signature: U0 }]);
    expect(decode({ text: 'a', thought: true }, bare)).toStrictEqual([{ ...thought, text: 'a', signature: U0 }]);
    expect(decode({ text: 'a', thought: true }, bareThought)).toStrictEqual([{ ...thought, text: 'a', signature: U0 }]);
    expect(decode({ functionCall: { id: 'c', name: 'f' } }, bare)).toStrictEqual([
      { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{}', signature: U0 },
    ]);
  });

  it('is a part of its own after one that cannot have it', () => {
    const own = { type: 'text', text: '', signature: U0 };
    expect(decode(bare)).toStrictEqual([own]);
    for (const part of [
      { executableCode: { code: '1' } },
      { later: 1 },
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
      { text: 'a', thoughtSignature: 'U1' },
    ])
      expect(decode(part, bare)?.slice(1)).toStrictEqual([own]);
    expect(decode({ text: 'a' }, bareThought)?.slice(1)).toStrictEqual([{ ...thought, text: '', signature: U0 }]);
  });

  it('empty parts are left out', () => {
    expect(decode({ text: '' }, {}, { text: '', thought: true }, { text: 'a' }, { text: '' })).toStrictEqual([
      { type: 'text', text: 'a' },
    ]);
  });
});

describe('citations', () => {
  const cited = (groundingMetadata: JsonObject, ...parts: JsonObject[]) =>
    decodeResponse({ ...head, candidates: [{ content: { parts }, groundingMetadata }] }).candidates[0]?.content;
  const groundingChunks = [{ web: { uri: 'https://a.test' } }];

  it('are of the last text, and their sources of the texts that they are about', () => {
    const metadata = {
      groundingChunks,
      groundingSupports: [{ segment: { endIndex: 1 }, groundingChunkIndices: [0] }],
    };
    const sources = [{ url: 'https://a.test', start: 0, end: 1 }];
    const thought = { type: 'reasoning', text: 't', summary: true, redacted: false };
    expect(cited(metadata, { text: 'a' }, { text: 't', thought: true }, { text: 'b' }, { text: 'c' })).toStrictEqual([
      { type: 'text', text: 'a', citations: { dialect: 'gemini', items: [], sources } },
      thought,
      { type: 'text', text: 'b' },
      { type: 'text', text: 'c', citations: { dialect: 'gemini', items: [{ groundingMetadata: metadata }] } },
      {
        type: 'server-tool',
        phase: 'whole',
        id: '',
        origin: 'gemini',
        tool: 'web-search',
        queries: [],
        results: [{ url: 'https://a.test' }],
      },
    ]);
  });

  it('without a text are of an empty one', () => {
    expect(cited({ webSearchQueries: ['q'] })).toStrictEqual([
      {
        type: 'text',
        text: '',
        citations: { dialect: 'gemini', items: [{ groundingMetadata: { webSearchQueries: ['q'] } }] },
      },
      { type: 'server-tool', phase: 'whole', id: '', origin: 'gemini', tool: 'web-search', queries: ['q'] },
    ]);
  });

  it('that are empty are none', () => {
    expect(cited({}, { text: 'a' })).toStrictEqual([{ type: 'text', text: 'a' }]);
  });
});
