import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  emptyUsage,
  type GenerationRequest,
  type GenerationResponse,
  type JsonObject,
  type ServerToolPart,
} from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeResponse } from './encode-response.ts';

const request: GenerationRequest = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };
const context: ReplyContext = { model: 'm', request, nowS: 0, newId: (prefix) => `${prefix}new`, framing: 'sse' };
const answer = (more: Partial<GenerationResponse>): GenerationResponse => ({
  id: 'r',
  model: 'up',
  candidates: [],
  usage: emptyUsage,
  extensions: {},
  ...more,
});

/** The first candidate of an answer with this content, and what was lost of it. */
function encode(...content: Candidate['content']) {
  const candidates: Candidate[] = [{ content, finishReason: 'stop' }];
  const { value, warnings } = encodeResponse(answer({ candidates }), context);
  const [first]: JsonObject[] = JSON.parse(JSON.stringify(value['candidates']));
  const { content: wire, finishReason, index, ...grounding } = first ?? {};
  expect({ finishReason, index }).toEqual({ finishReason: 'STOP', index: 0 });
  const { parts, role } = JSON.parse(JSON.stringify(wire));
  expect(role).toBe('model');
  return { parts, warnings, ...grounding };
}

describe('the answer', () => {
  it('has an id even where the upstream gave none', () => {
    expect(encodeResponse(answer({ id: '' }), context)).toStrictEqual({
      value: { candidates: [], modelVersion: 'm', responseId: 'new' },
      warnings: [],
    });
  });

  it('has usage where the upstream told some', () => {
    expect(encodeResponse(answer({ usage: { ...emptyUsage, outputTokens: 1 } }), context).value).toStrictEqual({
      candidates: [],
      usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 1, totalTokenCount: 1 },
      modelVersion: 'm',
      responseId: 'r',
    });
  });

  it('has a time where one is known, and it is one', () => {
    expect(encodeResponse(answer({ createdAtS: 1 }), context).value).toStrictEqual({
      candidates: [],
      modelVersion: 'm',
      responseId: 'r',
      createTime: '1970-01-01T00:00:01.000Z',
    });
    expect(encodeResponse(answer({ createdAtS: 1e300 }), context).value['createTime']).toBeUndefined();
  });

  it('gives back what only Gemini knows', () => {
    const candidates: Candidate[] = [
      { content: [], finishReason: 'length' },
      { content: [], finishReason: 'refusal' },
    ];
    const extensions = {
      gemini: { promptFeedback: { later: 1 }, candidates: [{}, { avgLogprobs: -1 }] },
      'openai-chat': { system_fingerprint: 'x' },
    };
    expect(encodeResponse(answer({ candidates, extensions }), context).value).toStrictEqual({
      promptFeedback: { later: 1 },
      candidates: [
        { content: { parts: [], role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 },
        { content: { parts: [], role: 'model' }, finishReason: 'SAFETY', index: 1, avgLogprobs: -1 },
      ],
      modelVersion: 'm',
      responseId: 'r',
    });
  });

  it('has log probabilities where there are any', () => {
    const candidates: Candidate[] = [
      {
        content: [],
        finishReason: 'stop',
        logprobs: [{ token: 'a', logprob: -1, top_logprobs: [{ token: 'b', logprob: -2 }, 5, {}] }, 5, {}],
      },
    ];
    expect(encodeResponse(answer({ candidates }), context).value['candidates']).toMatchObject([
      {
        logprobsResult: {
          chosenCandidates: [
            { token: 'a', logProbability: -1 },
            { token: '', logProbability: 0 },
          ],
          topCandidates: [
            {
              candidates: [
                { token: 'b', logProbability: -2 },
                { token: '', logProbability: 0 },
              ],
            },
            { candidates: [] },
          ],
        },
      },
    ]);
  });
});

describe('parts', () => {
  const U0 = { origin: 'gemini', value: 'U0' };
  const blob = { inlineData: { mimeType: 'image/png', data: 'AA==' } };
  const image = {
    type: 'media',
    kind: 'image',
    source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
  } as const;

  it('have their form in Gemini', () => {
    expect(
      encode(
        { type: 'text', text: 'a', signature: U0 },
        { type: 'refusal', text: 'no' },
        { type: 'reasoning', text: 't', summary: true, redacted: false, signature: U0 },
        { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{"a":1}', signature: U0 },
        { type: 'tool-call', id: '', name: 'g', kind: 'function', arguments: ' \n' },
        { type: 'tool-call', id: 'd', name: 'h', kind: 'custom', arguments: ' free' },
        { ...image, signature: U0 },
        { type: 'opaque', dialect: 'gemini', value: { later: 1 } },
      ),
    ).toEqual({
      parts: [
        { text: 'a', thoughtSignature: 'U0' },
        { text: 'no' },
        { text: 't', thought: true, thoughtSignature: 'U0' },
        { functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'U0' },
        { functionCall: { name: 'g', args: {} } },
        { functionCall: { id: 'd', name: 'h', args: { input: ' free' } } },
        { ...blob, thoughtSignature: 'U0' },
        { later: 1 },
      ],
      warnings: [],
    });
  });

  it('or are lost, with a warning', () => {
    const lost = (type: string, at: number) => ({
      path: `candidates[0].content[${at}]`,
      reason: `Gemini has no form for this ${type} part`,
    });
    expect(
      encode(
        { type: 'opaque', dialect: 'openai-chat', value: {} },
        { type: 'tool-result', callId: 'c', content: [], isError: false, kind: 'function' },
        { ...image, source: { type: 'file-id', id: 'file-1' } },
        { ...image, revisedPrompt: 'a cat' },
      ),
    ).toEqual({
      parts: [blob],
      warnings: [
        lost('opaque', 0),
        lost('tool-result', 1),
        lost('media', 2),
        {
          path: 'candidates[0].content[3].revisedPrompt',
          reason: 'Gemini does not tell from which prompt an image was made',
        },
      ],
    });
  });
});

describe('tools that a provider ran', () => {
  const tool = (fields: Partial<ServerToolPart>): ServerToolPart => ({
    type: 'server-tool',
    tool: 'code-execution',
    phase: 'whole',
    id: '',
    origin: 'openai-responses',
    ...fields,
  });
  const run = (language: string, code: string) => ({ executableCode: { language, code } });
  const outcome = (name: string, output: string) => ({ codeExecutionResult: { outcome: name, output } });

  it('are given back to Gemini as they were', () => {
    expect(
      encode(
        tool({ origin: 'gemini', value: { later: 1 } }),
        tool({ origin: 'gemini', tool: 'web-search', queries: ['q'] }),
      ),
    ).toEqual({ parts: [{ later: 1 }], warnings: [] });
  });

  it.each<[Partial<ServerToolPart>, JsonObject[]]>([
    [{ code: '1' }, [run('PYTHON', '1')]],
    [{ code: '1', language: 'python', output: '2' }, [run('PYTHON', '1'), outcome('OUTCOME_OK', '2')]],
    [{ language: 'bash' }, [run('LANGUAGE_UNSPECIFIED', '')]],
    [{ phase: 'call', code: '1' }, [run('PYTHON', '1')]],
    [{ phase: 'result' }, [outcome('OUTCOME_OK', '')]],
    [{ phase: 'result', output: 'x', isError: true }, [outcome('OUTCOME_FAILED', 'x')]],
    [
      { tool: 'image-generation', image: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
      [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
    ],
  ])('%j', (fields, parts) => expect(encode(tool(fields))).toEqual({ parts, warnings: [] }));

  it('searches and pages are in the metadata', () => {
    expect(encode(tool({ tool: 'web-search', queries: ['q'] }), tool({ tool: 'url-context', urls: ['u'] }))).toEqual({
      parts: [],
      warnings: [],
      groundingMetadata: { webSearchQueries: ['q'] },
      urlContextMetadata: {
        urlMetadata: [{ retrievedUrl: 'u', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
      },
    });
  });

  it('an image elsewhere is lost', () => {
    const { warnings } = encode(tool({ tool: 'image-generation', image: { type: 'url', url: 'https://a.test' } }));
    expect(warnings).toEqual([
      { path: 'candidates[0].content[0]', reason: 'Gemini has no form for this server-tool part' },
    ]);
  });
});

describe('citations', () => {
  const page = { url: 'https://a.test' };

  it('of others are supports, counted in the bytes of all text before them', () => {
    expect(
      encode(
        { type: 'text', text: 'ä.' },
        { type: 'reasoning', text: 'not counted', summary: true, redacted: false },
        {
          type: 'text',
          text: 'bc',
          citations: { dialect: 'openai-chat', items: [{}], sources: [{ ...page, start: 1, end: 2 }] },
        },
      ),
    ).toMatchObject({
      warnings: [],
      groundingMetadata: {
        groundingChunks: [{ web: { uri: 'https://a.test', title: '' } }],
        groundingSupports: [{ segment: { startIndex: 4, endIndex: 5, text: 'c' }, groundingChunkIndices: [0] }],
      },
    });
  });

  it('of Gemini stay as they were', () => {
    const items = [{ groundingMetadata: { a: 1 } }];
    expect(encode({ type: 'text', text: 'a', citations: { dialect: 'gemini', items, sources: [page] } })).toEqual({
      parts: [{ text: 'a' }],
      warnings: [],
      groundingMetadata: { a: 1 },
    });
  });

  it('without a page are lost', () => {
    expect(encode({ type: 'text', text: 'a', citations: { dialect: 'anthropic-messages', items: [{}] } })).toEqual({
      parts: [{ text: 'a' }],
      warnings: [
        {
          path: 'candidates[0].content[0].citations',
          reason: 'citations of anthropic-messages without a URL have no place here',
        },
      ],
    });
  });
});
