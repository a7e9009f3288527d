/** Responses clients with a Gemini upstream: the signatures of an answer, and where they come back. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, comesBack, contents, kept, modelParts, text, thought } from '../gemini-turns.ts';
import type { Entry } from '../ledger.ts';

const responses = 'openai-responses';
const back = (names: readonly string[], parts: readonly Wire[], more?: Parameters<typeof comesBack>[3]): Entry =>
  comesBack(responses, names, parts, more);

/** Answers that come back with the next turn. */
export const responsesAnswers: readonly Entry[] = [
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_ConsecutiveSignedVisibleTextPreservesEverySignature',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_ConsecutiveSignedVisibleTextPreservesEverySignature',
    ],
    [text('A', 'czE='), text('B', 'czI=')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_SignedVisibleThenUnsignedPreservesBoundary',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_SignedVisibleThenUnsignedPreservesBoundary',
    ],
    [text('A', 'czE='), text('B')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_LeadingCarrierDoesNotCrossSignedThought'],
    [text('', 'czE='), thought('hm', 'czI='), text('A')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponsesNonStream_TrailingCarrierDirectionDoesNotDependOnID',
      'ConvertGeminiResponseToOpenAIResponses_DetachedSignatureAfterVisibleText',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_DetachedSignature',
    ],
    [text('A'), text('', 'czE=')],
    { expected: [text('A', 'czE=')], note: 'a bare signature belongs to the unsigned text before it' },
  ),
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_TrailingCarrierDirectionSurvivesStrippedIDs'],
    run() {
      const items = kept(responses, [text('A', 'czE='), call('f', {}, 'czI=')], true).map(({ id, ...item }) => item);
      const outputs = items.flatMap(({ call_id }) =>
        call_id === undefined ? [] : [{ type: 'function_call_output', call_id, output: 'ok' }],
      );
      expect(
        modelParts(contents(responses, { input: [{ role: 'user', content: 'q' }, ...items, ...outputs] })),
      ).toEqual([text('A', 'czE='), call('f', {}, 'czI=')]);
    },
  },
  back(
    ['ConvertGeminiResponseToOpenAIResponses_VisibleSignatureDoesNotOverwriteSignedThought'],
    [thought('hm', 'czE='), text('A', 'czI=')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_FlushesVisibleSignatureBeforeLaterThought'],
    [text('A', 'czE='), thought('hm', 'czI='), text('B')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_FunctionAndTrailingSignaturesRoundTrip',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_FunctionAndTrailingSignaturesPreserveOrder',
    ],
    [call('f', { a: 1 }, 'czE='), text('', 'czI=')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_FunctionThenTrailingSignatureHasStreamParity'],
    [call('f', { a: 1 }), text('', 'czE=')],
    { expected: [call('f', { a: 1 }, 'czE=')] },
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponsesNonStream_TrailingSignatureFollowsPendingReasoning'],
    [thought('hm'), text('', 'czE=')],
    { expected: [thought('hm', 'czE=')], note: 'the thought that was open is the one that it signs' },
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponsesNonStream_UnsignedThoughtDoesNotStealFunctionSignature'],
    [thought('hm'), call('f', {}, 'czE=')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_InterleavedThoughtAndTextPreservesOrder',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_InterleavedThoughtAndTextPreservesOrder',
    ],
    [thought('h1', 'czE='), text('A'), thought('h2', 'czI='), text('B')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_LeadingEmptyAndSignedTextRoundTripInOrder'],
    [text('', 'czE='), text('A', 'czI=')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_SignedTextAndTrailingSignatureRoundTripInOrder',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_SignedTextAndTrailingSignatureRoundTripInOrder',
    ],
    [text('A', 'czE='), text('', 'czI=')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_PreservesMultipleLeadingEmptySignatures'],
    [text('', 'czE='), text('', 'czI='), text('A')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_DistinctSignedThoughtsUseDistinctItems',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_DistinctSignedThoughtsUseDistinctItems',
    ],
    [thought('h1', 'czE='), thought('h2', 'czI='), text('A')],
  ),
  {
    names: [
      'ConvertGeminiResponseToOpenAIResponses_VisibleSignatureCompletesActiveReasoning',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_VisibleSignatureCompletesReasoning',
    ],
    note: 'the signature stays with the text that Gemini signed; the reasoning item before it is complete without one',
    run() {
      for (const streamed of [false, true]) {
        const items = kept(responses, [thought('hm'), text('A', 'czE=')], streamed);
        expect(items.map(({ type, encrypted_content }) => [type, encrypted_content])).toEqual([
          ['reasoning', undefined],
          ['message', undefined],
          ['reasoning', 'llmproxy.gemini.text:czE='],
        ]);
      }
    },
  },
  {
    names: ['ConvertGeminiResponseToOpenAIResponses_LateThoughtSignatureIsImmutable'],
    run() {
      for (const streamed of [false, true]) {
        const items = kept(responses, [thought('h'), thought('', 'czE='), thought('', 'czI='), text('A')], streamed);
        expect(items.flatMap(({ encrypted_content }) => encrypted_content ?? [])).toEqual([
          'llmproxy.gemini.czE=',
          'llmproxy.gemini.czI=',
        ]);
      }
    },
  },
  back(
    ['ConvertGeminiResponseToOpenAIResponses_PreservesTextAroundFunction'],
    [text('A'), call('f', {}, 'czE='), text('B')],
  ),
  back(
    ['ConvertGeminiResponseToOpenAIResponses_PendingSignatureBeforeFunctionRoundTrips'],
    [text('', 'czE='), call('f')],
    {
      expected: [text('', 'czE='), call('f', {}, BYPASS)],
      note: 'the empty text that Gemini signed goes back as it was, and the unsigned call says that it is unsigned',
    },
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_SignedTextBeforeSignedFunctionRoundTrips',
      'ConvertGeminiResponseToOpenAIResponsesNonStream_PreservesTextAroundSignedFunction',
    ],
    [text('A', 'czE='), call('f', {}, 'czI='), text('B')],
  ),
  back(
    [
      'ConvertGeminiResponseToOpenAIResponses_GeminiToolSignature',
      'ConvertGeminiResponseToOpenAIResponses_ReasoningEncryptedContent',
      'GeminiResponsesCarrierRoundTrip',
    ],
    [thought('hm', 'czE='), call('f', { a: 1 }, 'czI='), call('g')],
  ),
];
