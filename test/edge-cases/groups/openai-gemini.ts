/** A Gemini client of an upstream of Chat Completions: above all which result answers which call. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { call, chatAnswer, chunk } from '../chat-upstream.ts';
import type { Entry, Group } from '../ledger.ts';
import { answer, request, stream } from '../through.ts';

const asks = (name: string, id?: string, args: Wire = {}): Wire => ({
  functionCall: { name, args, ...(id && { id }) },
});
const tells = (name: string, result: string, id?: string): Wire => ({
  functionResponse: { name, response: { result }, ...(id && { id }) },
});
const model = (...parts: Wire[]): Wire => ({ role: 'model', parts });
const user = (...parts: Wire[]): Wire => ({ role: 'user', parts });

const translate = (...contents: Wire[]): ReturnType<typeof request> =>
  request('gemini', 'openai-chat', { contents: [user({ text: 'hi' }), ...contents] });
const messages = (...contents: Wire[]): Wire => translate(...contents).body.messages.slice(1);

/** The names and ids of the calls, and what answers each of them. */
function pairs(...contents: Wire[]): { readonly calls: readonly string[]; readonly results: readonly string[] } {
  const all: Wire[] = messages(...contents);
  const calls: Wire[] = all.flatMap(({ tool_calls }) => tool_calls ?? []);
  return {
    calls: calls.map((entry) => `${entry.function.name} ${entry.id}`),
    results: all.flatMap(({ role, tool_call_id, content }) => (role === 'tool' ? [`${tool_call_id} ${content}`] : [])),
  };
}

const orphanNote = 'Servers refuse a result that answers no call: it is sent as text of the user, with a warning.';

const pairing: readonly Entry[] = [
  {
    names: ['ConvertGeminiRequestToOpenAI_FunctionResponsesConsumeToolCallIDsFIFO'],
    run() {
      expect(pairs(model(asks('ls'), asks('ls')), user(tells('ls', 'one'), tells('ls', 'two')))).toEqual({
        calls: ['ls call_ls_0', 'ls call_ls_1'],
        results: ['call_ls_0 one', 'call_ls_1 two'],
      });
    },
  },
  {
    names: [
      'ConvertGeminiRequestToOpenAI_FunctionResponseWithoutPriorCallGetsFallbackID',
      'ConvertGeminiRequestToOpenAI_DeterministicFallbackOrphanResponse',
    ],
    note: orphanNote,
    run() {
      const { body, warnings } = translate(user(tells('ls', 'one')));
      expect(body.messages.slice(1)).toEqual([{ role: 'user', content: 'Result of tool ls: one' }]);
      expect(warnings).toEqual([
        { path: 'contents[1].content[0]', reason: 'the result answers no call; sent as user text' },
      ]);
    },
  },
  {
    names: ['ConvertGeminiRequestToOpenAI_ExtraFunctionResponsesUseFallbackID'],
    note: orphanNote,
    run() {
      expect(messages(model(asks('ls', 'a')), user(tells('ls', 'one'), tells('ls', 'two'))).slice(1)).toEqual([
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'user', content: 'Result of tool ls: two' },
      ]);
    },
  },
  {
    names: [
      'ConvertGeminiRequestToOpenAI_PreservesExplicitFunctionCallIDs',
      'ConvertGeminiRequestToOpenAI_ExplicitCallInheritedByImplicitResponse',
    ],
    run() {
      const expected = { calls: ['ls fc-1'], results: ['fc-1 one'] };
      expect(pairs(model(asks('ls', 'fc-1')), user(tells('ls', 'one', 'fc-1')))).toEqual(expected);
      expect(pairs(model(asks('ls', 'fc-1')), user(tells('ls', 'one')))).toEqual(expected);
    },
  },
  {
    names: ['ConvertGeminiRequestToOpenAI_InterleavedPerNameFIFOMatching'],
    run() {
      const results = user(tells('cat', 'c'), tells('ls', 'one'), tells('ls', 'two'));
      expect(pairs(model(asks('ls'), asks('cat'), asks('ls')), results)).toEqual({
        calls: ['ls call_ls_0', 'cat call_cat_1', 'ls call_ls_2'],
        results: ['call_cat_1 c', 'call_ls_0 one', 'call_ls_2 two'],
      });
    },
  },
  {
    names: ['ConvertGeminiRequestToOpenAI_OutOrderExplicitResponseDoesNotDuplicateID'],
    run() {
      const results = user(tells('ls', 'second', 'b'), tells('ls', 'first'));
      expect(pairs(model(asks('ls', 'a'), asks('ls', 'b')), results).results).toEqual(['b second', 'a first']);
    },
  },
  {
    names: [
      'ConvertGeminiRequestToOpenAI_DeterministicToolCallIDs',
      'ConvertGeminiRequestToOpenAI_SameNameCallsInSameMessageDistinct',
    ],
    run() {
      const history = [model(asks('ls'), asks('ls')), user(tells('ls', '1'), tells('ls', '2'))];
      const first = pairs(...history);
      expect(pairs(...history)).toEqual(first);
      // The ids of old calls stay when the conversation grows, and new ones are none of them.
      const { calls } = pairs(...history, model(asks('ls')), user(tells('ls', '3')));
      expect(calls.slice(0, 2)).toEqual(first.calls);
      expect(new Set(calls).size).toBe(3);
    },
  },
];

const parts: readonly Entry[] = [
  {
    names: ['ConvertGeminiRequestToOpenAI_AcceptsSnakeInlineData'],
    run() {
      expect(messages(user({ inline_data: { mime_type: 'image/png', data: 'AAAA' } }))).toEqual([
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
      ]);
    },
  },
  {
    names: ['ConvertGeminiRequestToOpenAI_SplitsNonImageInlineDataByMIME'],
    run() {
      const inline = (mimeType: string): Wire => ({ inlineData: { mimeType, data: 'AAAA', displayName: 'd.pdf' } });
      expect(messages(user(...['audio/mp3', 'video/mp4', 'application/pdf'].map(inline)))[0].content).toEqual([
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
        { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } },
        { type: 'file', file: { filename: 'd.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      ]);
    },
  },
  {
    names: ['ConvertGeminiRequestToOpenAI_DropsHiddenThoughtParts'],
    note: 'A thought is no text of the answer; as reasoning it goes back to servers that take it.',
    run() {
      const contents = [user({ text: 'hi' }), model({ text: 'hidden', thought: true }, { text: 'seen' })];
      const sent = (quirks: Wire): Wire => request('gemini', 'openai-chat', { contents }, { quirks }).body.messages[1];
      expect(sent({ reasoningField: 'none' })).toEqual({ role: 'assistant', content: 'seen' });
      expect(sent({})).toEqual({ role: 'assistant', content: 'seen', reasoning_content: 'hidden' });
    },
  },
];

const toolCall = { id: 'call_7', type: 'function', function: { name: 'ls', arguments: '{"x":1}' } };
const functionCall = { id: 'call_7', name: 'ls', args: { x: 1 } };

const answers: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponseToGeminiNonStreamPreservesToolCallID'],
    run() {
      const upstream = chatAnswer({ content: null, tool_calls: [toolCall] }, 'tool_calls');
      const [candidate] = answer('gemini', 'openai-chat', upstream).body.candidates;
      expect(candidate.content.parts).toEqual([{ functionCall }]);
    },
  },
  {
    names: ['ConvertOpenAIResponseToGeminiStreamPreservesToolCallID'],
    run() {
      const events = stream('gemini', 'openai-chat', [
        call({ index: 0, id: 'call_7', function: { name: 'ls', arguments: '{"x":' } }),
        call({ index: 0, function: { arguments: '1}' } }),
        chunk({}, 'tool_calls'),
        '[DONE]',
      ]);
      const sent: Wire[] = events.flatMap(({ data }) => data.candidates[0].content.parts);
      expect(sent.filter((part) => part.functionCall)).toEqual([{ functionCall }]);
    },
  },
  {
    names: ['ConvertOpenAIResponseToGeminiNonStream_MultiChoicePartsOverlay'],
    run() {
      const choices = [
        { index: 0, message: { role: 'assistant', content: 'one' }, finish_reason: 'stop' },
        {
          index: 1,
          message: { role: 'assistant', content: null, tool_calls: [toolCall] },
          finish_reason: 'tool_calls',
        },
        { index: 2, message: { role: 'assistant', content: 'three' }, finish_reason: 'length' },
      ];
      const { candidates } = answer('gemini', 'openai-chat', chatAnswer({}, 'stop', { choices })).body;
      expect(candidates.map(({ index, content, finishReason }: Wire) => [index, content.parts, finishReason])).toEqual([
        [0, [{ text: 'one' }], 'STOP'],
        [1, [{ functionCall }], 'STOP'],
        [2, [{ text: 'three' }], 'MAX_TOKENS'],
      ]);
    },
  },
];

export const openaiGemini: Group = { group: 'openai/gemini', entries: [...pairing, ...parts, ...answers] };
