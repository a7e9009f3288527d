/** xAI. Its accounts are not part of this; with an API key it is a Responses and Chat upstream like others. */
import { expect } from 'vitest';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import { xai } from '../../../src/providers/xai/index.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { ask } from '../responses-upstream.ts';
import { request } from '../through.ts';

const xaiNames: readonly string[] = names['xai_executor'];
const matching = (pattern: RegExp): readonly string[] => xaiNames.filter((name) => pattern.test(name));

const functionTool = { type: 'function', name: 't', parameters: { type: 'object', properties: {} } };
const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };

/** What xAI gets of a Responses client's request. */
async function sent(body: Wire): Promise<Wire> {
  const outcome = await ask({ provider: xai, body: { model: 'm', input: [user], ...body } });
  return outcome.sent[0]?.body;
}

const REPLAY = 'src/pipeline/signatures/restore-turns.test.ts';
const images = matching(/ExecuteImages|ExecuteVideos|XAIImageRefs/);

const cases: readonly Entry[] = [
  {
    names: [
      'XAIExecutorPrepareResponsesRequestPreservesSupportedOutputControls',
      'XAIExecutorPrepareResponsesRequestDropsPayloadStopOverride',
      'XAIExecutorExecuteShapesResponsesRequest',
    ],
    async run() {
      const controls = { max_output_tokens: 9, temperature: 0.5, top_p: 0.9 };
      const rejected = { stop: ['x'], prompt_cache_retention: '24h', safety_identifier: 'u', presence_penalty: 1 };
      expect(await sent({ ...controls, ...rejected })).toEqual({ model: 'm', input: [user], ...controls });
    },
  },
  {
    names: [
      'XAIExecutorPrepareHonorsInjectXSearchConfig',
      'EnsureXAINativeXSearchTool',
      'XAIExecutorPrepareAllowedToolsSyncsInjectedXSearch',
      'XAIExecutorPrepareDropsOrphanedToolChoiceBeforeXSearchInject',
    ],
    note: 'No tool is ever added that the client did not ask for; its own goes through.',
    async run() {
      expect(await sent({})).not.toHaveProperty('tools');
      const tools = [{ type: 'x_search' }, functionTool];
      expect((await sent({ tools, tool_choice: 'auto' })).tools).toEqual(tools);
    },
  },
  {
    names: matching(/^NormalizeXAIToolChoiceForTools/),
    run() {
      const settings = { messages: [{ role: 'user', content: 'hi' }], tool_choice: 'auto', parallel_tool_calls: true };
      const tool = { type: 'function', function: { name: 't', parameters: { type: 'object', properties: {} } } };
      for (const tools of [undefined, []]) {
        const { body } = request('openai-chat', 'openai-responses', { ...settings, tools });
        expect(body).not.toHaveProperty('tool_choice');
        expect(body).not.toHaveProperty('parallel_tool_calls');
      }
      const { body } = request('openai-chat', 'openai-responses', { ...settings, tools: [tool] });
      expect(body).toMatchObject({ tool_choice: 'auto', parallel_tool_calls: true });
    },
  },
  {
    names: ['XAIExecutorPrepareNormalizesClaudeWebSearchToolChoice'],
    run() {
      const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
      const asked = { max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], tools };
      const { body } = request('anthropic-messages', 'openai-responses', {
        ...asked,
        tool_choice: { type: 'tool', name: 'web_search' },
      });
      expect([body.tools, body.tool_choice]).toEqual([[{ type: 'web_search' }], { type: 'web_search' }]);
    },
  },
  {
    names: ['ApplyXAIHeaders_EmptyAPIKey_OmitsAuthorization'],
    test: 'src/config/credentials.test.ts > gives one credential per usable key of every section',
  },
  {
    names: [
      'NormalizeXAITools_QualifiesSameNamedNamespaceTools',
      'NormalizeXAINamespaceToolChoice',
      'NormalizeXAINamespaceToolChoiceAllowedTools',
      'NormalizeXAIInputNamespaceToolCalls',
      'PromoteXAIAdditionalTools',
      'QualifyXAINamespaceToolNamePreservesQualifiedNames',
      'NormalizeXAINamespaceToolChoice_PreservesOtherChoices',
    ],
    note: 'Where namespaces are not known, as in Chat Completions.',
    run() {
      const namespace = (name: string): Wire => ({ type: 'namespace', name, tools: [functionTool] });
      const call = { type: 'function_call', call_id: 'c1', namespace: 'b', name: 't', arguments: '{}' };
      const choose = (tool_choice: Wire): Wire =>
        request('openai-responses', 'openai-chat', {
          input: [
            user,
            { type: 'additional_tools', role: 'developer', tools: [{ ...functionTool, name: 'later' }] },
            call,
          ],
          tools: [namespace('a'), namespace('b')],
          tool_choice,
        }).body;
      const body = choose({ type: 'function', namespace: 'b', name: 't' });
      expect(body.tools.map((tool: Wire) => tool.function.name)).toEqual(['a__t', 'b__t', 'later']);
      expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'b__t' } });
      const calls = body.messages.flatMap((message: Wire) => message.tool_calls ?? []);
      expect(calls.map((made: Wire) => made.function.name)).toEqual(['b__t']);
      expect(choose({ type: 'function', name: 'a__t' }).tool_choice.function.name).toBe('a__t');
      expect(choose('required').tool_choice).toBe('required');
    },
  },
  {
    names: ['XAIPatchCompletedOutput_EnsuresUsageDetails'],
    test: 'test/edge-cases/groups/usage-helpers.ts > EnsureResponsesUsageDetails_SSEData',
  },
  {
    names: ['XAIExecutorAppliesThinkingSuffix'],
    test: 'src/pipeline/reasoning.test.ts > is changed in no other byte by a model name that says how much to reason',
  },
  {
    names: ['XAIExecutorOmitsUnsupportedReasoningEffort', 'XAISupportsReasoningEffortUsesModelRegistry'],
    test: 'src/pipeline/reasoning.test.ts > loses settings that the model does not take, and the client is told',
  },
  {
    names: ['XAIExecutorKeepsReasoningEffortForGrok45', 'XAIExecutorKeepsPayloadOverrideReasoningEffortForGrok45'],
    test: 'src/pipeline/reasoning.test.ts > goes through byte by byte when the model takes its settings',
  },
  {
    names: matching(/^FilterXAIReasoningReplayItems(Skips(Matching|Duplicate)|Recognizes)/),
    test: `${REPLAY} > what the client carried is not doubled`,
  },
  {
    names: matching(/^FilterXAIReasoningReplayItems(SkipsAmbiguous|DoesNotMatch)/),
    test: `${REPLAY} > a turn of text only is found by its text and what it answers`,
  },
  {
    names: [
      'XAIExecutorReasoningReplayCacheStoresFinalDoneAndInjectsNextClaudeRequest',
      'XAIExecutorResponsesSSEReplaysEncryptedReasoningAndAssistantMessage',
      'XAIExecutorClaudeInjectsLatestCachedReasoningWhenHistoryHasOnlyOlderSignature',
    ],
    test: 'test/conformance/lost-signatures.test.ts > finds the reasoning of each turn again',
  },
  {
    names: [
      'XAIReasoningReplayScopeIsolatesOpenAIResponsePromptCacheKeyByAPIKey',
      'XAIReasoningReplayScopeDisablesClaudeWithoutAPIKey',
      'XAIReasoningReplayScopeAllowsTrustedExecutionSessionWithoutAPIKey',
    ],
    test: 'test/conformance/lost-signatures.test.ts > another client key does not',
  },
  {
    names: [
      'XAIReasoningReplayCacheReplaysFunctionCallWithoutReasoning',
      'XAIExecutorReasoningReplayCacheReplaysFunctionCallForClaudeToolResult',
    ],
    test: 'src/ir/tool-turns.test.ts > becomes text, what is beside it stays',
  },
  {
    names: [
      'CacheXAIReasoningReplayFromCompletedClearsPreviousEntryWhenNoReplayableState',
      'ApplyXAIReasoningReplayCacheFallsBackWhenReadFails',
      'XAIReasoningReplayScopeSkipsIncrementalWebsocketPreviousResponse',
    ],
    test: `${REPLAY} > nothing to restore leaves the very same messages`,
  },
  {
    names: [
      'SanitizeXAIInputEncryptedContent_DropsInvalidReasoningBlob',
      'XAIExecutorReMergesReasoningAfterDroppingInvalidEncryptedContent',
      'XAIExecutorDropsInvalidCompactionItem',
    ],
    test: 'test/conformance/refused-signatures.test.ts > is asked again without signatures, stream',
  },
  {
    names: ['SanitizeXAIInputEncryptedContent_PreservesValidBlob'],
    test: 'test/conformance/two-turns.test.ts > gets its signature and call ids back, stream',
  },
  {
    names: ['XAIExecutorCompactUsesCompactEndpoint'],
    test: 'test/integration/responses-with-provider.test.ts > it sums conversations up itself',
  },
  {
    names: ['CountXAIInputTokensExcludesRequestStructure'],
    test: 'src/pipeline/estimate-tokens.test.ts > what a request holds is counted, each kind of part and tool',
  },
  {
    names: ['XAIExecutorExecuteAcceptsResponseIncomplete', 'XAIExecutorExecuteStreamAcceptsResponseIncomplete'],
    test: 'test/edge-cases/groups/codex-streams.ts > CodexExecutorExecuteIncompleteResponseIsSuccessful',
  },
  {
    names: [
      'XAIExecutorExecuteStreamNormalizesReasoningTextEvents',
      'XAIExecutorExecuteNormalizesReasoningOutputForNonStreamTranslation',
    ],
    test: 'test/edge-cases/groups/codex-claude-answer.ts > ConvertCodexResponseToClaudeNonStream_ThinkingIncludesSignature',
  },
  { names: images, because: reasons.images },
];

const done = new Set(cases.flatMap((entry) => entry.names));
const executor: readonly Entry[] = [
  ...cases,
  { names: xaiNames.filter((name) => !done.has(name)), because: reasons.otherAccounts },
];

const generic429 = openaiResponses.decodeError(429, { error: { message: 'slow down', code: 'rate_limit' } });

const status: readonly Entry[] = [
  {
    names: [
      'XAIStatusErr_Generic429HasNoRetryAfter',
      'XAIStatusErr_Non429Unchanged',
      'XAIStatusErr_Generic403Unchanged',
      'XAIStatusErr_EmptyBodyForbiddenUnchanged',
    ],
    async run() {
      expect(generic429).not.toHaveProperty('retryAfterMs');
      for (const [code, body] of [
        [403, { error: 'no access' }],
        [403, {}],
        [500, { error: 'broke' }],
      ] as const) {
        const outcome = await ask({
          provider: xai,
          body: { model: 'm', input: 'hi' },
          answers: [{ status: code, body }],
        });
        expect(outcome.status).toBe(code);
        expect(outcome.headers).not.toHaveProperty('retry-after');
      }
    },
  },
  {
    names: names['xai_status_err'].filter((name) => /FreeUsage|BadCredentials/.test(name)),
    because: reasons.otherAccounts,
  },
];

const SOCKET = 'test/integration/upstream-websocket.test.ts';
const socketNames: readonly string[] = names['xai_websockets_executor'];
const TITLES: readonly (readonly [RegExp, string])[] = [
  [/MessageTooBig/, 'close code 1009 is a 413 and closes the client with 1009'],
  [
    /EnabledForConfigAPIKey|SendsResponseCreate|BuildXAIWebsocketRequestBody/,
    'keeps one connection and sends only what is new',
  ],
  [
    /AuthChanges|HTTPFallback$/,
    'a connection that ended between two requests is replaced, and the whole conversation sent',
  ],
  [/StopsOnBareError/, 'an error frame reaches the client when nobody else is left'],
];
const tested = TITLES.map(
  ([pattern, title]): Entry => ({
    names: socketNames.filter((name) => pattern.test(name)),
    test: `${SOCKET} > ${title}`,
  }),
);
const taken = new Set(tested.flatMap((entry) => entry.names));
const WARM_UP = 'XAIWebsocketsExecuteStreamCompletesGenerateFalseWarmup';

const sockets: readonly Entry[] = [
  ...tested,
  {
    names: [WARM_UP],
    test: 'test/integration/responses-websocket.test.ts > answers a warm-up itself and continues from it',
  },
  { names: socketNames.filter((name) => !taken.has(name) && name !== WARM_UP), because: reasons.otherAccounts },
];

export const xaiGroups: readonly Group[] = [
  { group: 'xai_executor', entries: executor },
  { group: 'xai_status_err', entries: status },
  { group: 'xai_websockets_executor', entries: sockets },
];
