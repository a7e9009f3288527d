/** What the translators of the reference share: cache marks, turns and ids for Claude, files, names. */
import { expect } from 'vitest';
import { codecs } from '../../../src/dialects/index.ts';
import { openingOf, sessionOfRequest } from '../../../src/routing/session.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { chatAnswer } from '../chat-upstream.ts';
import type { Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { answer, request } from '../through.ts';

const toClaude = (messages: Wire, more: Wire = {}): Wire =>
  request('openai-chat', 'anthropic-messages', { messages, ...more }).body;
const user = (content: Wire, more: Wire = {}): Wire => ({ role: 'user', content, ...more });
const assistant = (content: Wire, more: Wire = {}): Wire => ({ role: 'assistant', content, ...more });
const text = (value: string, more: Wire = {}): Wire => ({ type: 'text', text: value, ...more });
const call = (id: string): Wire => ({ id, type: 'function', function: { name: 'ls', arguments: '{}' } });
const use = (id: string): Wire => ({ type: 'tool_use', id, name: 'ls', input: {} });
const mark = { cache_control: { type: 'ephemeral' } };
const longMark = { cache_control: { type: 'ephemeral', ttl: '1h' } };

const cacheMarks: readonly Entry[] = [
  {
    names: ['AttachCacheControl_CopiesObject', 'ClaudeMessageAccumulatorPreservesBlockCacheControl'],
    run() {
      expect(toClaude([user([text('a', longMark), text('b', mark)]), user('c')]).messages).toEqual([
        user([text('a', longMark), text('b', mark), text('c')]),
      ]);
    },
  },
  {
    names: ['AttachCacheControl_IgnoresMissing'],
    run() {
      for (const nothing of [{}, { cache_control: null }, { cache_control: 'ephemeral' }]) {
        expect(toClaude([user([text('a', nothing)], nothing)]).messages).toEqual([user([text('a')])]);
      }
    },
  },
  {
    names: ['AttachMessageCacheControl_PromotesStringContent'],
    run: () => expect(toClaude([user('a', mark)]).messages).toEqual([user([text('a', mark)])]),
  },
  {
    names: ['AttachMessageCacheControl_SkipsWhenLastPartHasCacheControl'],
    run() {
      const blocks = [text('a'), text('b', longMark)];
      expect(toClaude([user(blocks, mark)]).messages).toEqual([user(blocks)]);
      expect(toClaude([user([text('a', longMark), text('b')], mark)]).messages).toEqual([
        user([text('a', longMark), text('b', mark)]),
      ]);
    },
  },
];

const turns: readonly Entry[] = [
  {
    names: ['ClaudeMessageAccumulatorGroupsAndOrdersAssistantParts'],
    run() {
      const history = [
        user('hi'),
        assistant('one', { tool_calls: [call('a')] }),
        assistant('two', { tool_calls: [call('b')] }),
        { role: 'tool', tool_call_id: 'a', content: 'A' },
        { role: 'tool', tool_call_id: 'b', content: 'B' },
      ];
      const result = (id: string, value: string): Wire => ({
        type: 'tool_result',
        tool_use_id: id,
        content: [text(value)],
      });
      expect(toClaude(history).messages).toEqual([
        user([text('hi')]),
        assistant([text('one'), text('two'), use('a'), use('b')]),
        user([result('a', 'A'), result('b', 'B')]),
      ]);
    },
  },
  {
    names: ['ClaudeMessageAccumulatorPreservesUserOrderAndRoleBoundaries'],
    run() {
      const history = [user('one'), user('two'), assistant('three'), user('four'), user('five')];
      expect(toClaude(history).messages).toEqual([
        user([text('one'), text('two')]),
        assistant([text('three')]),
        user([text('four'), text('five')]),
      ]);
    },
  },
  {
    names: ['ClaudeMessageAccumulatorSkipsEmptyMessagesWithoutBreakingTurn'],
    run() {
      for (const nothing of ['', null, []]) {
        expect(
          toClaude([user('one'), assistant(nothing), user('two'), user(nothing), assistant('x')]).messages,
        ).toEqual([user([text('one'), text('two')]), assistant([text('x')])]);
      }
    },
  },
  {
    names: [
      'ClaudeMessageAccumulatorFlushPreservesExplicitBoundary',
      'JoinRawArray',
      'NewRawArrayItems',
      'SetRawArrayItems',
    ],
    because: reasons.goInternal,
  },
];

const hub = (dialect: UpstreamDialect, body: Wire): NonNullable<Parameters<typeof openingOf>[0]> => {
  const codec = codecs.get(dialect);
  if (codec === undefined) throw new Error(`no codec for ${dialect}`);
  return codec.decodeRequest({ model: 'm', ...body }, { model: 'm', stream: false });
};
const chat = (...messages: Wire[]): Wire => ({ messages });

/** The same conversation a turn later, and another conversation, in each dialect. */
const conversations: readonly (readonly [UpstreamDialect, Wire, Wire, Wire])[] = [
  [
    'openai-chat',
    chat({ role: 'system', content: 's' }, user('first')),
    chat({ role: 'system', content: 's' }, user('first'), assistant('a'), user('next')),
    chat({ role: 'system', content: 's' }, user('other')),
  ],
  [
    'openai-responses',
    { input: 'first' },
    { input: [user('first'), assistant('a'), user('next')] },
    { input: [{ role: 'developer', content: 'd' }, user('first')] },
  ],
  [
    'gemini',
    { contents: [{ parts: [{ text: 'first' }, { text: 'more' }] }] },
    {
      contents: [
        { role: 'user', parts: [{ text: 'first' }, { text: 'more' }] },
        { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'a' }] },
        { role: 'user', parts: [{ text: 'next' }] },
      ],
    },
    { systemInstruction: { parts: [{ text: 's' }] }, contents: [{ parts: [{ text: 'first' }, { text: 'more' }] }] },
  ],
];

const noUser = 'No end user is made up for Claude; what tells conversations apart serves routing and caching only.';

const users: readonly Entry[] = [
  {
    names: ['DeriveClaudeUserID_PreservesOpenAIUserField'],
    run: () => expect(toClaude([user('a')], { user: 'u1' }).metadata).toEqual({ user_id: 'u1' }),
  },
  {
    names: [
      'DeriveClaudeUserID_PreservesCallerSuppliedMetadataUserID',
      'DeriveClaudeUserID_MetadataUserIDTakesPriorityOverUserField',
    ],
    run() {
      const metadata = { user_id: 'm1' };
      expect(toClaude([user('a')], { metadata }).metadata).toEqual(metadata);
      expect(toClaude([user('a')], { metadata, user: 'u1' }).metadata).toEqual(metadata);
    },
  },
  {
    names: ['DeriveClaudeUserID_IgnoresNonStringMetadataUserIDOrUser'],
    note: 'A user that is no text is refused with its path.',
    run() {
      expect(toClaude([user('a')], { metadata: { user_id: 5 } })).not.toHaveProperty('metadata');
      expect(toClaude([user('a')], { metadata: { user_id: 5 }, user: 'u1' }).metadata).toEqual({ user_id: 'u1' });
      expect(() => toClaude([user('a')], { user: 5 })).toThrow('user: must be a string');
    },
  },
  {
    names: [
      'DeriveClaudeUserID_SameConversationIsStable',
      'DeriveClaudeUserID_TurnGrowthKeepsSameUserID',
      'DeriveClaudeUserID_TurnGrowthWithoutSessionKeyKeepsSameUserID',
      'DeriveClaudeUserID_GeminiTurnGrowthWithoutSessionKeyKeepsSameUserID',
      'DeriveClaudeUserID_FirstMessageFallback',
      'DeriveClaudeUserID_ResponsesInputString',
      'DeriveClaudeUserID_GeminiContentsDefaultRole',
      'DeriveClaudeUserID_GeminiContentsMultipleTextParts',
      'DeriveClaudeUserID_GeminiContentsSkipsThoughtParts',
    ],
    note: noUser,
    run() {
      for (const [dialect, first, grown] of conversations) {
        expect(openingOf(hub(dialect, grown))).toEqual(openingOf(hub(dialect, first)));
        expect(request(dialect, 'anthropic-messages', first).body).not.toHaveProperty('metadata');
      }
    },
  },
  {
    names: [
      'DeriveClaudeUserID_DifferentSessionsAreDifferent',
      'DeriveClaudeUserID_ResponsesInputArraySkipsSystemLevelItems',
      'DeriveClaudeUserID_GeminiSystemInstruction',
    ],
    note: `${noUser} Instructions are part of what tells them apart.`,
    run() {
      for (const [dialect, first, , other] of conversations) {
        expect(openingOf(hub(dialect, other))).not.toEqual(openingOf(hub(dialect, first)));
      }
    },
  },
  {
    names: ['DeriveClaudeUserID_SessionIDVariants', 'DeriveClaudeUserID_ConversationIDVariants'],
    note: noUser,
    run() {
      const stated: readonly Wire[] = [
        { session_id: 'x' },
        { conversation_id: 'x' },
        { metadata: { session_id: 'x' } },
        { prompt_cache_key: 'x' },
      ];
      for (const more of stated) {
        expect(sessionOfRequest(hub('openai-chat', { ...chat(user('a')), ...more }))).toBe('x');
        expect(toClaude([user('a')], more)).not.toHaveProperty('metadata');
      }
      const responses = { input: 'hi', conversation: { id: 'x' } };
      expect(sessionOfRequest(hub('openai-responses', responses))).toBe('x');
    },
  },
  {
    names: ['DeriveClaudeUserID_CaseInsensitiveUserRole'],
    note: 'Roles are written as the API has them; another spelling is refused with its path.',
    run: () => expect(() => toClaude([{ role: 'User', content: 'a' }])).toThrow('messages[0].role'),
  },
];

const others: readonly Entry[] = [
  {
    names: ['NormalizeOpenAIFileData'],
    note: 'What cannot be base64 is refused; a name that says nothing makes it bytes of no known kind.',
    run() {
      const sent = (file: Wire): Wire =>
        request('openai-chat', 'gemini', { messages: [user([{ type: 'file', file }])] }).body.contents[0].parts;
      const inline = (mimeType: string): Wire => [{ inlineData: { mimeType, data: 'AAAA' } }];
      expect(sent({ file_data: 'data:application/pdf;base64,AAAA', filename: 'x.txt' })).toEqual(
        inline('application/pdf'),
      );
      expect(sent({ file_data: 'AAAA', filename: 'x.txt' })).toEqual(inline('text/plain'));
      expect(sent({ file_data: 'AAAA', filename: 'x.txt', mime_type: 'text/csv' })).toEqual(inline('text/csv'));
      expect(sent({ file_data: 'AAAA', filename: 'x.zzz' })).toEqual(inline('application/octet-stream'));
      expect(() => sent({ file_data: 'data:text/plain,hello' })).toThrow('messages[0].content[0].file.file_data');
    },
  },
  {
    names: ['RequestModelNamePrefersOriginalRequest'],
    run() {
      for (const client of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const) {
        const asked = {
          'openai-chat': chat(user('a')),
          'openai-responses': { input: 'a' },
          'anthropic-messages': chat(user('a')),
        };
        const { body } = answer(client, 'openai-chat', chatAnswer({ content: 'x' }), {
          model: 'mine',
          ...asked[client],
        });
        expect(body.model).toBe('mine');
      }
      const gemini = answer('gemini', 'openai-chat', chatAnswer({ content: 'x' }), {
        model: 'mine',
        contents: [{ parts: [{ text: 'a' }] }],
      });
      expect(gemini.body.modelVersion).toBe('mine');
    },
  },
  { names: ['RequestModelNameSupportsWrappedRequest'], because: reasons.otherAccounts },
  {
    names: ['GenerateClaudeToolCallID'],
    run() {
      const ids = ['a.b:c', 'a b c', 'ok-1_x'];
      const results = ids.map((id) => ({ role: 'tool', tool_call_id: id, content: 'r' }));
      const [, asks, tells] = toClaude([
        user('a'),
        assistant(null, { tool_calls: ids.map(call) }),
        ...results,
      ]).messages;
      const sent: Wire = asks.content.map(({ id }: Wire) => id);
      expect(sent).toEqual(['a_b_c', 'a_b_c_2', 'ok-1_x']);
      expect(tells.content.map(({ tool_use_id }: Wire) => tool_use_id)).toEqual(sent);
    },
  },
  {
    names: ['SetResponsesToolCallIdentity'],
    run() {
      const tools = [{ type: 'namespace', name: 'mcp', tools: [{ type: 'function', name: 'ls' }] }];
      const upstream = chatAnswer({
        content: null,
        tool_calls: [{ ...call('call_7'), function: { name: 'mcp__ls', arguments: '{}' } }],
      });
      expect(answer('openai-responses', 'openai-chat', upstream, { input: 'hi', tools }).body.output).toEqual([
        {
          id: 'fc_c1_0',
          type: 'function_call',
          status: 'completed',
          arguments: '{}',
          call_id: 'call_7',
          name: 'ls',
          namespace: 'mcp',
        },
      ]);
    },
  },
];

export const common: Group = { group: 'common', entries: [...cacheMarks, ...turns, ...users, ...others] };
