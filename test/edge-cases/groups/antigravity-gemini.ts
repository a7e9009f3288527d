/** Gemini clients with Antigravity: what holds for a Gemini upstream whose body does not go through as it is. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, frames, modelParts, reply, text, thought } from '../gemini-turns.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { answer, request, stream } from '../through.ts';
import { functionResponses } from './gemini-gemini.ts';

const gemini = 'gemini';
const user = (...parts: Wire[]): Wire => ({ role: 'user', parts });
const model = (...parts: Wire[]): Wire => ({ role: 'model', parts });
const response = (name: string, value: unknown = { output: 'ok' }, more: Wire = {}): Wire => ({
  functionResponse: { name, response: value, ...more },
});
const turns = (...list: Wire[]): Wire[] => contents(gemini, { contents: list });
const foreign = Buffer.from('llmproxy.anthropic-messages.EqSig').toString('base64');
const inlineData = { mimeType: 'image/png', data: 'iVBO' };
const body = (more: Wire): Wire => request(gemini, gemini, { contents: [user(text('q'))], ...more }).body;
const named = (...names: string[]): string[] => names.map((name) => `ConvertGeminiRequestToAntigravity_${name}`);

export const antigravityGemini: Group = {
  group: 'antigravity/gemini',
  entries: [
    {
      names: named('ReplacesClientSignatureOnFunctionCall', 'AddSkipSentinelToFunctionCall'),
      note: 'what Gemini made stays; another provider’s and none are said to be none',
      run() {
        const signed = (signature?: string) =>
          modelParts(turns(user(text('q')), model(call('f', {}, signature)), user(response('f'))));
        expect(signed('czE=')).toEqual([call('f', {}, 'czE=')]);
        expect(signed(foreign)).toEqual([call('f', {}, BYPASS)]);
        expect(signed()).toEqual([call('f', {}, BYPASS)]);
      },
    },
    {
      names: named('DropsIncompatibleClientSignatureOnTextPart', 'LeavesUnsignedThoughtPartUnsigned'),
      run() {
        const list = turns(user(text('q')), model(thought('hm'), text('A', foreign)), user(text('r')));
        expect(modelParts(list)).toEqual([thought('hm'), text('A')]);
      },
    },
    {
      names: [
        ...named(
          'SkipsUppercaseClaudeModel',
          'ClaudeModelNormalizesStrictClaudeThoughtSignature',
          'ClaudeModelDropsNonStrictEPrefixThoughtSignature',
          'ClaudeModelDropsEmptyThoughtText',
          'ClaudeModelStripsUnneededFunctionCallSignature',
        ),
        'SanitizeAntigravityClaudeGeminiRequestSignatures_StripsFunctionCallSignatureForClaudeModel',
        'SanitizeAntigravityClaudeGeminiRequestSignatures_StrictTypeChecks',
        'SanitizeAntigravityClaudeGeminiRequestSignatures_StripsDuplicateSignatureKeys',
      ],
      because: reasons.otherAccounts,
    },
    {
      names: named('ParallelFunctionCallsOnlyFirstGetsSentinel'),
      run() {
        const list = turns(user(text('q')), model(call('f'), call('g')), user(response('f'), response('g')));
        expect(modelParts(list)).toEqual([call('f', {}, BYPASS), call('g')]);
      },
    },
    {
      names: ['FixCLIToolResponse_PreservesFunctionResponseParts'],
      run() {
        const list = turns(
          user(text('q')),
          model(call('f')),
          user(response('f', { output: 'see' }, { parts: [{ inlineData }] })),
        );
        expect(list[2]?.parts[0].functionResponse).toMatchObject({
          response: { output: 'see' },
          parts: [{ inlineData }],
        });
      },
    },
    { names: ['FixCLIToolResponse_BackfillsEmptyFunctionResponseName'], run: () => functionResponses['single']?.() },
    { names: ['FixCLIToolResponse_BackfillsMultipleEmptyNames'], run: () => functionResponses['parallel']?.() },
    { names: ['FixCLIToolResponse_PreservesExistingName'], run: () => functionResponses['preservesExisting']?.() },
    { names: ['FixCLIToolResponse_MoreResponsesThanCalls'], run: () => functionResponses['moreResponses']?.() },
    { names: ['FixCLIToolResponse_MultipleGroupsFIFO'], run: () => functionResponses['groups']?.() },
    {
      names: ['ConvertGeminiRequestToAntigravityDeduplicatesRequestWideAndDisambiguatesTools'],
      run() {
        const tools = [
          { functionDeclarations: [{ name: 'f' }, { name: 'a b' }] },
          { functionDeclarations: [{ name: 'f' }, { name: 'a_b' }] },
        ];
        const declared = body({ tools }).tools[0].functionDeclarations.map(({ name }: Wire) => name);
        expect(declared).toEqual(['f', 'a_b_2', 'a_b']);
      },
    },
    {
      names: ['ConvertGeminiRequestToAntigravityMapsSnakeCaseFunctionReferences'],
      run() {
        const list = [
          user(text('q')),
          model({ function_call: { name: 'f', args: {} }, thought_signature: 'czE=' }),
          user({ function_response: { name: 'f', response: { output: 'ok' } } }),
        ];
        const tool_config = { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } };
        const sent = body({ contents: list, tools: [{ function_declarations: [{ name: 'f' }] }], tool_config });
        expect(modelParts(sent.contents)).toEqual([call('f', {}, 'czE=')]);
        expect(sent.contents[2].parts[0].functionResponse.name).toBe('f');
        expect(sent.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
      },
    },
    {
      names: [
        'SanitizeAntigravityClaudeGeminiRequestSignatures_PreservesNumberPrecision',
        'SanitizeAntigravityClaudeGeminiRequestSignatures_LargeNumberDoesNotHaltKeyScan',
      ],
      note: 'whole numbers are exact up to 2^53; a body that goes through as it is keeps every digit',
      run() {
        const args = { n: 9007199254740991, f: 1.25e-7 };
        const list = turns(user(text('q')), model(call('f', args, foreign)), user(response('f')));
        expect(modelParts(list)).toEqual([call('f', args, BYPASS)]);
      },
    },
    {
      names: ['SanitizeAntigravityClaudeGeminiRequestSignatures_StringValueNotTreatedAsKey'],
      run() {
        const args = { key: 'thoughtSignature', thoughtSignature: 'mine' };
        const list = turns(user(text('q')), model(call('f', args)), user(response('f')));
        expect(modelParts(list)).toEqual([call('f', args, BYPASS)]);
      },
    },
    {
      names: [
        'FixCLIToolResponse_AttachesSiblingInlineDataToNearestFunctionResponse',
        'ConvertGeminiRequestToAntigravity_PreservesSiblingToolImageOnUserRole',
      ],
      note: 'a picture beside the results stays beside them, as the client put it',
      run() {
        const list = turns(user(text('q')), model(call('f')), user(response('f'), { inlineData }));
        expect(list[2]).toEqual({
          role: 'user',
          parts: [{ functionResponse: { id: 'call_f_0', name: 'f', response: { output: 'ok' } } }, { inlineData }],
        });
      },
    },
    {
      names: ['RestoreUsageMetadata', 'ConvertAntigravityResponseToGeminiStream'],
      note: 'each frame’s usage is the total so far: the last counts',
      run() {
        const early = { ...reply([text('A')]), usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 } };
        const { candidates, ...head } = early;
        const open = { ...head, candidates: [{ content: candidates[0].content, index: 0 }] };
        const events = stream(gemini, gemini, [open, ...frames([text('B')])]).map(({ data }) => data);
        expect(
          events.flatMap(({ candidates: [one] }) => one.content.parts.map((part: Wire) => part.text)).join(''),
        ).toBe('AB');
        expect(events.filter(({ usageMetadata }) => usageMetadata !== undefined)).toHaveLength(1);
        expect(events.at(-1)?.usageMetadata).toMatchObject({
          promptTokenCount: 3,
          candidatesTokenCount: 2,
          totalTokenCount: 5,
        });
      },
    },
    {
      names: ['ConvertAntigravityResponseToGeminiNonStream'],
      run() {
        const { body: given } = answer(
          gemini,
          gemini,
          reply([thought('hm', 'czE='), text('A'), call('f', { a: 1 }, 'czI=', 'c1')]),
        );
        expect(given.candidates[0].content).toEqual({
          role: 'model',
          parts: [thought('hm', 'czE='), text('A'), call('f', { a: 1 }, 'czI=', 'c1')],
        });
      },
    },
    {
      names: [
        'ConvertAntigravityResponseToGeminiNonStreamRestoresDisambiguatedName',
        'RewriteGeminiFunctionNamesNormalizesNonStringNames',
      ],
      test: 'src/pipeline/tool-names.test.ts > a name that was replaced for Gemini comes back as the client’s own',
    },
    {
      names: ['RemoveEmptyGeminiFunctionToolsDeletesEmptyArray'],
      run() {
        expect(body({ tools: [] })).not.toHaveProperty('tools');
        expect(body({ tools: [{ functionDeclarations: [] }] })).not.toHaveProperty('tools');
      },
    },
    {
      names: [
        'RewriteGeminiFunctionNamesReusesNormalizedPayload',
        'RemoveEmptyGeminiFunctionToolsReusesNormalizedPayload',
        'FixCLIToolResponseReusesHistoryWithoutFunctionResponses',
        'ConvertGeminiRequestToAntigravityBoundsLargePayloadCopies',
      ],
      because: reasons.goInternal,
    },
    {
      names: ['FixCLIToolResponsePreservesObjectNormalization'],
      run() {
        const sent = (value: unknown) =>
          turns(user(text('q')), model(call('f')), user(response('f', value)))[2]?.parts[0].functionResponse.response;
        expect(sent({ a: [1], b: { c: true } })).toEqual({ a: [1], b: { c: true } });
        expect(sent({ error: 'no' })).toEqual({ error: 'no' });
      },
    },
  ],
};
