/** Reasoning that clients of other dialects lose and get back, and a Responses upstream's WebSocket. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { ask, passes } from '../responses-upstream.ts';

const LOST = 'test/conformance/lost-signatures.test.ts';
const RESTORE = 'src/pipeline/signatures/restore-turns.test.ts';
const SESSION = 'src/routing/session.test.ts';
const SOCKET = 'test/integration/upstream-websocket.test.ts';
const of = (prefix: string, list: string): readonly string[] => list.split(' ').map((name) => `${prefix}${name}`);
const replayed = (list: string): readonly string[] => of('CodexExecutorReasoningReplay', list);

const replay: readonly Entry[] = [
  {
    names: replayed('CacheStoresFinalDoneAndInjectsNextClaudeRequest CacheExecuteStreamStoresFinalDoneForClaude'),
    test: `${LOST} > finds the reasoning of each turn again`,
  },
  { names: replayed('CacheSharesSameSessionAcrossClientKeys'), test: `${LOST} > another client key does not` },
  {
    names: replayed('SessionKeyUsesClaudeCodeJSONSessionID SessionKeyRejectsBareClaudeUserID'),
    test: `${SESSION} > a stated session stands above the cache key`,
  },
  { names: replayed('SessionKeyIsolatesClaudeCodeAgents'), test: `${SESSION} > a sub-agent is told apart` },
  {
    names: replayed('SessionKeyCanonicalizesSessionHeaderAliases SessionKeyCanonicalizesWindowHeaderWithPayload'),
    test: `${SESSION} > the first of several counts`,
  },
  {
    names: replayed('CacheSharesSameSessionAcrossCodexAuths'),
    test: 'src/pipeline/signatures/maker.test.ts > keys of one organisation are one account',
  },
  {
    names: replayed('CacheDoesNotInjectNativeResponsesRequest CacheDoesNotStoreNativeResponsesRequest'),
    async run() {
      const call = { type: 'function_call', call_id: 'c1', name: 't', arguments: '{}' };
      const result = { type: 'function_call_output', call_id: 'c1', output: 'r' };
      expect(await passes({ input: [{ role: 'user', content: 'hi' }, call, result], store: false })).toBe(true);
    },
  },
  {
    names: replayed('CacheDoesNotDuplicateClaudeClientReasoning'),
    test: `${RESTORE} > what the client carried is not doubled`,
  },
  {
    names: replayed('CacheInsertsReasoningBeforeAssistantOutputInClaudeHistory'),
    test: `${RESTORE} > reasoning before a call, lost with its signature`,
  },
  {
    names: replayed(
      'CacheClearsOnNonStreamResponseFailedInvalidSignature CacheClearsOnStreamResponseFailedInvalidSignature',
    ),
    test: 'src/pipeline/signatures/replay-ledger.test.ts > a turn that its maker refused is forgotten under all its keys',
  },
  {
    names: replayed('CacheReplaysFunctionCallForClaudeToolResult CacheDropsFunctionCallWithoutMatchingOutput'),
    test: 'src/ir/tool-turns.test.ts > becomes text, what is beside it stays',
  },
  {
    names: replayed('CacheRestoresCumulativeToolTurns CacheRestoresCumulativeAssistantTurns'),
    test: `${RESTORE} > whatever a client dropped comes back once, in the same order, and the same at every turn`,
  },
  {
    names: replayed(
      'CacheSkipsDetachedTurnAfterCompaction CacheMatchesNewestDuplicateAssistantAfterCompaction CacheUsesRequestPrefixForDuplicateOutOfOrderTurns',
    ),
    test: `${RESTORE} > a turn of text only is found by its text and what it answers`,
  },
  {
    names: replayed('CacheMatchesShortenedClaudeToolResultCallID'),
    test: 'test/edge-cases/groups/codex-claude-request.ts > ConvertClaudeRequestToCodex_ShortenLongToolUseIDs',
  },
];

const socket = (prefix: string, list: string, title: string): Entry => ({
  names: of(prefix, list),
  test: `${SOCKET} > ${title}`,
});

/** The headers that reach the upstream. */
async function headersFor(
  headers: Readonly<Record<string, string>>,
  body: Wire = { model: 'm', input: 'hi' },
): Promise<Wire> {
  return (await ask({ body, headers })).sent[0]?.headers;
}

const sockets: readonly Entry[] = [
  socket(
    '',
    'BuildCodexWebsocketRequestBodyPreservesPreviousResponseID CodexWebsocketsExecutePreservesPreviousResponseIDUpstream',
    'keeps one connection and sends only what is new',
  ),
  socket(
    'CodexWebsockets',
    'ExecuteStreamPassesThroughUpstreamWebsocketPayloadForDownstreamWebsocket',
    'keeps one connection and sends only what is new',
  ),
  {
    names: of(
      '',
      'BuildCodexWebsocketRequestBodySanitizesOverlongInputItemIDs CodexWebsocketsExecuteResponsesLiteDoesNotInjectImageGenerationTool CodexWebsocketsExecuteStreamResponsesLiteForcesParallelToolCallsFalse',
    ),
    because: reasons.untouched,
  },
  {
    names: ['CodexWebsocketsExecuteRestoresClaudeAgentReasoningReplay'],
    test: `${LOST} > finds the reasoning of each turn again`,
  },
  {
    names: ['ClearCodexReasoningReplayOnWebsocketInvalidSignature'],
    test: 'test/conformance/refused-signatures.test.ts > is asked again without signatures, stream',
  },
  socket(
    'CodexWebsocket',
    'sExecuteStreamUpgradeRequiredReturnsWithoutLockingSession sExecuteStreamHandshakeErrorReturnsWithoutLockingSession HandshakeFailureReleasesSessionRequestLock',
    'a refused handshake goes to the next credential',
  ),
  socket(
    '',
    'ExistingWebsocketSessionConnRequiresMatchingHealthyConnection',
    'a connection that ended between two requests is replaced, and the whole conversation sent',
  ),
  socket(
    'Codex',
    'AutoExecutorRequiredUpstreamWebsocketRejectsHTTPFallback WebsocketUpgradeRequiredDoesNotFallbackToHTTPWithLifecycle',
    'a connection that ended between two requests is replaced, and the whole conversation sent',
  ),
  socket(
    'CodexWebsocketsExecuteStream',
    'PropagatesUpstreamErrorForDownstreamWebsocket',
    'an error frame reaches the client when nobody else is left',
  ),
  socket(
    '',
    'MapCodexWebsocketWriteErrorStopsRetryForMessageTooBig CodexWebsocketsExecuteStreamMapsMessageTooBigClose MapCodexWebsocketWriteErrorDoesNotReusePriorConnectionClose',
    'close code 1009 is a 413 and closes the client with 1009',
  ),
  socket(
    'Codex',
    'WebsocketsUpstreamDisconnectChanSignalsOnInvalidate WebsocketTerminalFailureInvalidatesRetainedLifecycle',
    'a connection that ends amid an answer breaks the answer',
  ),
  {
    names: of(
      '',
      'SendTerminalWebsocketReadInvalidatesBeforeWaitingForCapacity CodexWebsocketNonstreamLifecycleBindFailureDetachesConnection CodexWebsocketLifecycleBindFailureReleasesSessionRequestLock',
    ),
    because: reasons.goInternal,
  },
  {
    names: names['codex_websockets_executor'].filter((name) =>
      /^ApplyCodex(Websocket)?Headers(Uses|Config|Ignores|Defaults|Canonicalizes)/.test(name),
    ),
    because: reasons.imitation,
  },
  {
    names: of(
      'ApplyCodex',
      'WebsocketHeadersPrefersExistingHeadersOverClientAndConfig WebsocketHeadersPreservesExplicitAPIKeyUserAgent HeadersPassesThroughClientIdentityHeaders HeadersDoesNotInjectClientOnlyHeadersByDefault',
    ),
    note: 'A client’s own headers go along; nobody else is given them.',
    async run() {
      const own = {
        originator: 'my_agent',
        'user-agent': 'my-agent/1',
        'x-codex-turn-metadata': '{}',
        'session-id': 's',
        version: '1',
      };
      expect(await headersFor(own)).toMatchObject(own);
      const plain = await headersFor({});
      for (const name of ['originator', 'x-codex-turn-metadata', 'session-id', 'version'])
        expect(plain).not.toHaveProperty(name);
      expect(plain['user-agent']).toMatch(/^llmproxy\//);
    },
  },
  {
    names: of(
      'ApplyCodexPromptCacheHeaders',
      'SetsSessionIDAndLegacyConversation UsesDerivedSessionUUID KeepsExecutionSessionAcrossIncrementalRoots ClaudeUsesClaudeCodeSessionID ClaudeRejectsBareUserID',
    ),
    test: 'test/edge-cases/groups/codex-requests.ts > CodexExecutorCacheHelper_ClaudeUsesClaudeCodeSessionID',
  },
  socket('BuildCodexResponsesWebsocketURL', 'RequiresHTTPURL', 'keeps one connection and sends only what is new'),
  socket(
    'ParseCodexWebsocketError',
    'MarksConnectionLimitRetryable',
    "websocket_connection_limit_reached', 'previous_response_not_found'",
  ),
  {
    names: of('ParseCodexWebsocketError', 'UsesUsageLimitRetryMetadata PreservesWrappedBodyAndHeaders'),
    test: "src/executors/socket-frame.test.ts > { kind: 'error', status: 401, code: 'c', body",
  },
  {
    names: of(
      'ApplyCodex',
      'Headers_EmptyAPIKey_OmitsAuthorizationAndOAuthHeaders WebsocketHeaders_EmptyAPIKey_OmitsAuthorizationAndOAuthHeaders',
    ),
    test: 'src/config/credentials.test.ts > gives one credential per usable key of every section',
  },
  { names: of('ApplyModelHeaderOverrides', 'FromModelConfig MultipleHeaders'), because: reasons.imitation },
  {
    names: ['NewProxyAwareWebsocketDialerDirectDisablesProxy'],
    test: `${SOCKET} > does not go around a proxy that refuses`,
  },
];

const target: readonly Entry[] = [
  socket(
    '',
    'WebsocketSessionCloseEndsRetainedLifecycleOnce SessionlessWebsocketSelectionEndAndDirectCloseRaceClosesOnce',
    'ends its connection with the client’s',
  ),
  socket(
    '',
    'WebsocketExecutorsReconnectWhenSessionTargetChanges WebsocketTargetReplacementPhysicallyClosesOwnedConnectionOnce',
    'an error frame before the answer goes to the next credential',
  ),
  {
    names: of(
      '',
      'HomeSelectionRegistryDrainClosesRealWebsocketSessions AuditHomeCodex426WebsocketToHTTPFreshSelection',
    ),
    because: reasons.home,
  },
  {
    names: of(
      '',
      'CodexWebsocketSessionActiveChannelBelongsToConnection ClearRetryActiveStateClearsOriginalConnection WebsocketRetryBindFailureClearsActiveSessionState WebsocketDrainDuringBindClosesOwnedConnectionOnce WebsocketLifecycleEndThenInvalidateAndCloseAllPhysicallyClosesOnce AuditAccountedCodexXAIReconnectReuseAndTargetChange',
    ),
    because: reasons.goInternal,
  },
  {
    names: ['WebsocketRegistryDrainClosesAndEndsRetainedSession'],
    test: 'test/integration/responses-websocket.test.ts > lets an answer end before it closes, and takes no new request',
  },
];

export const codexReplay: readonly Group[] = [
  { group: 'codex_executor_reasoning_replay_cache', entries: replay },
  { group: 'codex_websockets_executor', entries: sockets },
  {
    group: 'codex_websockets_executor_store',
    entries: [socket('', 'CodexWebsocketsExecutor_CloseAllReleasesSessions', 'ends its connection with the client’s')],
  },
  {
    group: 'websocket_lifecycle_bind',
    entries: [{ names: names['websocket_lifecycle_bind'], because: reasons.goInternal }],
  },
  { group: 'websocket_session_target', entries: target },
];
