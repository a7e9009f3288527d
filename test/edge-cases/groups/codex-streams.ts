/** Ends and failures of a Responses upstream's answer, through the whole pipeline. */
import { expect } from 'vitest';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import { ProxyError } from '../../../src/errors.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import {
  call,
  chatCalls,
  chatOf,
  claudeOf,
  completed,
  created,
  done,
  message,
  textBlock,
  textEvents,
} from '../responses-events.ts';
import { type Answer, ask, type Outcome } from '../responses-upstream.ts';
import { stream } from '../through.ts';

const streamed = { model: 'm', input: 'hi', stream: true };
const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true };
const failed = (error: Wire): Wire => ({
  type: 'response.failed',
  response: { id: 'resp_1', status: 'failed', error },
});
const good: Answer = { events: [created, ...textEvents(0, 'hello'), completed({ output: [message('hello')] })] };

/** The error that an event of a stream is. */
function errorOf(event: Wire): ProxyError {
  try {
    stream('openai-chat', 'openai-responses', [created, event]);
  } catch (error) {
    if (error instanceof ProxyError) return error;
    throw error;
  }
  throw new Error('the stream has no error');
}

/** Both ways in which a stream tells of a failure. */
const bothWays = (error: Wire): readonly ProxyError[] => [errorOf({ type: 'error', error }), errorOf(failed(error))];
const statuses = (error: Wire): readonly number[] => bothWays(error).map(({ status }) => status);

const known: readonly (readonly [Wire, number])[] = [
  [{ code: 'cyber_policy' }, 400],
  [{ type: 'invalid_request_error' }, 400],
  [{ type: 'bad_request_error' }, 400],
  [{ code: 'context_length_exceeded' }, 400],
  [{ code: 'invalid_encrypted_content' }, 400],
  [{ type: 'authentication_error' }, 401],
  [{ code: 'invalid_api_key' }, 401],
  [{ type: 'permission_error' }, 403],
  [{ code: 'model_not_found' }, 404],
  [{ code: 'rate_limit_exceeded' }, 429],
  [{ type: 'usage_limit_reached' }, 429],
  [{ message: 'Selected model is at capacity. Please try another.' }, 429],
  [{ code: 'server_is_overloaded' }, 529],
  [{ code: 'server_error' }, 502],
  [{ message: 'who knows' }, 502],
  [{ status: 418, message: 'own status' }, 418],
];

/** A stream that breaks off after those events; the second credential is there to answer in its place. */
function broken(events: readonly Wire[], body: Wire, client?: 'openai-chat'): Promise<Outcome> {
  const answer: Answer = {
    answer(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''), () =>
        response.destroy(),
      );
    },
  };
  return ask({ body, answers: [answer], ...(client !== undefined && { client }) });
}

const output: readonly Entry[] = [
  {
    names: ['CodexExecutorExecute_NonEmptyCompletionOutputHydratesMissingItemID'],
    run() {
      const { id: _, ...nameless } = message('hi');
      expect(claudeOf([created, ...textEvents(0, 'hi'), completed({ output: [nameless] })]).content).toEqual([
        textBlock('hi'),
      ]);
    },
  },
  {
    names: [
      'CodexExecutorExecute_EmptyStreamCompletionOutputUsesOutputItemDone',
      'CodexExecutorExecuteStream_EmptyStreamCompletionOutputUsesOutputItemDone',
    ],
    async run() {
      expect(claudeOf([created, done(0, message('hi')), completed()]).content).toEqual([textBlock('hi')]);
      const events = [created, done(0, call(1, 't', '{}')), completed()];
      expect(chatCalls(chatOf(events).deltas).map(({ id }) => id)).toEqual(['call_1']);
    },
  },
  {
    names: [
      'CodexExecutorExecuteSurfacesTerminalStreamError',
      'CodexExecutorExecuteStreamSurfacesTerminalStreamError',
      'CodexExecutorExecuteStreamExplicitTerminalFailureIsNotSuccessful',
      'CodexExecutorExecuteExplicitTerminalFailureIsNotRequestScoped',
    ],
    async run() {
      const error = { code: 'server_error', message: 'it broke' };
      const whole: Answer = { status: 200, body: failed(error).response };
      for (const [body, answer] of [
        [chat, { events: [created, failed(error)] }],
        [{ ...chat, stream: false }, whole],
      ] as const) {
        const { status, text, pool } = await ask({ client: 'openai-chat', body, answers: [answer] });
        expect(status).toBe(502);
        expect(JSON.parse(text).error.message).toBe('it broke');
        expect(pool).toEqual(['c1 upstream_failed']);
      }
    },
  },
  {
    names: ['CodexExecutorExecuteIncompleteResponseIsSuccessful'],
    async run() {
      const end = completed({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
      const { status, text, pool } = await ask({
        client: 'openai-chat',
        body: chat,
        answers: [{ events: [created, ...textEvents(0, 'half'), end] }],
      });
      expect([status, pool]).toEqual([200, ['c1 ok']]);
      expect(text).toContain('"finish_reason":"length"');
    },
  },
  {
    names: [
      'CodexExecutorExecuteMissingCompletionIsRequestScoped',
      'CodexExecutorExecuteStreamMissingCompletionIsRequestScoped',
      'CodexExecutorTransportFailureBeforeTerminalIsRequestScoped',
    ],
    note: 'A stream that broke off before the client saw anything is asked for again elsewhere; later it ends with an error.',
    async run() {
      const cut: Answer = { events: [created] };
      const again = await ask({ client: 'openai-chat', body: chat, answers: [cut, good], credentials: 2 });
      expect([again.sent.length, again.status]).toEqual([2, 200]);
      expect(again.text).toContain('hello');
      const late = await broken([created, ...textEvents(0, 'hello')], chat, 'openai-chat');
      expect(late.text).toContain('hello');
      expect(late.text).toContain('"error":{');
      expect(late.text).not.toContain('[DONE]');
      expect(late.pool).toEqual(['c1 upstream_stream_truncated']);
    },
  },
  {
    names: [
      'CodexExecutorExecuteIgnoresTransportErrorAfterCompletion',
      'CodexExecutorExecuteStreamIgnoresTransportErrorAfterCompletion',
    ],
    async run() {
      const events = [created, ...textEvents(0, 'hello'), completed()];
      const translated = await broken(events, chat, 'openai-chat');
      expect(translated.text).toContain('[DONE]');
      expect(translated.text).not.toContain('"error"');
      expect(translated.pool).toEqual(['c1 ok']);
      const { text, pool } = await broken(events, streamed);
      expect(text).toContain('response.completed');
      expect(text).not.toContain('event: error');
      expect(pool).toEqual(['c1 ok']);
    },
  },
  {
    names: [
      'CodexTerminalStreamContextLengthErrFromResponseFailed',
      'CodexTerminalStreamContextLengthErrFromTopLevelError',
      'CodexTerminalStreamContextLengthErrIgnoresOtherTerminalErrors',
    ],
    run() {
      const error = { code: 'context_length_exceeded', message: 'too long' };
      for (const one of [...bothWays(error), errorOf({ type: 'error', ...error })]) {
        expect([one.status, one.scope, one.retryable]).toEqual([400, 'request', false]);
        expect(openaiResponses.encodeError(one)).toMatchObject({ error });
      }
      expect(statuses({ code: 'server_error', message: 'context' })).toEqual([502, 502]);
    },
  },
  {
    names: ['CodexTerminalStreamErrIgnoresRateLimitTerminalErrors', 'CodexTerminalFailureErrClassifiesStatus'],
    run() {
      for (const [error, status] of known) expect([error, statuses(error)]).toEqual([error, [status, status]]);
    },
  },
  {
    names: [
      'CodexTerminalStreamErrHandlesUsageLimitErrorEvent',
      'CodexTerminalStreamErrHandlesUsageLimitResponseFailed',
    ],
    run() {
      for (const error of bothWays({ type: 'usage_limit_reached', message: 'used up', resets_in_seconds: 90 })) {
        expect([error.code, error.status, error.retryAfterMs]).toEqual(['upstream_rate_limited', 429, 90_000]);
      }
    },
  },
  {
    names: ['CodexAutoExecutorHTTPFallbackForwardsSequentialCutoffReasoningSummaryDelivery'],
    async run() {
      const stream_options = { reasoning_summary_delivery: 'sequential_cutoff' };
      const { sent } = await ask({ body: { ...streamed, stream_options }, answers: [good] });
      expect(sent[0]?.body.stream_options).toEqual(stream_options);
    },
  },
];

/** The error of an answer of that status, as the pool and the client see it. */
async function refused(
  status: number,
  body: Wire,
  headers?: Record<string, string>,
): Promise<Outcome & { error: Wire }> {
  const outcome = await ask({
    body: { model: 'm', input: 'hi' },
    answers: [{ status, body, ...(headers && { headers }) }],
  });
  return { ...outcome, error: JSON.parse(outcome.text).error };
}

const retry: readonly Entry[] = [
  {
    names: ['ParseCodexRetryAfter'],
    async run() {
      const limit = (fields: Wire): Wire => ({ error: { type: 'usage_limit_reached', message: 'used up', ...fields } });
      const inSeconds = await refused(429, limit({ resets_in_seconds: 120 }));
      expect(inSeconds.headers['retry-after']).toBe('120');
      const at = await refused(429, limit({ resets_at: Math.ceil(Date.now() / 1000) + 600 }));
      expect(Number(at.headers['retry-after'])).toBeGreaterThan(590);
      expect(Number(at.headers['retry-after'])).toBeLessThan(602);
      expect((await refused(429, limit({}), { 'retry-after': '7' })).headers['retry-after']).toBe('7');
    },
  },
  {
    names: [
      'NewCodexStatusErrTreatsCapacityAsRetryableRateLimit',
      'NewCodexStatusErrTreatsUsageLimitAsRetryableRateLimit',
      'IsCodexUsageLimitError',
    ],
    note: 'In a stream, where there is no status, the words decide; an answer’s status is its own word.',
    async run() {
      for (const error of [{ type: 'usage_limit_reached' }, { message: 'Selected model is at capacity.' }]) {
        for (const one of bothWays(error)) expect([one.code, one.retryable]).toEqual(['upstream_rate_limited', true]);
      }
      expect((await refused(429, { error: { type: 'usage_limit_reached', message: 'used up' } })).pool).toEqual([
        'c1 upstream_rate_limited',
      ]);
    },
  },
  {
    names: ['NewCodexStatusErrClassifiesKnownCodexFailures', 'NewCodexStatusErrPreservesUnclassifiedErrors'],
    async run() {
      for (const [status, code] of [
        [400, 'context_length_exceeded'],
        [400, 'invalid_encrypted_content'],
        [400, 'previous_response_not_found'],
        [401, 'invalid_api_key'],
        [418, 'something_new'],
      ] as const) {
        const { status: told, error } = await refused(status, { error: { code, message: 'its own words' } });
        expect([told, error.code, error.message]).toEqual([status, code, 'its own words']);
      }
    },
  },
];

const overload = {
  type: 'error',
  error: { type: 'service_unavailable_error', code: 'server_is_overloaded', message: 'busy' },
};
const handshake = [created, { ...created, type: 'response.in_progress' }];

const bootstrap: readonly Entry[] = [
  {
    names: [
      'CodexExecutor_BootstrapBuffering_OverloadFailsAttemptWithoutLeakingHandshake',
      'CodexExecutor_BootstrapBuffering_NonOverloadStaysInStream',
      'CodexExecutor_BootstrapBuffering_DefaultDisabledPassthrough',
    ],
    note: 'Any failure that another credential may not have, and without a switch: a handshake alone is never shown.',
    async run() {
      for (const error of [overload, failed({ code: 'server_error', message: 'broke' })]) {
        const { sent, text } = await ask({
          client: 'openai-chat',
          body: chat,
          answers: [{ events: [...handshake, error] }, good],
          credentials: 2,
        });
        expect(sent).toHaveLength(2);
        expect(text).toContain('hello');
        expect(text.match(/"role":"assistant"/g)).toHaveLength(1);
      }
    },
  },
  {
    names: ['IsCodexOverloadBootstrapFailureRejectsRequestFaults'],
    async run() {
      const fault = { type: 'error', error: { code: 'context_length_exceeded', message: 'too long' } };
      const { sent, status } = await ask({
        client: 'openai-chat',
        body: chat,
        answers: [{ events: [...handshake, fault] }, good],
        credentials: 2,
      });
      expect([sent.length, status]).toEqual([1, 400]);
    },
  },
  {
    names: [
      'CodexExecutor_BootstrapBuffering_FlushesInOrderOnFirstOutput',
      'CodexExecutor_BootstrapBuffering_BufferLimitReleasesStream',
    ],
    async run() {
      const many = Array.from({ length: 40 }, () => ({ ...created, type: 'response.in_progress' }));
      const events = [created, ...many, ...textEvents(0, 'hello'), completed()];
      const { text } = await ask({ body: streamed, answers: [{ events }] });
      expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual(events.map(({ type }) => type));
    },
  },
  {
    names: ['CodexExecutor_BootstrapBuffering_ContextCancelDuringBootstrap'],
    test: 'src/pipeline/faults.test.ts > an abort before the answer began reaches the upstream',
  },
  {
    names: [
      'CodexWebsocketsExecutor_BootstrapBuffering_OverloadFailsAttempt',
      'CodexWebsocketsExecutor_BootstrapBuffering_NonOverloadStaysInStream',
      'CodexWebsocketsExecutor_BootstrapOverload_DoesNotNotifyDownstreamDisconnect',
      'CodexWebsocketsExecutor_BootstrapBuffering_DefaultDisabledPassthrough',
    ],
    test: 'test/integration/upstream-websocket.test.ts > an error frame before the answer goes to the next credential',
  },
  {
    names: ['CodexWebsocketsExecutor_BootstrapBuffering_PrivateHandshakeFramesDoNotExhaustWindow'],
    test: 'test/integration/upstream-websocket.test.ts > passes news about the account on',
  },
  {
    names: ['CodexWebsocketsExecutor_BootstrapBuffering_FlushesInOrderOnFirstOutput'],
    test: 'test/integration/upstream-websocket.test.ts > keeps one connection and sends only what is new',
  },
  {
    names: ['CodexWebsocketsExecutor_BootstrapNonOverload_StillNotifiesDownstreamDisconnect'],
    test: 'test/integration/upstream-websocket.test.ts > an error frame reaches the client when nobody else is left',
  },
];

const keepalive: readonly Entry[] = [
  {
    names: names['codex_executor_grokbuild_keepalive'].filter((name) => name.includes('GrokBuild')),
    because: reasons.otherAccounts,
  },
  {
    names: ['CodexExecutorExecuteStream_NonGrokClientKeepsVerbatim'],
    async run() {
      const events = [created, { type: 'keepalive', sequence_number: 1 }, ...textEvents(0, 'hello'), completed()];
      const { text } = await ask({ body: streamed, answers: [{ events }] });
      expect(text).toContain('event: keepalive\ndata: {"type":"keepalive","sequence_number":1}\n\n');
      expect(chatOf(events).finish).toBe('stop');
    },
  },
];

export const codexStreams: readonly Group[] = [
  { group: 'codex_executor_stream_output', entries: output },
  { group: 'codex_executor_retry', entries: retry },
  { group: 'codex_stream_bootstrap_buffering', entries: bootstrap },
  { group: 'codex_executor_grokbuild_keepalive', entries: keepalive },
  { group: 'home_codex_terminal', entries: [{ names: names['home_codex_terminal'], because: reasons.home }] },
];
