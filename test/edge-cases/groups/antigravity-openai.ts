/** Chat and Responses clients with Antigravity: what holds for Gemini as well. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, frames, modelParts, reply, text, thought } from '../gemini-turns.ts';
import type { Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { answer, request, stream } from '../through.ts';

const chat = 'openai-chat';
const named = (...list: string[]): string[] => list.map((name) => `ConvertOpenAIRequestToAntigravity${name}`);
const user = (content: unknown): Wire => ({ role: 'user', content });
const body = (more: Wire): Wire =>
  request(chat, 'gemini', { messages: [user('q')], ...more }, { model: 'gemini-3-pro' }).body;
const turns = (...messages: Wire[]): Wire[] => contents(chat, { messages });
const partsOf = (part: Wire): Wire[] => turns(user([part]))[0]?.parts;
const declare = (...list: string[]): Wire[] => list.map((name) => ({ type: 'function', function: { name } }));
const MAX = 'MAX_TOKENS';
const ending = (parts: readonly Wire[], finishReason = 'STOP'): Wire => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
});
/** Finish reasons of the chunks of a stream, and of the whole answer. */
function finished(parts: readonly Wire[], finishReason?: string): unknown[] {
  const whole = answer(chat, 'gemini', { ...reply(parts), ...ending(parts, finishReason) }).body.choices[0]
    .finish_reason;
  const events = stream(chat, 'gemini', frames(parts, ending([], finishReason)));
  const chunks = events.flatMap(({ data }) => data.choices ?? []).map(({ finish_reason }: Wire) => finish_reason);
  return [...chunks.filter((reason: unknown) => reason !== null), whole];
}

export const antigravityChat: Group = {
  group: 'antigravity/openai/chat-completions',
  entries: [
    {
      names: named('NormalizesFileDataURL'),
      run() {
        const file = { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' };
        expect(partsOf({ type: 'file', file })).toEqual([
          { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
        ]);
      },
    },
    {
      names: named('TranslatesVideoURL'),
      run() {
        const video_url = { url: 'data:video/mp4;base64,AAAA' };
        expect(partsOf({ type: 'video_url', video_url })).toEqual([
          { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } },
        ]);
      },
    },
    {
      names: named('SkipsEmptyTextPartsWithoutNulls', 'SkipsEmptyAssistantMessages'),
      run() {
        const empty = { type: 'text', text: '' };
        expect(
          turns(user([empty, { type: 'text', text: 'q' }]), { role: 'assistant', content: [empty] }, user('r')),
        ).toEqual([{ role: 'user', parts: [text('q'), text('r')] }]);
      },
    },
    {
      names: named(
        '_ClaudeModelSanitizesUnsignedReasoningContent',
        '_ClaudeModelDropsEmptyAssistantTurnAfterSanitizingReasoningContent',
      ),
      because: reasons.otherAccounts,
    },
    {
      names: named('PreservesReasoningContent', 'PreservesReasoningBeforeVisibleContentAndToolCall'),
      run() {
        const tool_calls = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }];
        const assistant = { role: 'assistant', reasoning_content: 'hm', content: 'A', tool_calls };
        expect(modelParts(turns(user('q'), assistant, { role: 'tool', tool_call_id: 'c1', content: 'ok' }))).toEqual([
          thought('hm'),
          text('A'),
          call('f', {}, BYPASS),
        ]);
      },
    },
    {
      names: [...named('ThinkingAliases'), 'NormalizeAntigravityOpenAIThinkingConfigReusesCanonicalConfig'],
      note: 'Google’s own field beside the fields of Chat counts',
      run() {
        const thinking_config = { thinking_level: 'high', include_thoughts: true };
        expect(body({ extra_body: { google: { thinking_config } } }).generationConfig.thinkingConfig).toEqual({
          thinkingBudget: 24576,
          includeThoughts: true,
        });
      },
    },
    {
      names: named('DeduplicatesAndDisambiguatesTools'),
      run() {
        const declared = body({ tools: declare('f', 'f', 'a b', 'a_b') }).tools[0].functionDeclarations;
        expect(declared.map(({ name }: Wire) => name)).toEqual(['f', 'a_b_2', 'a_b']);
      },
    },
    {
      names: named('MapsToolChoiceModes'),
      run() {
        const chosen = (tool_choice: unknown) =>
          body({ tools: declare('f'), tool_choice }).toolConfig?.functionCallingConfig;
        expect(chosen('none')).toEqual({ mode: 'NONE' });
        expect(chosen('auto')).toEqual({ mode: 'AUTO' });
        expect(chosen('required')).toEqual({ mode: 'ANY' });
        expect(chosen({ type: 'function', function: { name: 'f' } })).toEqual({
          mode: 'ANY',
          allowedFunctionNames: ['f'],
        });
      },
    },
    {
      names: named('MapsResponseFormatJSONObject', 'MapsResponseFormatJSONSchema'),
      run() {
        const schema = { type: 'object', properties: { a: { type: 'string' } } };
        const responseMimeType = 'application/json';
        expect(body({ response_format: { type: 'json_object' } }).generationConfig).toEqual({ responseMimeType });
        expect(
          body({ response_format: { type: 'json_schema', json_schema: { name: 'n', schema } } }).generationConfig,
        ).toEqual({
          responseMimeType,
          responseJsonSchema: schema,
        });
      },
    },
    {
      names: named('_MaxCompletionTokens'),
      run: () => expect(body({ max_completion_tokens: 5 }).generationConfig).toEqual({ maxOutputTokens: 5 }),
    },
    {
      names: ['FinishReasonToolCallsNotOverwritten', 'NoFinishReasonOnIntermediateChunks'],
      run: () => expect(finished([call('f'), text('A')])).toEqual(['tool_calls', 'tool_calls']),
    },
    { names: ['FinishReasonStopForNormalText'], run: () => expect(finished([text('A')])).toEqual(['stop', 'stop']) },
    { names: ['FinishReasonMaxTokens'], run: () => expect(finished([text('A')], MAX)).toEqual(['length', 'length']) },
    {
      names: ['ToolCallTakesPriorityOverMaxTokens'],
      run: () => expect(finished([call('f')], MAX)).toEqual(['tool_calls', 'tool_calls']),
    },
    {
      names: ['ConvertAntigravityResponseToOpenAIIncludesZeroCompletionTokensWhenMissing'],
      run() {
        const usageMetadata = { promptTokenCount: 7, totalTokenCount: 7 };
        expect(answer(chat, 'gemini', reply([text('A')], { usageMetadata })).body.usage.completion_tokens).toBe(0);
      },
    },
    {
      names: ['ConvertAntigravityResponseToOpenAINonStreamRestoresDisambiguatedName'],
      test: 'src/pipeline/tool-names.test.ts > a name that was replaced for Gemini comes back as the client’s own',
    },
    {
      names: ['ConvertAntigravityResponseToOpenAINonStreamIncludesReasoningContent'],
      run() {
        const { message } = answer(chat, 'gemini', reply([thought('hm'), text('A')])).body.choices[0];
        expect([message.reasoning_content, message.content]).toEqual(['hm', 'A']);
      },
    },
  ],
};

const responses = 'openai-responses';
const image = { type: 'input_image', image_url: 'data:image/png;base64,iVBO' };
const inlineData = { mimeType: 'image/png', data: 'iVBO' };
const functionCall = (call_id: string, name: string): Wire => ({
  type: 'function_call',
  call_id,
  name,
  arguments: '{}',
});
const output = (call_id: string, value: unknown): Wire => ({ type: 'function_call_output', call_id, output: value });
const added = {
  type: 'additional_tools',
  role: 'developer',
  tools: [{ type: 'namespace', name: 'ns', tools: [{ type: 'custom', name: 'c' }] }],
};

export const antigravityResponses: Group = {
  group: 'antigravity/openai/responses',
  entries: [
    {
      names: names['antigravity/openai/responses'].filter((name) => /Claude(Reasoning|Reasoning)/.test(name)),
      because: reasons.otherAccounts,
    },
    {
      names: ['ConvertOpenAIResponsesRequestToAntigravity_GeminiReasoningUsesNativeThoughtSignaturePlacement'],
      run() {
        const reasoning = {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'hm' }],
          encrypted_content: 'llmproxy.gemini.czE=',
        };
        const input = [user('q'), reasoning, functionCall('a', 'f'), output('a', 'ok')];
        expect(modelParts(contents(responses, { input }))).toEqual([thought('hm', 'czE='), call('f', {}, BYPASS)]);
      },
    },
    {
      names: [
        'ConvertOpenAIResponsesRequestToAntigravity_PreservesToolResultImage',
        'ConvertOpenAIResponsesRequestToAntigravity_AttachesParallelToolImagesToNearestResponse',
      ],
      run() {
        const input = [
          user('q'),
          functionCall('a', 'f'),
          functionCall('b', 'g'),
          output('b', [image]),
          output('a', 'ok'),
        ];
        const sent = contents(responses, { input })[2]?.parts.map(({ functionResponse }: Wire) => functionResponse);
        expect(sent).toEqual([
          { id: 'a', name: 'f', response: { output: 'ok' } },
          { id: 'b', name: 'g', response: { output: '' }, parts: [{ inlineData }] },
        ]);
      },
    },
    {
      names: ['ConvertOpenAIResponsesRequestToAntigravity_PreservesAdditionalToolsAndToolConfig'],
      run() {
        const { body: sent } = request(responses, 'gemini', { input: [user('q'), added], tool_choice: 'required' });
        expect(sent.tools[0].functionDeclarations.map(({ name }: Wire) => name)).toEqual(['ns__c']);
        expect(sent.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY' } });
      },
    },
    {
      names: [
        'ConvertAntigravityResponseToOpenAIResponsesNonStream_PreservesOpenAITools',
        'ConvertAntigravityResponseToOpenAIResponses_RestoresAdditionalNamespaceCustomToolCall',
      ],
      note: 'the answer tells the tools of the request as they were given',
      run() {
        const tools = [{ type: 'custom', name: 'own' }];
        const asked = { input: [user('q'), added], tools };
        const { body: given } = answer(responses, 'gemini', reply([call('ns__c', { input: 'x' })]), asked);
        expect(given.output[0]).toMatchObject({ type: 'custom_tool_call', name: 'c', namespace: 'ns', input: 'x' });
        expect(given.tools[0]).toMatchObject({ type: 'custom', name: 'own' });
      },
    },
  ],
};
