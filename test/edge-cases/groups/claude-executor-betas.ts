/** Beta features of Claude, and how errors of fast mode are told. */
import { expect } from 'vitest';
import { claudeHeaders } from '../claude-headers.ts';
import { events, message, text } from '../claude-wire.ts';
import { claudeAsk, withGateway } from '../gateway.ts';
import type { Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { claudeError, jsonAnswer, keyOf, streamAnswer } from '../server-answers.ts';
import { request, sse } from '../through.ts';

const ok = jsonAnswer(message([text('fine')]));
const okStream = streamAnswer(sse('anthropic-messages', events([text('fine')])));
const fast = { ...claudeAsk, speed: 'fast' };
const two = { keys: ['sk-up-1', 'sk-up-2'] };

const betas: readonly Entry[] = [
  {
    names: [
      'ApplyClaudeHeaders_ConfirmedAPIKeyClientKeepsPurePassthrough',
      'ApplyClaudeHeaders_FastModeBetaMatchesAcrossStreamModes',
    ],
    note: 'the betas are those that the client names, streamed or not; none is added',
    async run() {
      for (const [answer, stream] of [
        [ok, false],
        [okStream, true],
      ] as const) {
        await withGateway(answer, async (gateway) => {
          const body = { ...fast, stream };
          await gateway.post('/v1/messages', body, { 'anthropic-beta': 'fast-mode-2026-02-01,x-1' });
          expect(gateway.seen[0]?.headers['anthropic-beta']).toBe('fast-mode-2026-02-01,x-1');
          expect(gateway.seen[0]?.text).toBe(JSON.stringify(body));
          await gateway.post('/v1/messages', body);
          expect(gateway.seen[1]?.headers).not.toHaveProperty('anthropic-beta');
        });
      }
    },
  },
  {
    names: [
      'ApplyClaudeHeaders_UnknownBodyBetaPreservedOnAnthropic',
      'ApplyClaudeHeaders_KnownBodyBetaStillPlacedOnAnthropic',
    ],
    note: 'a body in the own dialect is not edited: betas in it arrive there, whatever the server makes of them',
    async run() {
      await withGateway(ok, async (gateway) => {
        const body = { ...claudeAsk, betas: ['interleaved-thinking-2025-05-14', 'unknown-2099-01-01'] };
        await gateway.post('/v1/messages', body);
        expect(gateway.seen[0]?.text).toBe(JSON.stringify(body));
      });
    },
  },
  {
    names: ['ApplyClaudeHeaders_CustomHeadersCannotOverrideAnthropicIdentity'],
    note: "headers of the configuration are the operator's word and win; the client's own key never gets through",
    async run() {
      const entry = '    headers: { Anthropic-Version: "2099-01-01", X-Own: mine }\n    models: [{ name: up }]';
      await withGateway(
        ok,
        async (gateway) => {
          await gateway.post('/v1/messages', claudeAsk, { 'x-api-key': 'sk-of-the-client', cookie: 'c=1' });
          const { headers } = gateway.seen[0] ?? { headers: {} };
          expect(headers).toMatchObject({
            'anthropic-version': '2099-01-01',
            'x-own': 'mine',
            authorization: 'Bearer sk-up-1',
          });
          for (const name of ['x-api-key', 'cookie']) expect(headers).not.toHaveProperty(name);
        },
        { entry },
      );
    },
  },
  {
    names: ['ClaudeExecutor_ContextManagementNeverLeaksToOtherUpstreams'],
    run() {
      const body = { ...claudeAsk, context_management: { edits: [{ type: 'clear_thinking_20251015' }] } };
      for (const upstream of ['openai-chat', 'openai-responses', 'gemini'] as const) {
        expect(JSON.stringify(request('anthropic-messages', upstream, body).body)).not.toContain('context_management');
      }
      expect(request('anthropic-messages', 'anthropic-messages', body).body.context_management).toEqual(
        body.context_management,
      );
    },
  },
  {
    names: ['IsAnthropicUpstreamBase'],
    note: "decides how the key is sent: bare to Anthropic's own address, as a bearer token to servers that copy its API",
    run() {
      const sent = (baseUrl?: string) =>
        claudeHeaders({ secret: 'sk-up-1', ...(baseUrl !== undefined && { baseUrl }) });
      for (const headers of [sent(), sent('https://api.anthropic.com')]) {
        expect(headers['x-api-key']).toBe('sk-up-1');
        expect(headers).not.toHaveProperty('authorization');
      }
      const headers = sent('https://claude.test');
      expect(headers['authorization']).toBe('Bearer sk-up-1');
      expect(headers).not.toHaveProperty('x-api-key');
    },
  },
  {
    names: ['ClassifyClaudeUpstreamError_FastModeCreditsIsRequestScoped'],
    async run() {
      const refuse = jsonAnswer(claudeError('rate_limit_error', 'Fast mode requires usage credits'), 429);
      await withGateway(
        (seen, response, body) => (JSON.parse(body).speed === 'fast' ? refuse : ok)(seen, response, body),
        async (gateway) => {
          expect((await gateway.post('/v1/messages', fast)).status).toBe(429);
          expect((await gateway.post('/v1/messages', claudeAsk)).status).toBe(200);
        },
      );
    },
  },
  {
    names: [
      'ClassifyClaudeUpstreamError_RealRateLimitStaysCredentialScoped',
      'ClassifyClaudeUpstreamError_OtherStatusesUnaffected',
    ],
    note: 'an ordinary 429 rests the model on that key, other failures whom they always rest',
    async run() {
      for (const [status, type] of [
        [429, 'rate_limit_error'],
        [401, 'authentication_error'],
        [403, 'permission_error'],
      ] as const) {
        const refuse = jsonAnswer(claudeError(type, 'not for you'), status);
        await withGateway(
          (seen, response, body) => (keyOf(seen) === 'sk-up-1' ? refuse : ok)(seen, response, body),
          async (gateway) => {
            for (let turn = 0; turn < 4; turn++) expect((await gateway.post('/v1/messages', fast)).status).toBe(200);
            const refused = gateway.seen.filter(({ headers }) => headers.authorization === 'Bearer sk-up-1');
            expect(refused, String(status)).toHaveLength(1);
          },
          two,
        );
      }
    },
  },
  {
    names: [
      'ApplyClaudeHeaders_ConfirmedClientKeepsOAuthCredentialBetas',
      'ApplyClaudeHeaders_FastModePrecedesOAuthTrailer',
      'ApplyClaudeHeaders_DiagnosticsBetaFollowsBodyInNativeOrder',
    ],
    because: reasons.imitation,
  },
];

const fastErrors: readonly Entry[] = [
  {
    names: ['ClaudeExecutorFastHTTPErrorPassesThroughWithoutRetry'],
    note: "the upstream's own words arrive; another key may have what this one lacks, so each is asked once and none rests",
    async run() {
      const body = claudeError('rate_limit_error', 'Fast mode requires usage credits');
      await withGateway(
        jsonAnswer(body, 429),
        async (gateway) => {
          const got = await gateway.post('/v1/messages', fast);
          expect([got.status, got.body]).toEqual([429, body]);
          expect(gateway.seen.map(({ headers }) => headers.authorization).sort()).toEqual([
            'Bearer sk-up-1',
            'Bearer sk-up-2',
          ]);
          await gateway.post('/v1/messages', fast);
          expect(gateway.seen).toHaveLength(4);
        },
        two,
      );
    },
  },
  {
    names: ['ClaudeExecutorFastSuccessfulHTTPDecodeErrorDoesNotExposeSuccessStatus'],
    async run() {
      const broken =
        (encoding: string): Parameters<typeof withGateway>[0] =>
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
          response.end('not compressed');
        };
      for (const encoding of ['gzip', 'rot13']) {
        await withGateway(broken(encoding), async (gateway) => {
          const got = await gateway.post('/v1/messages', fast);
          expect(got.status).toBe(502);
          expect(got.body).toMatchObject({ type: 'error', error: { type: 'api_error' } });
        });
      }
    },
  },
  {
    names: ['ClaudeExecutorFastTransportErrorIsRequestScopedWithoutRetry'],
    note: 'a broken connection says nothing of fast mode: the next key is tried as for any request',
    async run() {
      await withGateway(
        (seen, response, body) => (keyOf(seen) === 'sk-up-1' ? response.destroy() : ok(seen, response, body)),
        async (gateway) => {
          for (let turn = 0; turn < 2; turn++) expect((await gateway.post('/v1/messages', fast)).status).toBe(200);
        },
        two,
      );
    },
  },
  {
    names: ['ClaudeExecutorNonFastErrorKeepsCredentialScopedBehavior'],
    async run() {
      await withGateway(
        (seen, response, body) => {
          const refuse = jsonAnswer(claudeError('authentication_error', 'invalid x-api-key'), 401);
          (keyOf(seen) === 'sk-up-1' ? refuse : ok)(seen, response, body);
        },
        async (gateway) => {
          for (let turn = 0; turn < 4; turn++) expect((await gateway.post('/v1/messages', claudeAsk)).status).toBe(200);
          expect(gateway.seen).toHaveLength(5);
        },
        two,
      );
    },
  },
];

export const claudeBetas: Group = { group: 'claude_executor_beta_policy', entries: betas };
export const claudeFastErrors: Group = { group: 'claude_executor_fast_error', entries: fastErrors };
