import { describe, expect, it } from 'vitest';
import { emptyUsage, type GenerationResponse, type JsonObject, type Part } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeResponse } from './encode-response.ts';

const context: ReplyContext = {
  model: 'alias',
  request: { model: 'alias', stream: false, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 0,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};
const response: GenerationResponse = { id: 'r', model: 'm', candidates: [], usage: emptyUsage, extensions: {} };
const answer = (...content: Part[]): GenerationResponse => ({
  ...response,
  candidates: [{ content, finishReason: 'stop' }],
});

function blocks(...content: Part[]) {
  const { value, warnings } = encodeResponse(answer(...content), context);
  return { content: value['content'], lost: warnings.map(({ path, reason }) => `${path}: ${reason}`) };
}

it('an answer without a candidate is an empty message', () => {
  const usage = { inputTokens: 1, cacheWriteTokens: 2, cachedReadTokens: 3, outputTokens: 4, reasoningTokens: 5 };
  expect(encodeResponse({ ...response, id: '', usage, serviceTier: 'priority' }, context)).toStrictEqual({
    value: {
      id: 'msg_new',
      type: 'message',
      role: 'assistant',
      model: 'alias',
      content: [],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 3,
        output_tokens: 4,
        output_tokens_details: { thinking_tokens: 5 },
        server_tool_use: null,
        cache_creation: null,
        inference_geo: null,
        speed: null,
        service_tier: 'priority',
      },
    },
    warnings: [],
  });
});

it('the further ones of several answers are left out', () => {
  const { value, warnings } = encodeResponse(
    {
      ...response,
      candidates: ['a', 'b'].map((text) => ({ content: [{ type: 'text', text }], finishReason: 'stop' })),
    },
    context,
  );
  expect(value['content']).toStrictEqual([{ type: 'text', text: 'a', citations: [] }]);
  expect(warnings).toStrictEqual([
    { path: 'candidates', reason: 'Claude clients take one answer; the others are left out' },
  ]);
});

it('what only Claude told stands where it stood', () => {
  const own = { container: { id: 'c' }, usage: { speed: 'fast' } };
  const encode = (extensions: GenerationResponse['extensions']): JsonObject =>
    encodeResponse({ ...response, extensions }, context).value;
  expect(encode({ 'anthropic-messages': own })).toMatchObject(own);
  expect(encode({ 'anthropic-messages': { usage: 'x' } })['usage']).toStrictEqual(encode({})['usage']);
  expect(encode({ gemini: own })).toStrictEqual(encode({}));
});

describe('why it ended', () => {
  it.each<[Part, string]>([
    [{ type: 'text', text: 'a' }, 'end_turn'],
    [{ type: 'refusal', text: 'No.' }, 'refusal'],
    [{ type: 'tool-call', id: 'c', name: 'n', kind: 'function', arguments: '{}' }, 'tool_use'],
  ])('%j', (part, reason) => {
    expect(encodeResponse(answer(part), context).value['stop_reason']).toBe(reason);
  });

  it('a stop sequence', () => {
    const candidates = [{ content: [], finishReason: 'stop', stopSequence: 'END' }] as const;
    expect(encodeResponse({ ...response, candidates }, context).value).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    });
  });
});

describe('parts', () => {
  const signature = { origin: 'gemini', value: 's' };
  const carrier = { type: 'thinking', thinking: '', signature: 'next:llmproxy.gemini.s' };
  const reasoning = { type: 'reasoning', text: '', summary: false, redacted: false } as const;
  const own = { origin: 'anthropic-messages', value: 's' };
  const call = { type: 'tool-call', id: 'c', name: 'n', kind: 'function', arguments: '{"a":1}' } as const;
  const use = { type: 'tool_use', id: 'c', name: 'n', input: { a: 1 }, caller: { type: 'direct' } };
  it.each<[Part, JsonObject[]]>([
    [{ type: 'text', text: '' }, []],
    [{ type: 'text', text: '', signature }, [carrier]],
    [{ type: 'text', text: 'a', signature }, [carrier, { type: 'text', text: 'a', citations: [] }]],
    [
      { type: 'text', text: '', citations: { dialect: 'anthropic-messages', items: [{ x: 1 }] } },
      [{ type: 'text', text: '', citations: [{ x: 1 }] }],
    ],
    [{ type: 'refusal', text: '' }, []],
    [{ type: 'refusal', text: 'No.' }, [{ type: 'text', text: 'No.', citations: [] }]],
    [reasoning, []],
    [{ ...reasoning, text: 'r' }, [{ type: 'thinking', thinking: 'r', signature: '' }]],
    [{ ...reasoning, signature: own }, [{ type: 'thinking', thinking: '', signature: 's' }]],
    [{ ...reasoning, signature }, [{ type: 'thinking', thinking: '', signature: 'llmproxy.gemini.s' }]],
    [{ ...reasoning, redacted: true }, []],
    [{ ...reasoning, redacted: true, signature: own }, [{ type: 'redacted_thinking', data: 's' }]],
    [call, [use]],
    [{ ...call, signature, id: 'a:b' }, [carrier, { ...use, id: 'llmproxy_YTpi' }]],
    [{ type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later' } }, [{ type: 'later' }]],
    [{ type: 'server-tool', tool: 'url-context', phase: 'whole', id: '', origin: 'gemini' }, []],
  ])('%j', (part, content) => expect(blocks(part)).toStrictEqual({ content, lost: [] }));

  it.each<[Part, JsonObject[], string]>([
    [
      { type: 'text', text: 'a', citations: { dialect: 'gemini', items: [1] } },
      [{ type: 'text', text: 'a', citations: [] }],
      '.citations: citations of dialect gemini',
    ],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, [], ': only dialect gemini knows this part'],
    [
      { type: 'media', kind: 'image', source: { type: 'url', url: 'u' } },
      [],
      ': a Claude answer cannot hold a media part',
    ],
    [
      { type: 'tool-result', callId: 'c', content: [], isError: false, kind: 'function' },
      [],
      ': a Claude answer cannot hold a tool-result part',
    ],
    [
      { type: 'server-tool', tool: 'image-generation', phase: 'whole', id: '', origin: 'gemini' },
      [],
      ': only dialect gemini knows this part',
    ],
    [
      { ...call, arguments: 'x' },
      [{ ...use, input: {} }],
      '.arguments: the arguments are not a JSON object; sent as {}',
    ],
  ])('that are lost: %j', (part, content, reason) => {
    expect(blocks(part)).toStrictEqual({ content, lost: [`candidates[0].content[0]${reason}`] });
  });
});
