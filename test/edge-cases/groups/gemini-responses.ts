/** Responses clients with a Gemini upstream. */
import { expect } from 'vitest';
import { ProxyError } from '../../../src/errors.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, doneItems, frames, kept, modelParts, nextRequest, reply } from '../gemini-turns.ts';
import type { Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { answer, request, stream } from '../through.ts';
import { responsesAnswers } from './gemini-responses-answers.ts';
import { responsesSignatures } from './gemini-responses-signatures.ts';

const responses = 'openai-responses';
const user = (content: unknown): Wire => ({ role: 'user', content });
const assistant = (content: unknown): Wire => ({ role: 'assistant', content });
const functionCall = (call_id: string, name = 'f'): Wire => ({ type: 'function_call', call_id, name, arguments: '{}' });
const output = (call_id: string, value: unknown = `of ${call_id}`): Wire => ({
  type: 'function_call_output',
  call_id,
  output: value,
});
const thinking = (summary: string): Wire => ({
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: summary }],
  encrypted_content: 'llmproxy.gemini.czE=',
});
const thought = { text: 'hm', thought: true, thoughtSignature: 'czE=' };
const turns = (...input: Wire[]): Wire[] => contents(responses, { input });
const functionResponse = (id: string, name: string, response: Wire, more: Wire = {}): Wire => ({
  functionResponse: { id, name, response, ...more },
});
const eventsOf = (parts: readonly Wire[]): Wire[] => stream(responses, 'gemini', frames(parts)).map(({ data }) => data);

const outputs: readonly Entry[] = [
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_GroupsReversedParallelToolOutputs',
      'ConvertOpenAIResponsesRequestToGemini_GroupsNonContiguousParallelToolOutputs',
    ],
    run() {
      const calls = [user('q'), functionCall('a'), functionCall('b', 'g')];
      const answered = [functionResponse('a', 'f', { output: 'of a' }), functionResponse('b', 'g', { output: 'of b' })];
      expect(turns(...calls, output('b'), output('a'))[2]).toEqual({ role: 'user', parts: answered });
      expect(turns(...calls, output('a'), user('mid'), output('b')).slice(2)).toEqual([
        { role: 'user', parts: [...answered, { text: 'mid' }] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesFunctionOutputOrderAcrossModelText'],
    run() {
      const list = turns(user('q'), functionCall('a'), output('a'), assistant('so'), functionCall('b'), output('b'));
      expect(list.map(({ role, parts }) => [role, parts.map((part: Wire) => Object.keys(part)[0])])).toEqual([
        ['user', ['text']],
        ['model', ['functionCall']],
        ['user', ['functionResponse']],
        ['model', ['text', 'functionCall']],
        ['user', ['functionResponse']],
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_FunctionCallOutputWithImages'],
    run() {
      const image = { type: 'input_image', image_url: 'data:image/png;base64,iVBO' };
      const input = [user('q'), functionCall('a'), output('a', [{ type: 'input_text', text: 'see' }, image])];
      const inlineData = { mimeType: 'image/png', data: 'iVBO' };
      expect(turns(...input)[2]?.parts).toEqual([
        functionResponse('a', 'f', { output: 'see' }, { parts: [{ inlineData }] }),
      ]);
      expect(contents(responses, { input }, { model: 'gemini-2.5-pro' })[2]?.parts).toEqual([
        functionResponse('a', 'f', { output: 'see' }),
        { inlineData },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_FunctionCallOutputVariations'],
    run() {
      const sent = (value: unknown) =>
        turns(user('q'), functionCall('a'), output('a', value))[2]?.parts[0].functionResponse.response;
      expect(sent('plain')).toEqual({ output: 'plain' });
      expect(sent('')).toEqual({ output: '' });
      expect(sent([])).toEqual({ output: '' });
      expect(sent('{"a":1}')).toEqual({ a: 1 });
      expect(sent('[1]')).toEqual({ output: '[1]' });
      expect(sent([{ type: 'output_text', text: 'o' }])).toEqual({ output: 'o' });
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_ReplaysCustomToolCallAndOutput'],
    run() {
      const input = [
        user('q'),
        { type: 'custom_tool_call', call_id: 'c', name: 'apply', input: 'patch' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
      ];
      expect(turns(...input).slice(1)).toEqual([
        { role: 'model', parts: [{ ...call('apply', { input: 'patch' }, BYPASS, 'c') }] },
        { role: 'user', parts: [functionResponse('c', 'apply', { output: 'done' })] },
      ]);
    },
  },
];

const history: readonly Entry[] = [
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_StripsTrailingAssistantPrefill',
      'ConvertOpenAIResponsesRequestToGemini_PreservesReasoningBeforeTrailingAssistantPrefill',
    ],
    note: 'Gemini goes on with a last turn of the model, so the begun answer is sent',
    run() {
      expect(turns(user('q'), assistant('It is')).at(-1)).toEqual({ role: 'model', parts: [{ text: 'It is' }] });
      expect(turns(user('q'), thinking('hm'), assistant('It is')).at(-1)?.parts).toEqual([thought, { text: 'It is' }]);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_MergesReasoningWithAssistantVisibleAnswer',
      'ConvertOpenAIResponsesRequestToGemini_MergesReasoningWithAssistantStringContent',
    ],
    run() {
      const expected = { role: 'model', parts: [thought, { text: 'A' }] };
      expect(turns(user('q'), thinking('hm'), assistant('A'), user('r'))[1]).toEqual(expected);
      expect(turns(user('q'), thinking('hm'), assistant([{ type: 'output_text', text: 'A' }]), user('r'))[1]).toEqual(
        expected,
      );
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_MergesReasoningWithUserRoleOutputText'],
    note: 'the role says who spoke: what a user message says is the user’s, whatever its parts are called',
    run() {
      const list = turns(user('q'), thinking('hm'), user([{ type: 'output_text', text: 'A' }]));
      expect(list.slice(1)).toEqual([
        { role: 'model', parts: [thought] },
        { role: 'user', parts: [{ text: 'A' }] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesWhitespaceWhenMergingReasoning'],
    run() {
      const list = turns(user('q'), thinking(' hm\n'), assistant('\n A '), user('r'));
      expect(list[1]?.parts.map((part: Wire) => part.text)).toEqual([' hm\n', '\n A ']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_SystemAndDeveloperRoles'],
    run() {
      const input = [{ role: 'system', content: 'S' }, { role: 'developer', content: 'D' }, user('q')];
      const { body } = request(responses, 'gemini', { instructions: 'I', input });
      expect(body).toEqual({
        systemInstruction: { parts: [{ text: 'I' }, { text: 'S' }, { text: 'D' }] },
        contents: [{ role: 'user', parts: [{ text: 'q' }] }],
      });
    },
  },
];

const settings: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_TextFormatJSONSchema'],
    run() {
      const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
      const text = { format: { type: 'json_schema', name: 'n', schema } };
      expect(request(responses, 'gemini', { input: 'q', text }).body.generationConfig).toEqual({
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
      });
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_TextFormatJSONObject'],
    run() {
      const text = { format: { type: 'json_object' } };
      expect(request(responses, 'gemini', { input: 'q', text }).body.generationConfig).toEqual({
        responseMimeType: 'application/json',
      });
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGeminiCleansToolSchemaRequiredFields'],
    run() {
      const parameters = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'gone'] };
      const { tools } = request(responses, 'gemini', {
        input: 'q',
        tools: [{ type: 'function', name: 'f', parameters }],
      }).body;
      expect(tools[0].functionDeclarations[0].parametersJsonSchema.required).toEqual(['a']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGeminiBuildsGenerationConfigWithoutIntermediateObject'],
    because: reasons.goInternal,
  },
];

const added = {
  type: 'additional_tools',
  role: 'developer',
  tools: [
    {
      type: 'namespace',
      name: 'ns',
      description: 'd',
      tools: [
        { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } },
        { type: 'custom', name: 'c' },
      ],
    },
  ],
};
const asked = { input: [user('q'), added] };
/** The calls of a namespace's tools as the client gets them, whole and streamed. */
const callsOf = (...parts: Wire[]): Wire[][] => [
  answer(responses, 'gemini', reply(parts), asked).body.output,
  doneItems(stream(responses, 'gemini', frames(parts), asked)),
];

const tools: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_AdditionalToolsNamespaceAndCustom'],
    run() {
      const { body } = request(responses, 'gemini', asked);
      expect(body.tools[0].functionDeclarations.map(({ name }: Wire) => name)).toEqual(['ns__f', 'ns__c']);
      expect(body.contents).toEqual([{ role: 'user', parts: [{ text: 'q' }] }]);
    },
  },
  {
    names: [
      'ConvertGeminiResponseToOpenAIResponses_RestoresAdditionalNamespaceCustomToolCall',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_RestoresAdditionalNamespaceCustomToolCall',
    ],
    run() {
      for (const [item] of callsOf(call('ns__c', { input: 'patch' }))) {
        expect(item).toMatchObject({ type: 'custom_tool_call', name: 'c', namespace: 'ns', input: 'patch' });
      }
    },
  },
  {
    names: [
      'ConvertGeminiResponseToOpenAIResponses_RestoresAdditionalNamespaceFunctionCall',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_RestoresAdditionalNamespaceFunctionCall',
    ],
    run() {
      for (const [item] of callsOf(call('ns__f', { a: 1 }))) {
        expect(item).toMatchObject({ type: 'function_call', name: 'f', namespace: 'ns', arguments: '{"a":1}' });
      }
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_TwoTurnCustomToolRoundtripWithReasoning'],
    run() {
      const parts = [thought, call('c', { input: 'patch' }, 'czI=')];
      const withTool = { input: 'q', tools: [{ type: 'custom', name: 'c' }] };
      const items = doneItems(stream(responses, 'gemini', frames(parts), withTool));
      expect(items.map(({ type }) => type)).toEqual(['reasoning', 'custom_tool_call', 'reasoning']);
      const result = { type: 'custom_tool_call_output', call_id: items[1]?.call_id, output: 'done' };
      const next = { ...withTool, input: [user('q'), ...items, result] };
      expect(modelParts(contents(responses, next))).toEqual(parts);
    },
  },
];

const answers: readonly Entry[] = [
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_UnwrapAndAggregateText'],
    note: 'one message with all of the text; the envelope of Antigravity is its provider’s matter',
    run() {
      const [item] = kept(responses, [{ text: 'A' }, { text: 'B' }], true);
      expect(item?.content).toEqual([{ type: 'output_text', annotations: [], logprobs: [], text: 'AB' }]);
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_DoneFinalizesStartedStreamExactlyOnce'],
    note: 'a stream that ends without a finish reason was cut, whether or not [DONE] follows',
    run() {
      const { candidates, usageMetadata, ...head } = reply([{ text: 'A' }]);
      const frame = { ...head, candidates: [{ content: candidates[0].content }] };
      const cut = () => stream(responses, 'gemini', [frame, '[DONE]']);
      expect(cut).toThrow(expect.objectContaining({ code: 'upstream_stream_truncated' }));
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_FinishReasonThenDoneDoesNotDuplicateCompletion'],
    run() {
      const events = stream(responses, 'gemini', [...frames([{ text: 'A' }]), '[DONE]']);
      expect(events.filter(({ event }) => event === 'response.completed')).toHaveLength(1);
      expect(events.at(-1)?.event).toBe('response.completed');
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_BareDoneBeforeStartEmitsNothing'],
    note: 'nothing was answered: that is an error, which another credential may do better',
    run() {
      expect(() => stream(responses, 'gemini', 'data: [DONE]\n\n')).toThrow(ProxyError);
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_FunctionCallEventOrder'],
    run() {
      expect(eventsOf([call('f', { a: 1 })]).map(({ type }) => type)).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.done',
        'response.output_item.done',
        'response.completed',
      ]);
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_ResponseOutputOrdering'],
    run() {
      const events = eventsOf([{ text: 'hm', thought: true }, { text: 'A' }, call('f')]);
      const places = events.flatMap(({ type, output_index, item }) =>
        type === 'response.output_item.done' ? [[output_index, item.type]] : [],
      );
      expect(places).toEqual([
        [0, 'reasoning'],
        [1, 'message'],
        [2, 'function_call'],
      ]);
      expect(events.at(-1)?.response.output.map(({ type }: Wire) => type)).toEqual([
        'reasoning',
        'message',
        'function_call',
      ]);
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_MessageOutputItemDoneFields'],
    run() {
      const done = eventsOf([{ text: 'A' }]).find(({ type }) => type === 'response.output_item.done');
      expect(done?.item).toEqual({
        id: 'msg_r1_0',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'A' }],
      });
      expect(nextRequest(responses, [done?.item]).input[1].content[0].text).toBe('A');
    },
  },
];

export const geminiResponses: Group = {
  group: 'gemini/openai/responses',
  entries: [...outputs, ...history, ...settings, ...tools, ...answers, ...responsesAnswers, ...responsesSignatures],
};
