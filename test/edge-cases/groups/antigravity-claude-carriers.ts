/** Signatures of Gemini in what a Claude client sends and gets. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import {
  BYPASS,
  blocksOf,
  call,
  comesBack,
  contents,
  frames,
  kept,
  modelParts,
  text,
  thought,
} from '../gemini-turns.ts';
import type { Entry } from '../ledger.ts';
import { answer, stream } from '../through.ts';

const claude = 'anthropic-messages';
const request_ = (name: string): string => `ConvertClaudeRequestToAntigravity_${name}`;
const response = (name: string): string => `ConvertAntigravityResponseToClaude${name}`;
const back = (names: readonly string[], parts: readonly Wire[], more?: Parameters<typeof comesBack>[3]): Entry =>
  comesBack(claude, names, parts, more);

const said = (value: string): Wire => ({ type: 'text', text: value });
const carrier = (value: string): Wire => ({
  type: 'thinking',
  thinking: '',
  signature: `next:llmproxy.gemini.${value}`,
});
const thinking = (value: string, signature?: string): Wire => ({
  type: 'thinking',
  thinking: value,
  ...(signature === undefined ? {} : { signature }),
});
const use = (id: string, name = 'f'): Wire => ({ type: 'tool_use', id, name, input: {} });
const history = (...content: Wire[]): Wire => {
  const calls = content.filter(({ type }) => type === 'tool_use');
  const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }));
  return {
    max_tokens: 9,
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content },
      { role: 'user', content: results.length > 0 ? results : 'r' },
    ],
  };
};
const sent = (...content: Wire[]): Wire[] => modelParts(contents(claude, history(...content)));

const requests: readonly Entry[] = [
  {
    names: [
      'ReattachesDetachedGeminiSignature',
      'ReattachesLeadingDetachedGeminiSignature',
      'DetachedToolCarrierTargetsFollowingTool',
      'GeminiThinkingSignatureTargetsFollowingText',
      'GeminiThinkingSignatureTargetsFollowingTool',
      'PreservesGeminiToolSignature',
    ].map(request_),
    note: 'a carrier stands before the block that it signs',
    run() {
      expect(sent(carrier('czE='), said('A'))).toEqual([text('A', 'czE=')]);
      expect(sent(thinking('hm', ''), carrier('czE='), use('t1'))).toEqual([thought('hm'), call('f', {}, 'czE=')]);
    },
  },
  {
    names: [
      request_('DropsLegacyRawCarrierFromUserMessage'),
      'StripInvalidGeminiSignatureThinkingBlocksDropsLegacyRawCarrierFromUserMessage',
    ],
    note: 'a bare value is one of Claude, whoever sends it',
    run() {
      const content = [thinking('', 'czE='), said('q')];
      expect(contents(claude, { max_tokens: 9, messages: [{ role: 'user', content }] })).toEqual([
        { role: 'user', parts: [text('q')] },
      ]);
    },
  },
  {
    names: [
      request_('DistributesConsecutiveTrailingGeminiCarriers'),
      request_('PreservesTrailingCarrierAfterSignedTool'),
    ],
    run() {
      expect(sent(said('A'), carrier('czE='), carrier('czI='))).toEqual([
        text('A'),
        text('', 'czE='),
        text('', 'czI='),
      ]);
      expect(sent(carrier('czE='), use('t1'), carrier('czI='))).toEqual([call('f', {}, 'czE='), text('', 'czI=')]);
    },
  },
  {
    names: [
      request_('PreservesConsecutiveLeadingGeminiCarriers'),
      request_('PreservesConsecutiveLeadingGeminiCarriersBeforeText'),
      request_('DirectToolSignatureWinsOverLeadingCarrier'),
    ],
    run() {
      expect(sent(carrier('czE='), carrier('czI='), said('A'))).toEqual([text('', 'czE='), text('A', 'czI=')]);
      expect(sent(carrier('czE='), carrier('czI='), use('t1'))).toEqual([text('', 'czE='), call('f', {}, 'czI=')]);
    },
  },
  {
    names: [request_('PreservesCarrierBetweenDirectlySignedParallelTools')],
    run() {
      expect(sent(carrier('czE='), use('t1'), carrier('czI='), use('t2', 'g'))).toEqual([
        call('f', {}, 'czE='),
        call('g', {}, 'czI='),
      ]);
    },
  },
  {
    names: [request_('PreservesCarrierOnlyAssistantMessage')],
    run: () => expect(sent(carrier('czE='))).toEqual([text('', 'czE=')]),
  },
  {
    names: [request_('LeadingCarrierDoesNotCrossSignedThinking')],
    run() {
      expect(sent(carrier('czE='), thinking('hm', 'llmproxy.gemini.czI='), said('A'))).toEqual([
        text('', 'czE='),
        thought('hm', 'czI='),
        text('A'),
      ]);
    },
  },
  {
    names: [
      request_('DropsMismatchedMarkedNonEmptyCarrier'),
      'StripInvalidGeminiSignatureThinkingBlocksDropsMismatchedDirectionalThinking',
      'StripInvalidGeminiSignatureThinkingBlocks',
    ],
    note: 'what another provider signed is not for Gemini, carrier or not',
    run() {
      const foreign = { ...carrier(''), signature: 'next:llmproxy.openai-responses.gAAAA' };
      expect(sent(foreign, said('A'))).toEqual([text('A')]);
      expect(sent(thinking('hm', 'llmproxy.openai-responses.gAAAA'), said('A'))).toEqual([text('A')]);
      expect(sent(thinking('hm', 'EqSig'), said('A'))).toEqual([text('A')]);
    },
  },
  {
    names: ['StripInvalidGeminiSignatureThinkingBlocksPreservesMarkedNonEmptyThinking'],
    run: () =>
      expect(sent(thinking('hm', 'llmproxy.gemini.czE='), said('A'))).toEqual([thought('hm', 'czE='), text('A')]),
  },
  {
    names: [request_('NativeParallelToolLeavesUnsignedSibling')],
    run: () => expect(sent(carrier('czE='), use('t1'), use('t2'))).toEqual([call('f', {}, 'czE='), call('f')]),
  },
  {
    names: [request_('SyntheticParallelToolOnlyFirstGetsSentinel')],
    run: () => expect(sent(use('t1'), use('t2'))).toEqual([call('f', {}, BYPASS), call('f')]),
  },
  {
    names: [request_('ToolUse_DropsInvalidThoughtSignatureOnly'), request_('ToolUse_DoesNotReuseThinkingSignature')],
    run() {
      const marked = { ...use('t1'), signature: 'x', thoughtSignature: 'x' };
      expect(sent(thinking('hm', 'llmproxy.gemini.czE='), marked)).toEqual([
        thought('hm', 'czE='),
        call('f', {}, BYPASS),
      ]);
    },
  },
];

const answers: readonly Entry[] = [
  {
    names: [
      response('_ThinkingTextAccumulated'),
      response('_SignatureCached'),
      response('_ParamsInitialized'),
      'GeminiClaudeCarrierSignatureRoundTrip',
    ],
    run() {
      const blocks = kept(claude, [thought('h1'), thought('h2', 'czE='), text('A')], true);
      expect(blocks).toEqual([thinking('h1h2', 'llmproxy.gemini.czE='), { ...said('A'), citations: [] }]);
      expect(sent(...blocks)).toEqual([thought('h1h2', 'czE='), text('A')]);
    },
  },
  back([response('_MultipleThinkingBlocks')], [thought('h1', 'czE='), thought('h2', 'czI='), text('A')]),
  {
    names: [response('_TextAndSignatureInSameChunk'), response('_SignatureOnlyChunk')],
    run() {
      const expected = [
        { type: 'thinking', thinking: 'hm', signature: 'llmproxy.gemini.czE=' },
        { type: 'text', text: 'A', citations: [] },
      ];
      expect(kept(claude, [thought('hm', 'czE='), text('A')], true)).toEqual(expected);
      expect(kept(claude, [thought('hm'), thought('', 'czE='), text('A')], true)).toEqual(expected);
    },
  },
  {
    names: [
      response('_SignatureOnlyChunkWithoutThoughtFlag'),
      response('NonStream_SignatureOnlyPartWithoutThoughtFlag'),
    ],
    run() {
      for (const streamed of [false, true]) {
        const [block] = kept(claude, [thought('hm'), { thoughtSignature: 'czE=' }], streamed);
        expect(block).toEqual({ type: 'thinking', thinking: 'hm', signature: 'llmproxy.gemini.czE=' });
      }
    },
  },
  back(
    [
      response('_VisibleGeminiSignatureUsesLeadingCarrier'),
      response('_DetachedGeminiSignatureAfterVisibleText'),
      response('NonStream_DetachedGeminiSignatureAfterVisibleText'),
    ],
    [text('A'), text('', 'czE=')],
    {
      expected: [text('A', 'czE=')],
      note: 'behind streamed text no carrier is written, as clients take the last block for the result: the ledger remembers it',
    },
  ),
  {
    names: [response('_ThoughtThenSignedFunctionUsesOneThinkingBlock'), response('_GeminiToolSignature')],
    note: 'the thought is unsigned, so the signature of the call stands in a block of its own',
    run() {
      for (const streamed of [false, true]) {
        const blocks = kept(claude, [thought('hm'), call('f', { a: 1 }, 'czE=')], streamed);
        expect(blocks.slice(0, 2)).toEqual([thinking('hm', ''), carrier('czE=')]);
        expect(blocks[2]).toMatchObject({ type: 'tool_use', name: 'f', input: { a: 1 } });
      }
    },
  },
  back([response('_PreservesClaudeThoughtAndToolSignatures')], [thought('hm', 'czE='), call('f', {}, 'czI=')]),
  back([response('NonStream_SignedThoughtBeforeUnsignedTextKeepsTarget')], [thought('hm', 'czE='), text('A')]),
  back([response('NonStream_PreviousCarrierDoesNotCrossFollowingText')], [text('A', 'czE='), text('B')]),
  back(
    [
      response('NonStream_PreservesDistinctThoughtAndTextSignatures'),
      response('Stream_PreservesDistinctThoughtAndTextSignatures'),
    ],
    [thought('hm', 'czE='), text('A', 'czI=')],
  ),
  back([response('_PreservesConsecutiveDetachedCarriers')], [text('A', 'czE='), text('', 'czI='), text('', 'czM=')]),
  back([response('NonStream_ThoughtBeforeSignedToolRoundTrips')], [thought('hm'), call('f', { a: 1 }, 'czE=')]),
  back([response('_TrailingFunctionCarrierRoundTrip')], [call('f', { a: 1 }, 'czE='), text('', 'czI=')]),
  back([response('_DirectionalTextCarriersRoundTrip')], [text('A', 'czE='), call('f', {}, 'czI='), text('B', 'czM=')]),
  back([response('_LeadingCarrierTargetsFollowingThought')], [text('', 'czE='), thought('hm', 'czI='), text('A')]),
  {
    names: [
      response('NonStream_TextWithThoughtSignatureStaysText'),
      response('Stream_TextWithThoughtSignatureStaysText'),
    ],
    run() {
      for (const streamed of [false, true]) {
        const texts = kept(claude, [text('A', 'czE=')], streamed).filter(({ type }) => type === 'text');
        expect(texts).toEqual([{ type: 'text', text: 'A', citations: [] }]);
      }
    },
  },
  {
    names: ['ConvertAntigravityResponseToClaudeUsesStableGeminiToolProvenanceID'],
    note: 'ids hold the answer’s own id and the place of the call',
    run() {
      const parts = [call('f', { a: 1 }), call('f', { a: 1 })];
      const ids = (streamed: boolean) => kept(claude, parts, streamed).map(({ id }) => id);
      expect(ids(false)).toEqual(['call_r1_f_0', 'call_r1_f_1']);
      expect(ids(true)).toEqual(ids(false));
    },
  },
  {
    names: [response('NonStream_EmptyCandidateReturnsContentArray')],
    run() {
      const { body } = answer(claude, 'gemini', { candidates: [{ finishReason: 'STOP' }], responseId: 'r1' });
      expect([body.content, body.stop_reason]).toEqual([[], 'end_turn']);
    },
  },
  {
    names: [response('Stream_EmptyCandidateClosesMessage')],
    run() {
      const events = stream(claude, 'gemini', frames([]));
      expect(events.map(({ event }) => event)).toEqual(['message_start', 'message_delta', 'message_stop']);
      expect(blocksOf(events)).toEqual([]);
    },
  },
];

export const antigravityClaudeCarriers: readonly Entry[] = [...requests, ...answers];
