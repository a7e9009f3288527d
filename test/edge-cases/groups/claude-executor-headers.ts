/** What of a Claude client reaches Claude: its own body, its own headers, and nothing made up. */
import { expect } from 'vitest';
import { claudeHeaders } from '../claude-headers.ts';
import { events, message, text } from '../claude-wire.ts';
import { claudeAsk, withGateway } from '../gateway.ts';
import type { Entry } from '../ledger.ts';
import { jsonAnswer, streamAnswer } from '../server-answers.ts';
import { sse } from '../through.ts';

const ok = jsonAnswer(message([text('fine')]));
const okStream = streamAnswer(sse('anthropic-messages', events([text('fine')])));
const own = {
  'user-agent': 'claude-cli/2.0.0 (external, cli)',
  'x-app': 'cli',
  'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14',
  'x-claude-code-agent-id': 'a1',
  'x-claude-code-parent-agent-id': 'a0',
  'x-claude-remote-container-id': 'k1',
  'x-claude-remote-session-id': 's1',
  'x-client-app': 'app',
  'x-anthropic-additional-protection': 'true',
};
const tools = [
  { name: 'mcp__own__Bash', input_schema: { type: 'object' } },
  { type: 'bash_20250124', name: 'bash' },
];

export const clientKept: readonly Entry[] = [
  {
    names: [
      'ClaudeExecutor_ConfirmedClaudeCodeRequestPreservesInteractiveIdentity',
      'ClaudeExecutor_ConfirmedClaudeCodeWithoutCacheControlPreservesContent',
      'ClaudeExecutor_ConfirmedVSCodeAgentSDKRequestPreservesIdentity',
      'ClaudeExecutor_ConfirmedVSCodeOAuthPreservesToolNames',
      'ClaudeExecutor_PreservesNativeAgentAndEnvironmentHeaders',
      'ClaudeExecutor_CustomBaseURLPreservesBodyByDefault',
      'ClaudeExecutor_RebuildMidSystemMessageDisabledByDefault',
    ],
    note: 'whoever the client is, its body goes through byte for byte and its headers are its own',
    async run() {
      const messages = [...claudeAsk.messages, { role: 'system', content: 'S' }, ...claudeAsk.messages];
      const body = { ...claudeAsk, messages, tools, system: [text('You are.')], metadata: { user_id: 'u' } };
      await withGateway(ok, async (gateway) => {
        await gateway.post('/v1/messages', body, own);
        expect(gateway.seen[0]?.text).toBe(JSON.stringify(body));
        expect(gateway.seen[0]?.headers).toMatchObject(own);
      });
    },
  },
  {
    names: ['ClaudeExecutor_DefaultDoesNotInjectUserID', 'ClaudeExecutor_ReusesUserIDAcrossModelsWhenCacheEnabled'],
    note: 'no user id is ever invented',
    async run() {
      await withGateway(ok, async (gateway) => {
        for (const model of ['up', 'other']) {
          await gateway.post('/v1/messages', { ...claudeAsk, model });
          await gateway.post('/v1/chat/completions', { model, messages: claudeAsk.messages });
        }
        expect(gateway.seen).toHaveLength(4);
        for (const { body } of gateway.seen) expect(body).not.toHaveProperty('metadata');
      });
    },
  },
  {
    names: ['ApplyClaudeHeaders_FastModeBetaIsConditional', 'ApplyClaudeHeaders_DefaultPreservesCallerBetas'],
    run() {
      expect(claudeHeaders({}, { 'anthropic-beta': 'a-1,b-2' })['anthropic-beta']).toBe('a-1,b-2');
      expect(claudeHeaders({})).not.toHaveProperty('anthropic-beta');
    },
  },
  {
    names: ['ApplyClaudeHeaders_EmptyAPIKey_OmitsAuthHeaders'],
    run() {
      const headers = claudeHeaders({ kind: 'none', secret: undefined, baseUrl: 'http://127.0.0.1:9' });
      for (const name of ['authorization', 'x-api-key']) expect(headers).not.toHaveProperty(name);
      expect(headers['anthropic-version']).toBe('2023-06-01');
    },
  },
  {
    names: [
      'ClaudeExecutor_ExecuteStream_SetsIdentityAcceptEncoding',
      'ClaudeExecutor_Execute_SetsCompressedAcceptEncoding',
      'ClaudeExecutor_ExecuteStream_AcceptEncodingOverrideCannotBypassIdentity',
      'ApplyClaudeHeaders_StreamTransportNegotiation',
      'ClaudeExecutor_ExecuteTransportMatchesResponseFormat',
    ],
    note: 'no compression is asked for, whatever the client takes: its answer would only be unpacked here',
    async run() {
      for (const [answer, stream] of [
        [ok, false],
        [okStream, true],
      ] as const) {
        await withGateway(answer, async (gateway) => {
          const headers = { 'accept-encoding': 'gzip, br' };
          const got = await gateway.post('/v1/messages', { ...claudeAsk, stream }, headers);
          expect(gateway.seen[0]?.headers).not.toHaveProperty('accept-encoding');
          expect(got.headers.get('content-type')).toContain(stream ? 'text/event-stream' : 'application/json');
        });
      }
    },
  },
  {
    names: ['ClaudeExecutor_CacheTTLIsPairedWithExtendedCacheTTLBeta'],
    note: 'an hour is no beta any more: the mark of the client is sent, no header with it',
    async run() {
      const content = [{ ...text('hi'), cache_control: { type: 'ephemeral', ttl: '1h' } }];
      await withGateway(ok, async (gateway) => {
        await gateway.post('/v1/chat/completions', { model: 'up', messages: [{ role: 'user', content }] });
        expect(gateway.seen[0]?.body.messages[0].content).toEqual(content);
        expect(gateway.seen[0]?.headers).not.toHaveProperty('anthropic-beta');
      });
    },
  },
];
