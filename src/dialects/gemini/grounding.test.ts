import { describe, expect, it } from 'vitest';
import type { ServerToolPart } from '../../ir/index.ts';
import { Grounding, losesCitations } from './grounding.ts';

const tool = (fields: Partial<ServerToolPart>): ServerToolPart => ({
  type: 'server-tool',
  tool: 'web-search',
  phase: 'whole',
  id: '',
  origin: 'openai-chat',
  ...fields,
});
const web = (uri: string, title = '') => ({ web: { uri, title } });

it('nothing is nothing', () => expect(new Grounding().fields()).toStrictEqual({}));

it('searches are queries and pages', () => {
  const grounding = new Grounding();
  expect(grounding.use(tool({ queries: ['q'], urls: ['https://no.test'] }))).toBe(true);
  expect(grounding.use(tool({ queries: ['r'], results: [{ url: 'https://a.test', title: 'A' }] }))).toBe(true);
  expect(grounding.fields()).toStrictEqual({
    groundingMetadata: { webSearchQueries: ['q', 'r'], groundingChunks: [web('https://a.test', 'A')] },
  });
});

it('pages that were read are told once, and not again with the result', () => {
  const grounding = new Grounding();
  expect(grounding.use(tool({ tool: 'url-context', phase: 'call', urls: ['https://a.test'] }))).toBe(true);
  expect(grounding.use(tool({ tool: 'url-context', phase: 'result', urls: ['https://a.test'] }))).toBe(true);
  expect(grounding.use(tool({ tool: 'url-context', phase: 'call' }))).toBe(true);
  expect(grounding.fields()).toStrictEqual({
    urlContextMetadata: {
      urlMetadata: [{ retrievedUrl: 'https://a.test', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
    },
  });
});

it.each(['code-execution', 'image-generation'] as const)('%s is no search', (name) => {
  const grounding = new Grounding();
  expect(grounding.use(tool({ tool: name, queries: ['q'] }))).toBe(false);
  expect(grounding.fields()).toStrictEqual({});
});

it('Gemini’s own fields stay, and win', () => {
  const grounding = new Grounding();
  grounding.use(tool({ queries: ['q'] }));
  grounding.cite('gemini', [{ citationMetadata: { a: 1 } }]);
  grounding.cite('openai-chat', [{ citationMetadata: { b: 1 } }]);
  expect(grounding.fields()).toStrictEqual({
    groundingMetadata: { webSearchQueries: ['q'] },
    citationMetadata: { a: 1 },
  });
});

describe('pages', () => {
  const chunks = (...titles: (string | undefined)[]) => {
    const grounding = new Grounding();
    for (const title of titles) {
      const source = { url: 'https://a.test', ...(title !== undefined && { title }) };
      grounding.support([source], 'a', 0);
    }
    return grounding.fields().groundingMetadata?.['groundingChunks'];
  };

  it.each<[(string | undefined)[], string]>([
    [['A', 'B'], 'A'],
    [[undefined, 'B'], 'B'],
    [['A', undefined], 'A'],
    [[undefined, undefined], ''],
    [['', 'B', 'C'], 'B'],
  ])('named %j have the first title', (titles, expected) => {
    expect(chunks(...titles)).toEqual([web('https://a.test', expected)]);
  });

  it('keep their place when a title comes later', () => {
    const grounding = new Grounding();
    const a = { url: 'https://a.test' };
    grounding.support([a, { url: 'https://b.test' }, { title: 'no page' }], 'ab', 0);
    grounding.support([{ ...a, title: 'A', start: 1 }], 'ab', 0);
    const whole = { endIndex: 2, text: 'ab' };
    expect(grounding.fields()).toStrictEqual({
      groundingMetadata: {
        groundingChunks: [web('https://a.test', 'A'), web('https://b.test')],
        groundingSupports: [
          { segment: whole, groundingChunkIndices: [0, 1] },
          { segment: { startIndex: 1, endIndex: 2, text: 'b' }, groundingChunkIndices: [0] },
        ],
      },
    });
  });
});

it('citations of others are lost unless all name a page', () => {
  const page = { url: 'https://a.test' };
  expect(losesCitations('gemini', [])).toBe(false);
  expect(losesCitations('gemini')).toBe(false);
  expect(losesCitations('openai-chat')).toBe(true);
  expect(losesCitations('openai-chat', [])).toBe(true);
  expect(losesCitations('openai-chat', [page])).toBe(false);
  expect(losesCitations('openai-chat', [page, { title: 'no page' }])).toBe(true);
});

it('stretches that repeat the text too often are places alone', () => {
  const grounding = new Grounding();
  const text = 'x'.repeat(100_000);
  grounding.support(
    [0, 1, 2].map((start) => ({ url: 'https://a.test', start })),
    text,
    0,
  );
  const supports = grounding.fields().groundingMetadata?.['groundingSupports'];
  expect(supports).toEqual([
    { segment: { endIndex: 100_000, text }, groundingChunkIndices: [0] },
    { segment: { startIndex: 1, endIndex: 100_000, text: text.slice(1) }, groundingChunkIndices: [0] },
    { segment: { startIndex: 2, endIndex: 100_000 }, groundingChunkIndices: [0] },
  ]);
});

it('a page that supports a stretch twice is named once', () => {
  const grounding = new Grounding();
  grounding.support([{ url: 'https://a.test' }, { url: 'https://a.test', end: 1 }], 'a', 0);
  expect(grounding.fields().groundingMetadata?.['groundingSupports']).toEqual([
    { segment: { endIndex: 1, text: 'a' }, groundingChunkIndices: [0] },
  ]);
});
