/** Kimi: its accounts are no part of this, what its server wants of a conversation serves others too. */
import { expect } from 'vitest';
import { resolveReasoning } from '../../../src/models/reasoning.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { request } from '../through.ts';

const call = (id: string): Wire => ({ id, type: 'function', function: { name: 'ls', arguments: '{}' } });
const user: Wire = { role: 'user', content: 'hi' };
const turn = (...ids: string[]): Wire => ({ role: 'assistant', content: null, tool_calls: ids.map(call) });
const tool = (content: string, more: Wire = {}): Wire => ({ role: 'tool', content, ...more });
const sent = (...messages: Wire[]): Wire =>
  request('openai-chat', 'openai-chat', { messages: [user, ...messages] }).body.messages.slice(1);

const links: readonly Entry[] = [
  {
    names: ['KimiExecutorPreservesAssistantContentAndToolCallsFromResponsesHistory'],
    run() {
      const input = [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
        { type: 'function_call', call_id: 'a', name: 'ls', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'done' },
      ];
      expect(request('openai-responses', 'openai-chat', { input }).body.messages).toEqual([
        { role: 'assistant', content: 'Let me look.', tool_calls: [call('a')] },
        { role: 'tool', tool_call_id: 'a', content: 'done' },
      ]);
    },
  },
  {
    names: [
      'NormalizeKimiToolMessageLinks_UsesCallIDFallback',
      'NormalizeKimiToolMessageLinks_PreservesExistingToolCallID',
    ],
    run() {
      const results = [tool('B', { call_id: 'b' }), tool('A', { tool_call_id: 'a', call_id: 'b' })];
      expect(sent(turn('a', 'b'), ...results).slice(1)).toEqual([
        { role: 'tool', tool_call_id: 'b', content: 'B' },
        { role: 'tool', tool_call_id: 'a', content: 'A' },
      ]);
    },
  },
  {
    names: [
      'NormalizeKimiToolMessageLinks_InferSinglePendingID',
      'NormalizeKimiToolMessageLinks_AmbiguousMissingIDIsNotInferred',
    ],
    note: 'Results without ids answer the waiting calls in their order; when none waits the request is refused.',
    run() {
      expect(sent(turn('a'), tool('A')).slice(1)).toEqual([{ role: 'tool', tool_call_id: 'a', content: 'A' }]);
      expect(sent(turn('a', 'b'), tool('A'), tool('B')).slice(1)).toEqual([
        { role: 'tool', tool_call_id: 'a', content: 'A' },
        { role: 'tool', tool_call_id: 'b', content: 'B' },
      ]);
      expect(() => sent(turn('a'), tool('A'), tool('B'))).toThrow('messages[3].tool_call_id');
    },
  },
  {
    names: ['NormalizeKimiToolMessageLinks_PreservesExistingAssistantReasoning'],
    run() {
      const thought = { ...turn('a'), reasoning_content: 'why' };
      expect(sent(thought, tool('A', { tool_call_id: 'a' }))[0]).toEqual(thought);
    },
  },
  {
    names: [
      'NormalizeKimiToolMessageLinks_DropsEmptyAssistantWithoutToolLink',
      'NormalizeKimiToolMessageLinks_PreservesAssistantWithToolLinkOrReasoning',
    ],
    note: 'Where a server refuses empty turns (Claude) they are left out; turns with calls or reasoning stay.',
    run() {
      const empty = { role: 'assistant', content: '' };
      const messages = [user, empty, { role: 'user', content: 'more' }, turn('a'), tool('A', { tool_call_id: 'a' })];
      const turns = request('openai-chat', 'anthropic-messages', { messages }).body.messages;
      expect(turns.map(({ role, content }: Wire) => [role, content.map(({ type }: Wire) => type)])).toEqual([
        ['user', ['text', 'text']],
        ['assistant', ['tool_use']],
        ['user', ['tool_result']],
      ]);
      expect(sent({ ...empty, reasoning_content: 'why' }, user)[0]).toEqual({ ...empty, reasoning_content: 'why' });
    },
  },
];

const covered = new Set(links.flatMap((entry) => entry.names));

export const kimi: readonly Group[] = [
  {
    group: 'kimi_executor',
    entries: [
      ...links,
      { names: names.kimi_executor.filter((name) => !covered.has(name)), because: reasons.otherAccounts },
    ],
  },
  { group: 'kimi_thinking_replay', entries: [{ names: names.kimi_thinking_replay, because: reasons.otherAccounts }] },
  {
    group: 'kimi_max_clamp_repro',
    entries: [
      {
        names: names.kimi_max_clamp_repro,
        run() {
          const support = { levels: ['low', 'high'], zeroAllowed: true };
          const asked = { adaptive: true, effort: 'max' } as const;
          const context = { model: 'kimi', sameFamily: false, fromSuffix: false, canAlwaysStop: false };
          const { reasoning } = resolveReasoning(asked, support, { ...context, clientPath: (path) => path });
          expect(reasoning).toEqual({ effort: 'high' });
          const body = {
            max_tokens: 100,
            messages: [user],
            thinking: { type: 'adaptive' },
            output_config: { effort: 'max' },
          };
          const kimiTarget = { reasoning: support, quirks: { thinkingObject: true } };
          expect(request('anthropic-messages', 'openai-chat', body, kimiTarget).body.thinking).toEqual({
            type: 'enabled',
            effort: 'high',
          });
        },
      },
    ],
  },
];
