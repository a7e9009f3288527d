/** Responses clients with a Gemini upstream: signatures in the history that a client sends. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, modelParts, text, thought } from '../gemini-turns.ts';
import type { Entry } from '../ledger.ts';

const responses = 'openai-responses';
const user = (content: string): Wire => ({ role: 'user', content });
const assistant = (content: unknown): Wire => ({ role: 'assistant', content });
const functionCall = (call_id: string, name = 'f'): Wire => ({ type: 'function_call', call_id, name, arguments: '{}' });
const output = (call_id: string): Wire => ({ type: 'function_call_output', call_id, output: `of ${call_id}` });
const reasoning = (encrypted_content: string | undefined, summary = ''): Wire => ({
  type: 'reasoning',
  summary: summary === '' ? [] : [{ type: 'summary_text', text: summary }],
  ...(encrypted_content === undefined ? {} : { encrypted_content }),
});
const signs = (callId: string, value: string): Wire =>
  reasoning(`llmproxy.gemini.call:${callId.length}:${callId}${value}`);
const signsText = (value: string): Wire => reasoning(`llmproxy.gemini.text:${value}`);
const modelOf = (...input: Wire[]): Wire[] => modelParts(contents(responses, { input }));
const rolesOf = (...input: Wire[]): unknown[] =>
  contents(responses, { input }).map(({ role, parts }) => [role, parts.map((part: Wire) => part.text)]);

/** Signatures of calls in the history, by call id. */
const callSignatures = (...input: Wire[]): unknown[] =>
  contents(responses, { input })
    .flatMap(({ parts }) => parts)
    .flatMap((part: Wire) => (part.functionCall ? [[part.functionCall.id, part.thoughtSignature]] : []));

const history: readonly Entry[] = [
  {
    names: ['ReorderOpenAIResponsesDetachedReasoningDoesNotCrossUserMessage'],
    run() {
      expect(
        rolesOf(user('q'), assistant('A'), user('r'), reasoning('llmproxy.gemini.czE=', 'hm'), assistant('B')),
      ).toEqual([
        ['user', ['q']],
        ['model', ['A']],
        ['user', ['r']],
        ['model', ['hm', 'B']],
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_ReattachesReasoningAndSignatureToFunctionCall'],
    run() {
      const input = [user('q'), reasoning(undefined, 'hm'), functionCall('a'), signs('a', 'czE='), output('a')];
      expect(modelOf(...input)).toEqual([thought('hm'), call('f', {}, 'czE=')]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_SyntheticParallelCallsOnlyFirstGetsSentinel'],
    run() {
      expect(callSignatures(user('q'), functionCall('a'), functionCall('b'), output('a'), output('b'))).toEqual([
        ['a', BYPASS],
        ['b', undefined],
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_NativeParallelCallsPreserveUnsignedSibling'],
    run() {
      const input = [user('q'), functionCall('a'), signs('a', 'czE='), functionCall('b'), output('a'), output('b')];
      expect(callSignatures(...input)).toEqual([
        ['a', 'czE='],
        ['b', undefined],
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesMultipleLeadingToolSignatures'],
    run() {
      const input = [
        user('q'),
        reasoning('llmproxy.gemini.czE='),
        reasoning('llmproxy.gemini.czI='),
        functionCall('a'),
      ];
      expect(modelOf(...input, signs('a', 'czM='), output('a'))).toEqual([
        thought('', 'czE='),
        thought('', 'czI='),
        call('f', {}, 'czM='),
      ]);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_PreservesReasoningBeforePairedFunctionSignature',
      'ConvertOpenAIResponsesRequestToGemini_UnmarkedReasoningBeforeFunctionCallStillPairsCall',
    ],
    note: 'a reasoning item without a note signs its own thought; the call has its own signature or none',
    run() {
      const input = [user('q'), reasoning('llmproxy.gemini.czE=', 'hm'), functionCall('a'), output('a')];
      expect(modelOf(...input)).toEqual([thought('hm', 'czE='), call('f', {}, BYPASS)]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_ReattachesTrailingDetachedSignatureToText'],
    run() {
      expect(modelOf(user('q'), assistant('A'), signsText('czE='), user('r'))).toEqual([text('A', 'czE=')]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_ReattachesUnmarkedTrailingSignatureToText'],
    note: 'without a note it is a thought of its own: Gemini gets it where it stood, and no text is said to be signed by it',
    run() {
      expect(modelOf(user('q'), assistant('A'), reasoning('llmproxy.gemini.czE='), user('r'))).toEqual([
        text('A'),
        thought('', 'czE='),
      ]);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_ReattachesDetachedSignatureToFunctionCall',
      'ConvertOpenAIResponsesRequestToGemini_ReattachesUnmarkedPostCallSignatureWithMatchingOutput',
      'ConvertOpenAIResponsesRequestToGemini_DoesNotPairUnmarkedPostCallSignatureAcrossUserMessage',
    ],
    note: 'a carrier names its call, so it finds it wherever the client put it',
    run() {
      const signed = [['a', 'czE=']];
      expect(callSignatures(user('q'), functionCall('a'), signs('a', 'czE='), output('a'))).toEqual(signed);
      expect(callSignatures(user('q'), functionCall('a'), output('a'), signs('a', 'czE='))).toEqual(signed);
      expect(callSignatures(user('q'), functionCall('a'), output('a'), user('r'), signs('a', 'czE='))).toEqual(signed);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_ReattachesDirectionalFunctionCarriersWithoutIDs',
      'ConvertOpenAIResponsesRequestToGemini_ReattachesUnmarkedParallelPostCallSignature',
      'ConvertOpenAIResponsesRequestToGemini_ReattachesAlternatingParallelPostCallSignatures',
    ],
    run() {
      const calls = [functionCall('a'), functionCall('b', 'g')];
      const carriers = [signs('a', 'czE='), signs('b', 'czI=')];
      const outputs = [output('a'), output('b')];
      const signed = [
        ['a', 'czE='],
        ['b', 'czI='],
      ];
      expect(callSignatures(user('q'), ...calls, ...carriers, ...outputs)).toEqual(signed);
      expect(callSignatures(user('q'), ...calls, ...carriers.toReversed(), ...outputs)).toEqual(signed);
      const [a = {}, b = {}] = calls;
      const [signsA = {}, signsB = {}] = carriers;
      expect(callSignatures(user('q'), a, signsA, b, signsB, ...outputs)).toEqual(signed);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_DoesNotRetargetExtraPreviousCarrier',
      'ConvertOpenAIResponsesRequestToGemini_DoesNotBindStandaloneFunctionCarrier',
      'ConvertOpenAIResponsesRequestToGemini_DoesNotPairUnmarkedPostCallSignatureAcrossMismatch',
    ],
    note: 'a carrier whose call is gone signs no other',
    run() {
      const input = [user('q'), functionCall('a'), signs('gone', 'czE='), output('a')];
      expect(callSignatures(...input)).toEqual([['a', BYPASS]]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesExtraConsecutivePostCallCarrier'],
    run() {
      const input = [user('q'), functionCall('a'), signs('a', 'czE='), signsText('czI='), output('a')];
      expect(modelOf(...input)).toEqual([call('f', {}, 'czE='), text('', 'czI=')]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesReasoningOnlyHistory'],
    run() {
      expect(modelOf(user('q'), reasoning('llmproxy.gemini.czE=', 'hm'))).toEqual([thought('hm', 'czE=')]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_DropsEmptyUnsignedReasoningCarrier'],
    run() {
      expect(rolesOf(user('q'), reasoning(undefined), user('r'))).toEqual([['user', ['q', 'r']]]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_PreservesUnboundDetachedCarrierWithoutEmptyThought'],
    run() {
      expect(contents(responses, { input: [user('q'), signsText('czE='), user('r')] })).toEqual([
        { role: 'user', parts: [text('q')] },
        { role: 'model', parts: [text('', 'czE=')] },
        { role: 'user', parts: [text('r')] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToGemini_ReasoningSignatureCompatibility'],
    run() {
      const signed = (encrypted: string) => modelOf(user('q'), reasoning(encrypted, 'hm'), assistant('A'), user('r'));
      expect(signed('llmproxy.gemini.czE=')).toEqual([thought('hm', 'czE='), text('A')]);
      expect(signed('gAAAAAforeign')).toEqual([text('A')]);
      expect(signed('llmproxy.anthropic-messages.EqSig')).toEqual([text('A')]);
    },
  },
];

const forged: readonly Entry[] = [
  {
    names: [
      'NormalizeGeminiResponsesCarriersDropsMalformedEnvelope',
      'ConvertOpenAIResponsesRequestToGemini_DropsInvalidCarrierPayloads',
    ],
    run() {
      for (const encrypted of ['llmproxy.', 'llmproxy.gemini', 'llmproxy.gemini.', 'llmproxy.gemini.call:9:x', '@@']) {
        expect(modelOf(user('q'), reasoning(encrypted), assistant('A'), user('r')), encrypted).toEqual([text('A')]);
      }
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_DecodesCarrierForAliasModel',
      'GeminiResponsesWrappedUUIDFunctionSignatureRoundTrip',
      'ConvertOpenAIResponsesRequestToGemini_DecodesLegacyRawCarrierForAliasModel',
    ],
    note: 'the tag says who made a signature, whatever its form and whatever the model is called; a bare value is an OpenAI one',
    run() {
      const uuid = Buffer.from('3f2b8c1e-0000-4000-8000-123456789abc').toString('base64');
      const input = [user('q'), functionCall('a'), signs('a', uuid), output('a')];
      const target = { model: 'my-alias' };
      expect(modelParts(contents(responses, { model: 'my-alias', input }, target))).toEqual([call('f', {}, uuid)]);
      expect(modelParts(contents(responses, { input: [user('q'), reasoning(uuid), assistant('A')] }, target))).toEqual([
        text('A'),
      ]);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToGemini_IgnoresSpoofedCarrierMetadata',
      'ConvertOpenAIResponsesRequestToGemini_StripsSpoofedInternalPairingFields',
      'ConvertOpenAIResponsesRequestToGemini_StripsUnicodeEscapedSpoofedInternalFields',
    ],
    note: 'no field of an item but encrypted_content is read as a signature',
    run() {
      const spoofed = { ...functionCall('a'), thoughtSignature: 'x', thought_signature: 'x', 'cpa\u005fpair': 'x' };
      const extra = { google: { thought_signature: 'x' } };
      const input = [user('q'), { ...spoofed, extra_content: extra }, output('a')];
      expect(modelOf(...input)).toEqual([call('f', {}, BYPASS)]);
      expect(JSON.stringify(contents(responses, { input }))).not.toContain('"x"');
    },
  },
  {
    names: ['DecodeGeminiResponsesCarrierRejectsNestedEnvelope'],
    note: 'a nested one was given by another gateway in front of Gemini and goes back to it as it came',
    run() {
      expect(modelOf(user('q'), reasoning('llmproxy.gemini.llmproxy.gemini.czE=', 'hm'))).toEqual([
        thought('hm', 'llmproxy.gemini.czE='),
      ]);
    },
  },
];

/** Signatures that a client gives back. */
export const responsesSignatures: readonly Entry[] = [...history, ...forged];
