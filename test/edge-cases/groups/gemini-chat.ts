/** Chat Completions clients with a Gemini upstream. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, contents, frames, reply } from '../gemini-turns.ts';
import type { Entry, Group } from '../ledger.ts';
import { answer, request, stream } from '../through.ts';

const chat = 'openai-chat';
const user = (content: unknown): Wire => ({ role: 'user', content });
const body = (more: Wire): Wire => request(chat, 'gemini', { messages: [user('q')], ...more }).body;
const turns = (...messages: Wire[]): Wire[] => contents(chat, { messages });
const partsOf = (...content: Wire[]): Wire[] => turns(user(content))[0]?.parts;
const toolCall = (id: string, more: Wire = {}): Wire => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: '{}' },
  ...more,
});
const declared = (definition: Wire): Wire =>
  body({ tools: [{ type: 'function', function: definition }] }).tools[0].functionDeclarations[0];

const content: readonly Entry[] = [
  {
    names: ['ConvertOpenAIRequestToGeminiNormalizesFileDataURL'],
    run() {
      const file = (file_data: string) => partsOf({ type: 'file', file: { filename: 'a.pdf', file_data } });
      const expected = [{ inlineData: { mimeType: 'application/pdf', data: 'JVBE' } }];
      expect(file('data:application/pdf;base64,JVBE')).toEqual(expected);
      expect(file('JVBE')).toEqual(expected);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiPreservesInputAudio'],
    run() {
      const audio = (format: string) => partsOf({ type: 'input_audio', input_audio: { data: 'UklG', format } });
      expect(audio('wav')).toEqual([{ inlineData: { mimeType: 'audio/wav', data: 'UklG' } }]);
      expect(audio('mp3')).toEqual([{ inlineData: { mimeType: 'audio/mpeg', data: 'UklG' } }]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiPreservesVideoURL'],
    run() {
      const video = (url: string) => partsOf({ type: 'video_url', video_url: { url } });
      expect(video('data:video/mp4;base64,AAAA')).toEqual([{ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }]);
      expect(video('https://a.test/v.mp4')).toEqual([
        { fileData: { mimeType: 'video/mp4', fileUri: 'https://a.test/v.mp4' } },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiSkipsEmptyTextPartsWithoutNulls'],
    run() {
      expect(partsOf({ type: 'text', text: '' }, { type: 'text', text: 'q' })).toEqual([{ text: 'q' }]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiSkipsEmptyAssistantMessages'],
    run() {
      const list = turns(
        user('a'),
        { role: 'assistant', content: '' },
        { role: 'assistant', content: null },
        user('b'),
      );
      expect(list).toEqual([{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }] }]);
    },
  },
];

const history: readonly Entry[] = [
  {
    names: ['ConvertOpenAIRequestToGemini_StripsTrailingAssistantPrefill'],
    note: 'Gemini goes on with a last turn of the model, so the begun answer is sent',
    run() {
      expect(turns(user('q'), { role: 'assistant', content: 'It is' })).toEqual([
        { role: 'user', parts: [{ text: 'q' }] },
        { role: 'model', parts: [{ text: 'It is' }] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiPreservesReasoningContent'],
    note: 'a thought is text without any value in place of its signature: Gemini demands none there',
    run() {
      expect(turns(user('q'), { role: 'assistant', reasoning_content: 'hm', content: 'A' }, user('r'))[1]).toEqual({
        role: 'model',
        parts: [{ text: 'hm', thought: true }, { text: 'A' }],
      });
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiPreservesReasoningBeforeVisibleContentAndToolCall'],
    run() {
      const assistant = { role: 'assistant', reasoning_content: 'hm', content: 'A', tool_calls: [toolCall('c1')] };
      const result = { role: 'tool', tool_call_id: 'c1', content: 'ok' };
      expect(turns(user('q'), assistant, result)[1]?.parts).toEqual([
        { text: 'hm', thought: true },
        { text: 'A' },
        { functionCall: { id: 'c1', name: 'f', args: {} }, thoughtSignature: BYPASS },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGemini_ToolCallSignatureCompatibility'],
    note: 'the signature is looked for where Google puts it in its own Chat endpoint',
    run() {
      const signed = (more: Wire) => {
        const assistant = { role: 'assistant', content: null, tool_calls: [toolCall('c1', more), toolCall('c2')] };
        const results = ['c1', 'c2'].map((id) => ({ role: 'tool', tool_call_id: id, content: 'ok' }));
        return turns(user('q'), assistant, ...results)[1]?.parts.map((part: Wire) => part.thoughtSignature);
      };
      const google = (value: string) => ({ extra_content: { google: { thought_signature: value } } });
      const { body: answered } = answer(
        chat,
        'gemini',
        reply([{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' }]),
      );
      const given = answered.choices[0].message.tool_calls[0].extra_content;
      expect(signed({ extra_content: given })).toEqual(['c2ln', undefined]);
      expect(signed({})).toEqual([BYPASS, undefined]);
      expect(signed(google('llmproxy.anthropic-messages.EqSig'))).toEqual([BYPASS, undefined]);
    },
  },
];

const settings: readonly Entry[] = [
  {
    names: ['ConvertOpenAIRequestToGeminiMapsMaxTokens'],
    run() {
      expect(body({ max_tokens: 5 }).generationConfig).toEqual({ maxOutputTokens: 5 });
      expect(body({ max_completion_tokens: 6 }).generationConfig).toEqual({ maxOutputTokens: 6 });
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiCleansToolSchemaRequiredFields'],
    run() {
      const parameters = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'gone'] };
      expect(declared({ name: 'f', parameters }).parametersJsonSchema.required).toEqual(['a']);
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiResponseFormatJSONSchema'],
    run() {
      const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
      const response_format = { type: 'json_schema', json_schema: { name: 'n', schema } };
      expect(body({ response_format }).generationConfig).toEqual({
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
      });
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiResponseFormatJSONObject'],
    run() {
      expect(body({ response_format: { type: 'json_object' } }).generationConfig).toEqual({
        responseMimeType: 'application/json',
      });
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiResponseFormatJSONSchemaWithoutSchema'],
    run() {
      expect(body({ response_format: { type: 'json_schema', json_schema: { name: 'n' } } }).generationConfig).toEqual({
        responseMimeType: 'application/json',
      });
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiResponseFormatNoOp'],
    run() {
      expect(body({ response_format: { type: 'text' } }).generationConfig).toEqual({ responseMimeType: 'text/plain' });
      expect(body({}).generationConfig).toBeUndefined();
    },
  },
  {
    names: ['ConvertOpenAIRequestToGeminiNormalizesToolNameAndStrict'],
    run() {
      const declaration = declared({
        name: '1 bad/name',
        strict: true,
        parameters: { type: 'object', properties: {} },
      });
      expect(declaration).toEqual({ name: '_1_bad_name', parametersJsonSchema: { type: 'object', properties: {} } });
    },
  },
];

const chunksOf = (parts: readonly Wire[], more: Wire = {}): Wire[] =>
  stream(chat, 'gemini', frames(parts, more))
    .map(({ data }) => data)
    .filter((data) => data !== '[DONE]');

const answers: readonly Entry[] = [
  {
    names: [
      'ConvertGeminiResponseToOpenAIIncludesZeroCompletionTokensWhenMissing',
      'ConvertGeminiResponseToOpenAINonStreamIncludesZeroCompletionTokensWhenMissing',
    ],
    run() {
      const usageMetadata = { promptTokenCount: 7, totalTokenCount: 7 };
      const usage = { prompt_tokens: 7, completion_tokens: 0, total_tokens: 7 };
      expect(answer(chat, 'gemini', reply([{ text: 'A' }], { usageMetadata })).body.usage).toMatchObject(usage);
      const asked = { messages: [user('q')], stream_options: { include_usage: true } };
      const events = stream(chat, 'gemini', frames([{ text: 'A' }], { usageMetadata }), asked);
      expect(events.findLast(({ data }) => data.usage)?.data.usage).toMatchObject(usage);
    },
  },
  {
    names: ['GeminiFinishReasonOnlyOnFinalChunk'],
    run() {
      const reasons = chunksOf([{ text: 'A' }, { text: 'B' }]).flatMap(({ choices }) =>
        choices.map((choice: Wire) => choice.finish_reason),
      );
      expect(reasons.filter((reason) => reason !== null)).toEqual(['stop']);
      expect(reasons.at(-1)).toBe('stop');
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAINonStream_EmptyTextProducesEmptyString'],
    run() {
      expect(answer(chat, 'gemini', reply([{ text: '' }])).body.choices[0].message.content).toBe('');
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAINonStreamKeepsAssistantRole'],
    run() {
      expect(answer(chat, 'gemini', reply([{ text: 'A' }])).body.choices[0].message.role).toBe('assistant');
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIStreamingSetsAssistantRoleOnce'],
    run() {
      const roles = chunksOf([{ text: 'A' }, { text: 'B' }]).flatMap(({ choices }) =>
        choices.flatMap((choice: Wire) => choice.delta.role ?? []),
      );
      expect(roles).toEqual(['assistant']);
    },
  },
];

export const geminiChat: Group = {
  group: 'gemini/openai/chat-completions',
  entries: [...content, ...history, ...settings, ...answers],
};
