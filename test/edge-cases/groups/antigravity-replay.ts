/** What the ledger gives back to clients that carry no signatures. */
import { expect } from 'vitest';
import { codecs } from '../../../src/dialects/index.ts';
import { rememberTurn } from '../../../src/pipeline/signatures/remembered-turn.ts';
import { restoreTurns } from '../../../src/pipeline/signatures/restore-turns.ts';
import { turnKeys } from '../../../src/pipeline/signatures/turn-keys.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, modelParts, reply, text, thought } from '../gemini-turns.ts';
import type { EdgeCase, Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';

const gemini = codecs.get('gemini');
const user = (...parts: Wire[]): Wire => ({ role: 'user', parts });
const model = (...parts: Wire[]): Wire => ({ role: 'model', parts });
const response = (name: string, id?: string): Wire => ({
  functionResponse: { ...(id === undefined ? {} : { id }), name, response: { output: 'ok' } },
});

/** The contents that Gemini gets when the answers to `q` were remembered and the client sends this history. */
function replayed(answers: readonly (readonly Wire[])[], history: readonly Wire[]): Wire[] {
  if (gemini === undefined) throw new Error('no codec');
  const turns = new Map<string, ReturnType<typeof rememberTurn>>();
  for (const [index, parts] of answers.entries()) {
    const content = gemini.decodeResponse(reply(parts, { responseId: '' })).candidates[0]?.content ?? [];
    for (const key of turnKeys(content, index === 0 ? 'q' : 'r')) turns.set(key, rememberTurn(content, 'gemini'));
  }
  const asked = gemini.decodeRequest({ contents: history }, { model: 'm', stream: false });
  const messages = restoreTurns(asked.messages, (key) => turns.get(key));
  const { value } = gemini.encodeRequest({ ...asked, messages }, { model: 'gemini-3-pro', stream: false, quirks: {} });
  return JSON.parse(JSON.stringify(value['contents']));
}

/** What a client keeps that drops thoughts and signatures. */
function bare(parts: readonly Wire[]): Wire[] {
  return parts
    .filter(({ thought: hidden, text: words }) => hidden !== true && words !== '')
    .map(({ thoughtSignature: _, ...part }) => part);
}

function results(parts: readonly Wire[]): Wire {
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  return calls.length === 0 ? user(text('r')) : user(...calls.map(({ name, id }: Wire) => response(name, id)));
}

/** The model's parts after the client dropped all it could. */
const restored = (answer: readonly Wire[], kept: readonly Wire[] = bare(answer)): Wire[] =>
  modelParts(replayed([answer], [user(text('q')), model(...kept), results(kept)]));

const named = (...names: string[]): string[] => names.map((name) => `AntigravityReasoningReplay${name}`);
const prepared = (...names: string[]): string[] =>
  names.map((name) => `PrepareAntigravityGeminiReasoningReplay${name}`);
const back = (
  names: readonly string[],
  answer: readonly Wire[],
  expected: readonly Wire[] = answer,
  note?: string,
): EdgeCase => ({
  names,
  ...(note === undefined ? {} : { note }),
  run: () => expect(restored(answer)).toEqual(expected),
});

const recorded: readonly Entry[] = [
  back(named('AccumulatorMultiToolSSEChunks', 'AccumulatesCompleteToolSignatureChain'), [
    thought('hm', 'czE='),
    call('f', { a: 1 }, 'czI='),
    call('g', {}, 'czM='),
  ]),
  back(named('AccumulatesCompleteTextSignatureChain', 'SplitsConsecutiveSignedTextSegments'), [
    thought('hm', 'czE='),
    text('A', 'czI='),
  ]),
  back(named('SignatureOnlyCarrierEndsTextSegment'), [text('A'), text('', 'czE=')], [text('A', 'czE=')]),
  back(
    named('DropsUnmatchedConsecutiveCarrier', 'DuplicateCarrierDoesNotSplitSegment'),
    [text('A', 'czE='), text('', 'czI=')],
    [text('A', 'czE=')],
    'a signature of nothing has no place in a history that lost it',
  ),
  back(
    named('DirectTextSignatureWinsOverUnboundPrefix', 'SameDirectSignatureReplacesPrefix'),
    [text('', 'czE='), text('A', 'czI=')],
    [text('A', 'czI=')],
  ),
  back(named('DirectToolSignatureWinsOverPrefix'), [text('', 'czE='), call('f', {}, 'czI=')], [call('f', {}, 'czI=')]),
  back(named('AttachesDetachedSignatureToFunctionCall'), [call('f'), text('', 'czE=')], [call('f', {}, 'czE=')]),
  back(named('DirectSignatureClosesSegmentBeforeUnsignedText'), [text('A', 'czE='), call('f', {}, 'czI='), text('B')]),
  back(named('CapturesSignatureBeforeThoughtText'), [thought('', 'czE='), thought('hm', 'czI='), text('A')]),
  back(
    named('AssociatesSignatureBeforeFunctionCall'),
    [thought('', 'czE='), call('f')],
    [thought('', 'czE='), call('f', {}, BYPASS)],
    'a thought’s bare signature is a thought of its own',
  ),
  {
    names: named('DoesNotCommitPartialResponse', 'TerminalEmptyChainClearsCache'),
    note: 'an answer without signatures is not remembered, nor is one that broke off: only `finish` records',
    run: () =>
      expect(
        rememberTurn(gemini?.decodeResponse(reply([text('A')])).candidates[0]?.content ?? [], 'gemini'),
      ).toBeUndefined(),
  },
];

const found: readonly Entry[] = [
  {
    names: [
      ...prepared('PayloadInjectsCachedToolPart', 'ReplacesIDLessFunctionCallBypass', 'ReplacesBypassSignature'),
      'MergeAntigravityFunctionCallPartReplayMergesSignatureIntoExistingFunctionCall',
    ],
    run() {
      const answer = [call('f', { a: 1 }, 'czE=')];
      expect(restored(answer)).toEqual(answer);
    },
  },
  {
    names: prepared(
      'PayloadDropsStaleThoughtSignature',
      'RejectsReusedIDWithChangedCall',
      'RejectsChangedIDLessCallAtSamePosition',
      'RejectsChangedClaudeToolArguments',
    ),
    run() {
      expect(restored([call('f', { a: 1 }, 'czE=', 'c1')], [call('f', { a: 2 }, undefined, 'c1')])).toEqual([
        call('f', { a: 2 }, BYPASS),
      ]);
      expect(restored([call('f', { a: 1 }, 'czE=')], [call('f', { a: 2 })])).toEqual([call('f', { a: 2 }, BYPASS)]);
    },
  },
  {
    names: prepared('MovesClientSignatureToNativePart', 'KeepsTextSignatureOnContextDrift'),
    note: 'what the client carries counts; the ledger adds only what is missing',
    run() {
      const answer = [thought('hm', 'czE='), text('A', 'czI=')];
      expect(restored(answer, [text('A', 'czI=')])).toEqual(answer);
      expect(restored(answer, answer)).toEqual(answer);
    },
  },
  {
    names: [...prepared('MatchesRewrittenToolCallID'), 'AntigravityReplayToolCallKeysUsesNativeFunctionCallID'],
    note: 'ids are the keys together with name and arguments: a client that gives a call another id made another call',
    run() {
      const answer = [call('f', { a: 1 }, 'czE=', 'c1')];
      expect(restored(answer)).toEqual([call('f', { a: 1 }, 'czE=')]);
      expect(restored(answer, [call('f', { a: 1 }, undefined, 'other')])).toEqual([call('f', { a: 1 }, BYPASS)]);
    },
  },
  {
    names: [
      ...named('PreservesRepeatedIDLessCalls', 'PreservesRepeatedIDLessCallsAcrossSplitSSEPartDrift'),
      ...named(
        'AccumulatorCountsExistingSegmentOccurrences',
        'AccumulatorCountsExistingFunctionOccurrenceThroughReplay',
      ),
    ],
    run() {
      const answer = [call('f', { a: 1 }, 'czE='), call('f', { a: 1 }, 'czI=')];
      expect(restored(answer)).toEqual(answer);
    },
  },
  {
    names: prepared(
      'PayloadRejectsToolOutputsAcrossUserBoundary',
      'StillRejectsBrokenPairing',
      'RejectsUnmatchedNonPlaceholderResponseName',
    ),
    note: 'what answers no call is told as text instead of being refused',
    run() {
      const list = replayed(
        [[call('f', {}, 'czE=')]],
        [user(text('q')), model(text('A')), user(text('r')), user(response('f'))],
      );
      expect(list.at(-1)).toEqual(user(text('r'), text('Result of tool f: ok')));
    },
  },
  {
    names: prepared('PayloadKeepsCacheForAlreadyInvalidToolHistory', 'PayloadKeepsCacheForClientMalformedHistory'),
    test: 'src/pipeline/signatures/replay-ledger.test.ts > the first turn under a key stays',
  },
  {
    names: prepared('PayloadSanitizesInsertedUnsignedToolPart', 'RestoresSyntheticParallelCallsWithFirstBypassOnly'),
    run: () => expect(restored([call('f'), call('g')])).toEqual([call('f', {}, BYPASS), call('g')]),
  },
  {
    names: prepared('ReordersResponsesAfterRestoringParallelCalls'),
    run() {
      const answer = [call('f', {}, 'czE=', 'a'), call('g', {}, undefined, 'b')];
      const list = replayed(
        [answer],
        [user(text('q')), model(...bare(answer)), user(response('g', 'b'), response('f', 'a'))],
      );
      expect(modelParts(list)).toEqual([call('f', {}, 'czE='), call('g')]);
      expect(list[2]?.parts.map(({ functionResponse }: Wire) => functionResponse.id)).toEqual(['a', 'b']);
    },
  },
  {
    names: [
      ...prepared(
        'InsertsBeforeModelFunctionResponse',
        'RestoresParallelOmittedCalls',
        'RestoresSequentialOmittedCalls',
      ),
      ...prepared('RepairsSequentialCompactedUnknownResponseName', 'RepairsParallelCompactedUnknownResponseName'),
    ],
    note: 'calls that a client left out of its history are not made up: a result without its call is told as text',
    run() {
      const list = replayed([[call('f', { a: 1 }, 'czE=')]], [user(text('q')), user(response('unknown'))]);
      expect(list).toEqual([user(text('q'), text('Result of tool unknown: ok'))]);
    },
  },
  {
    names: prepared('RestoresIdentityOnContextDrift'),
    note: 'calls are found by themselves, whatever stands before them',
    run() {
      const answer = [thought('hm', 'czE='), call('f', { a: 1 }, 'czI=', 'c1')];
      const list = replayed([answer], [user(text('another start')), model(...bare(answer)), user(response('f', 'c1'))]);
      expect(modelParts(list)).toEqual([thought('hm', 'czE='), call('f', { a: 1 }, 'czI=')]);
    },
  },
  {
    names: [
      ...prepared('RestoresParallelClaudeToolProvenance', 'DegradesWithoutClaudeToolProvenance'),
      'DegradeAntigravityClaudeToolProvenanceIDsKeepsParallelShape',
    ],
    note: 'a call carries its signature in a block before it; without the block, and without memory, it is unsigned',
    run() {
      const carrier = { type: 'thinking', thinking: '', signature: 'next:llmproxy.gemini.czE=' };
      const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
      const signed = (...content: Wire[]) => {
        const given = ['a', 'b'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }));
        const messages = [
          { role: 'user', content: 'q' },
          { role: 'assistant', content },
          { role: 'user', content: given },
        ];
        return modelParts(contents('anthropic-messages', { max_tokens: 9, messages }));
      };
      expect(signed(carrier, use('a'), use('b'))).toEqual([call('f', {}, 'czE='), call('f')]);
      expect(signed(use('a'), use('b'))).toEqual([call('f', {}, BYPASS), call('f')]);
    },
  },
  {
    names: [
      'AntigravityFunctionCallMatchesReplayItemOnlyIgnoresDeclaredDefaults',
      ...prepared('RestoresClaudeToolProvenanceWithSchemaDefault', 'RestoresLegacyClaudeToolIDWithSchemaDefault'),
    ],
    note: 'arguments that a client filled in are other arguments; in what order and how it writes them does not matter',
    run() {
      const answer = [call('f', { a: 1, b: { c: 2, d: 3 } }, 'czE=')];
      expect(restored(answer, [call('f', { b: { d: 3, c: 2 }, a: 1 })])).toEqual([
        call('f', { b: { d: 3, c: 2 }, a: 1 }, 'czE='),
      ]);
      expect(restored(answer, [call('f', { a: 1, b: { c: 2, d: 3 }, e: 0 })])[0]?.thoughtSignature).toBe(BYPASS);
    },
  },
];

const scopes: readonly Entry[] = [
  {
    names: [
      'PrepareAntigravityGeminiReasoningReplayPayloadToleratesHomeKVFailure',
      ...named('LegacyAmbiguousIDLessCallFailsClosed'),
    ],
    because: reasons.goInternal,
  },
  {
    names: named(
      'ScopePrefersExecutionSession',
      'ScopePrefersStableSessionOverExecutionUUID',
      'ScopeKeepsExecutionAheadOfPromptCacheKey',
      'ScopeSeparatesPromptCacheAndExplicitSessionNamespaces',
      'ScopeUsesClaudeMetadataSession',
      'SeparatesClaudeSessionTitleFromResumedTranscript',
      'ScopeSeparatesClaudeAgents',
      'ScopeUsesStableSessionWithoutSessionId',
    ),
    test: 'src/pipeline/signatures/replay-ledger.test.ts > in its own scope only',
  },
];

export const antigravityReplay: Group = {
  group: 'antigravity_reasoning_replay',
  entries: [...recorded, ...found, ...scopes],
};

export const antigravityReplayClear: Group = {
  group: 'antigravity_reasoning_replay_clear',
  entries: [
    {
      names: ['AntigravityReasoningReplayClearsOnInvalidSignature400'],
      test: 'src/pipeline/signatures/replay-ledger.test.ts > a turn that its maker refused is forgotten under all its keys',
    },
  ],
};
