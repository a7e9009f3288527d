/** A Claude client of a Responses upstream: reasons to stop, searches, errors, and whole answers. */
import { expect } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { ProxyError } from '../../../src/errors.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import { added, call, claudeOf, completed, created, done, message, reasoning, textBlock } from '../responses-events.ts';
import { answer, request, stream } from '../through.ts';

const whole = (response: Wire): Wire =>
  answer('anthropic-messages', 'openai-responses', completed(response).response).body;

/** The error that a Claude client gets for an event of the stream. */
function errorOf(event: Wire): { readonly status: number; readonly body: Wire } {
  try {
    stream('anthropic-messages', 'openai-responses', [created, event]);
  } catch (error) {
    if (error instanceof ProxyError) return { status: error.status, body: anthropicMessages.encodeError(error) };
    throw error;
  }
  throw new Error('the stream has no error');
}

/** How a response ends, by what it says and whether it holds a call. */
const reasons: readonly (readonly [Wire, boolean, string])[] = [
  [{}, false, 'end_turn'],
  [{}, true, 'tool_use'],
  [{ stop_reason: 'stop' }, false, 'end_turn'],
  [{ stop_reason: 'max_tokens' }, false, 'max_tokens'],
  [{ stop_reason: 'max_tokens' }, true, 'tool_use'],
  [{ stop_reason: 'pause_turn' }, false, 'pause_turn'],
  [{ stop_reason: 'refusal' }, false, 'refusal'],
  [{ stop_reason: 'content_filter' }, false, 'refusal'],
  [{ stop_reason: 'something new' }, false, 'end_turn'],
  [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, false, 'max_tokens'],
  [{ status: 'incomplete', incomplete_details: { reason: 'max_tokens' } }, false, 'max_tokens'],
  [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, false, 'refusal'],
  [{ status: 'incomplete', incomplete_details: null }, false, 'end_turn'],
  // A call that was cut off must not be run: its arguments may be half of what was meant.
  [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, true, 'max_tokens'],
];

const search = (id: string, action?: Wire): Wire => ({ type: 'web_search_call', id, status: 'completed', action });
const hits = { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://example.com' }] };

export const answers: readonly Entry[] = [
  {
    names: [
      'ConvertCodexResponseToClaude_StreamStopReasonMapping',
      'ConvertCodexResponseToClaudeNonStream_StopReasonMapping',
    ],
    note: 'An incomplete answer never says tool_use: its last call may be cut off.',
    run() {
      for (const [response, hasCall, reason] of reasons) {
        const output = [hasCall ? call(1, 'tool_1', '{}') : message('hi')];
        expect([response, whole({ ...response, output }).stop_reason]).toEqual([response, reason]);
        const events = [created, done(0, output[0]), completed(response)];
        expect([response, claudeOf(events).stop_reason]).toEqual([response, reason]);
      }
    },
  },
  {
    names: [
      'ConvertCodexResponseToClaude_StreamStopSequenceMapping',
      'ConvertCodexResponseToClaudeNonStream_StopSequenceMapping',
    ],
    run() {
      const end = { stop_reason: 'stop_sequence', stop_sequence: 'END' };
      expect(claudeOf([created, done(0, message('hi')), completed({ stop_sequence: 'END' })])).toMatchObject(end);
      expect(whole({ output: [message('hi')], stop_sequence: 'END' })).toMatchObject(end);
      expect(whole({ output: [message('hi')] }).stop_sequence).toBeNull();
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamCyberPolicyError'],
    run() {
      const failed = { type: 'response.failed', response: { error: { code: 'cyber_policy', message: 'not this' } } };
      for (const event of [failed, { type: 'error', error: { type: 'invalid_request', message: 'not this' } }]) {
        expect(errorOf(event)).toEqual({
          status: 400,
          body: { type: 'error', error: { type: 'invalid_request_error', message: 'not this' } },
        });
      }
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamErrorTypeFallbackMessage'],
    run() {
      expect(errorOf({ type: 'error', error: { type: 'server_error' } }).body.error).toEqual({
        type: 'api_error',
        message: 'the upstream reported a failure: server_error',
      });
      expect(errorOf({ type: 'error' }).body.error.message).toBe('the upstream reported a failure');
    },
  },
  {
    names: [
      'ConvertCodexResponseToClaude_StreamWebSearchCallEmitsClaudeServerToolBlocks',
      'ConvertCodexResponseToClaudeNonStream_WebSearchCallEmitsServerToolBlocks',
    ],
    run() {
      const progress = ['in_progress', 'searching', 'completed'].map((phase) => ({
        type: `response.web_search_call.${phase}`,
        item_id: 'ws_1',
        output_index: 0,
      }));
      const events = [created, added(0, search('ws_1')), ...progress, done(0, search('ws_1', hits)), completed()];
      for (const { content, usage } of [claudeOf(events), whole({ output: [search('ws_1', hits)] })]) {
        expect(content).toMatchObject([
          { type: 'server_tool_use', name: 'web_search', input: { query: 'q' } },
          { type: 'web_search_tool_result', content: [{ type: 'web_search_result', url: 'https://example.com' }] },
        ]);
        expect(content[1].tool_use_id).toBe(content[0].id);
        expect(content[0].id).toMatch(/^srvtoolu_[a-zA-Z0-9_]+$/);
        expect(usage.server_tool_use.web_search_requests).toBe(1);
      }
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamWebSearchCallReusesFallbackToolUseID'],
    run() {
      const events = [created, done(0, search('', hits)), done(1, search('', hits)), completed()];
      const [use, result, use2, result2] = claudeOf(events).content;
      expect(use.id).toMatch(/^srvtoolu_/);
      expect(result.tool_use_id).toBe(use.id);
      expect(result2.tool_use_id).toBe(use2.id);
      expect(use2.id).not.toBe(use.id);
    },
  },
  {
    names: ['ConvertCodexResponseToClaudeNonStream_WebSearchStopReasonEndTurn'],
    run() {
      expect(whole({ output: [search('ws_1', hits), message('found')] }).stop_reason).toBe('end_turn');
      expect(whole({ output: [search('ws_1', hits), call(1)] }).stop_reason).toBe('tool_use');
    },
  },
  {
    names: ['ConvertCodexResponseToClaudeNonStream_WebSearchDedupesEmptyOpenPageItems'],
    note: 'A page that was opened is told as a fetch; one without an address says nothing.',
    run() {
      const open = { type: 'open_page' };
      const output = [
        search('ws_1', hits),
        search('ws_2', open),
        search('ws_3', open),
        search('ws_4', { ...open, url: 'https://example.com' }),
        message('found'),
      ];
      const { content, usage } = whole({ output });
      expect(content.map((block: Wire) => block.name ?? block.type)).toEqual([
        'web_search',
        'web_search_tool_result',
        'web_fetch',
        'web_fetch_tool_result',
        'text',
      ]);
      expect(usage.server_tool_use.web_search_requests).toBe(1);
    },
  },
  {
    names: ['ConvertCodexResponseToClaudeNonStream_ThinkingIncludesSignature'],
    run() {
      const signature = 'llmproxy.openai-responses.gAAAAfake';
      const byText = { ...reasoning([], 'gAAAAfake'), content: [{ type: 'reasoning_text', text: 'hm' }] };
      for (const item of [reasoning(['hm'], 'gAAAAfake'), byText]) {
        const { content } = whole({ output: [item, message('a')] });
        expect(content).toEqual([{ type: 'thinking', thinking: 'hm', signature }, textBlock('a')]);
      }
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_ShortensLongToolUseIDs'],
    note: 'Claude clients take ids of any length; the upstream gets call and result under one id that it accepts.',
    run() {
      const long = 'c'.repeat(90);
      const { content } = whole({ output: [{ ...call(1), call_id: long }] });
      expect(content[0].id).toBe(long);
      const result = { type: 'tool_result', tool_use_id: long, content: 'r' };
      const messages = [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content },
        { role: 'user', content: [result] },
      ];
      const { input } = request('anthropic-messages', 'openai-responses', { max_tokens: 9, messages }).body;
      expect(input[1].call_id).toMatch(/^c{47}_[0-9a-f]{16}$/);
      expect(input[2].call_id).toBe(input[1].call_id);
    },
  },
];
