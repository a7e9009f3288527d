/** A Gemini client of a Responses upstream. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { added, call, completed, created, done, message } from '../responses-events.ts';
import { answer, request, stream } from '../through.ts';

const send = (parts: readonly Wire[], more: Wire = {}): ReturnType<typeof request> =>
  request('gemini', 'openai-responses', { contents: [{ role: 'user', parts }], ...more });
const whole = (response: Wire): Wire => answer('gemini', 'openai-responses', completed(response).response).body;
const streamed = (events: readonly Wire[]): Wire[] =>
  stream('gemini', 'openai-responses', [created, ...events]).map(({ data }) => data);
const partsOf = (chunks: readonly Wire[]): Wire[] =>
  chunks.flatMap((chunk) => chunk.candidates[0].content.parts).filter((part: Wire) => part.text !== '');

const calling = (...calls: readonly Wire[]): Wire => ({
  role: 'model',
  parts: calls.map((functionCall) => ({ functionCall })),
});
const answering = (...results: readonly Wire[]): Wire => ({
  role: 'user',
  parts: results.map((functionResponse) => ({ functionResponse })),
});
const history = (...turns: readonly Wire[]): Wire[] =>
  request('gemini', 'openai-responses', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }, ...turns] }).body.input;

/** What becomes of a tool's schema. */
const parameters = (declaration: Wire): Wire =>
  send([{ text: 'hi' }], { tools: [{ functionDeclarations: [{ name: 'f', ...declaration }] }] }).body.tools[0]
    .parameters;
const choice = (config: Wire): Wire =>
  send([{ text: 'hi' }], {
    tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }],
    toolConfig: { functionCallingConfig: config },
  }).body.tool_choice;

const image = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA', output_format: 'png' };
const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };

export const codexGemini: Group = {
  group: 'codex/gemini',
  entries: [
    {
      names: ['ConvertGeminiRequestToCodex_PreservesCustomCallIDs'],
      run() {
        const id = 'my.call-1';
        const items = history(
          calling({ id, name: 'f', args: {} }),
          answering({ id, name: 'f', response: { result: 'r' } }),
        );
        expect(items.slice(1).map((item) => item.call_id)).toEqual([id, id]);
      },
    },
    {
      names: ['ConvertGeminiRequestToCodex_DeterministicCallIDs'],
      note: 'Without ids results answer the calls of their name in order, and every turn makes the same ids.',
      run() {
        const turns = [
          calling({ name: 'f', args: { a: 1 } }, { name: 'f', args: { a: 2 } }),
          answering({ name: 'f', response: { result: 'one' } }, { name: 'f', response: { result: 'two' } }),
        ];
        const items = history(...turns).slice(1);
        expect(items[1].call_id).not.toBe(items[0].call_id);
        expect(items.slice(2)).toEqual([
          { type: 'function_call_output', call_id: items[0].call_id, output: 'one' },
          { type: 'function_call_output', call_id: items[1].call_id, output: 'two' },
        ]);
        expect(history(...turns, ...turns).slice(1, 5)).toEqual(items);
      },
    },
    {
      names: [
        'ConvertGeminiRequestToCodex_AcceptsInlineData',
        'ConvertGeminiRequestToCodex_SplitsNonImageInlineDataByMIME',
      ],
      note: 'The API takes no video: it is left out and named.',
      run() {
        const inline = (mimeType: string): Wire => ({ inlineData: { mimeType, data: 'AAAA' } });
        const snake = { inline_data: { mime_type: 'image/jpeg', data: 'BBBB' } };
        const media = ['image/png', 'audio/wav', 'application/pdf', 'video/mp4'].map(inline);
        const { body, warnings } = send([...media, snake]);
        expect(body.input[0].content).toEqual([
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,AAAA' },
          { type: 'input_image', image_url: 'data:image/jpeg;base64,BBBB' },
        ]);
        expect(warnings.map(({ path }) => path)).toEqual(['contents[0].content[3]']);
      },
    },
    {
      names: ['ConvertGeminiRequestToCodex_DropsHiddenThoughtParts'],
      run() {
        const items = history({ role: 'model', parts: [{ text: 'secret plan', thought: true }, { text: 'said' }] });
        expect(JSON.stringify(items)).not.toContain('secret plan');
        expect(items[1].content).toEqual([{ type: 'output_text', text: 'said' }]);
      },
    },
    {
      names: ['ConvertCodexResponseToGemini_IncompleteTerminal'],
      run() {
        for (const [reason, finish] of [
          ['max_output_tokens', 'MAX_TOKENS'],
          ['content_filter', 'SAFETY'],
          ['something new', 'OTHER'],
        ]) {
          const response = { status: 'incomplete', incomplete_details: { reason } };
          expect(whole({ ...response, output: [message('half')] }).candidates[0].finishReason).toBe(finish);
          expect(streamed([completed(response)]).at(-1).candidates[0].finishReason).toBe(finish);
        }
      },
    },
    {
      names: ['ConvertCodexResponseToGemini_StreamEmptyOutputUsesOutputItemDoneMessageFallback'],
      run() {
        expect(partsOf(streamed([done(0, message('whole')), completed()]))).toEqual([{ text: 'whole' }]);
      },
    },
    {
      names: [
        'ConvertCodexResponseToGemini_StreamPartialImageEmitsInlineData',
        'ConvertCodexResponseToGemini_StreamImageGenerationCallDoneEmitsInlineData',
        'ConvertCodexResponseToGemini_NonStreamImageGenerationCallAddsInlineDataPart',
      ],
      note: 'Previews are left out: a client would take each for a picture of its own.',
      run() {
        const preview = {
          type: 'response.image_generation_call.partial_image',
          item_id: 'ig_1',
          output_index: 0,
          partial_image_b64: 'BBBB',
        };
        const events = [added(0, { ...image, result: null }), preview, done(0, image), completed({ output: [image] })];
        expect(partsOf(streamed(events))).toEqual([picture]);
        expect(partsOf([whole({ output: [image] })])).toEqual([picture]);
      },
    },
    {
      names: [
        'ConvertCodexResponseToGemini_StreamPreservesFunctionCallID',
        'ConvertCodexResponseToGeminiNonStreamPreservesFunctionCallID',
      ],
      run() {
        const item = call(1, 'f', '{"a":1}');
        const functionCall = { id: 'call_1', name: 'f', args: { a: 1 } };
        expect(partsOf(streamed([added(0, call(1, 'f')), done(0, item), completed()]))).toEqual([{ functionCall }]);
        expect(partsOf([whole({ output: [item] })])).toEqual([{ functionCall }]);
      },
    },
    {
      names: ['CleanGeminiCodexToolParametersPreservesCanonicalSchema'],
      run() {
        const schema = {
          type: 'object',
          properties: { a: { type: 'string' } },
          required: ['a'],
          additionalProperties: false,
        };
        expect(parameters({ parametersJsonSchema: schema })).toEqual(schema);
      },
    },
    {
      names: ['CleanGeminiCodexToolParametersNormalizesSchema'],
      run() {
        const schema = {
          type: 'OBJECT',
          properties: { a: { type: 'STRING' }, b: { type: 'ARRAY', items: { type: 'NUMBER' } } },
        };
        expect(parameters({ parameters: schema })).toEqual({
          type: 'object',
          properties: { a: { type: 'string' }, b: { type: 'array', items: { type: 'number' } } },
        });
        expect(parameters({})).toEqual({ type: 'object', properties: {} });
      },
    },
    {
      names: ['SetCodexToolChoiceFromGeminiToolConfigReusesAutoChoice'],
      run() {
        expect(choice({ mode: 'AUTO' })).toBe('auto');
        expect(choice({ mode: 'NONE' })).toBe('none');
        expect(choice({ mode: 'ANY' })).toBe('required');
        expect(choice({ mode: 'ANY', allowedFunctionNames: ['g'] })).toEqual({ type: 'function', name: 'g' });
        expect(choice({ mode: 'ANY', allowedFunctionNames: ['f', 'g'] })).toMatchObject({
          type: 'allowed_tools',
          mode: 'required',
        });
      },
    },
  ],
};

export const codexInteractions: Group = {
  group: 'codex/interactions',
  entries: [
    {
      names: [
        'ConvertInteractionsRequestToCodexWithToolMessagesDirect',
        'ConvertInteractionsRequestToCodexPreservesNonImageMediaContent',
        'ConvertInteractionsRequestToCodexPreservesTopLevelThinkingLevel',
        'ConvertInteractionsRequestToCodexUsesBodyStream',
        'ConvertInteractionsRequestToCodexFunctionDeclarations',
        'ConvertCodexResponseToInteractionsIncompleteTerminal',
        'ConvertCodexResponseToInteractionsNonStream',
        'ConvertCodexResponseToInteractionsStream',
        'ConvertCodexResponseToInteractionsStreamFunctionCallStartHasCallID',
        'ConvertCodexResponseToInteractionsStreamCompletesAfterSteps',
        'CleanedCodexToolParametersPreservesCanonicalSchema',
        'SetInteractionsCodexRawIfDifferentReusesMatchingValue',
      ],
      because: reasons.interactions,
    },
  ],
};
