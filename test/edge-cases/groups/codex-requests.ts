/** What the reference's Codex executor does to requests. With an API key the provider gets what the client wrote. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { ask, passes } from '../responses-upstream.ts';
import { answer, request } from '../through.ts';

const FAITHFUL = 'Nothing is put into a Responses client’s body or taken out of it: the API knows all of this.';
const LITE = { 'x-openai-internal-codex-responses-lite': 'true' };
const chatUser = { role: 'user', content: 'hi' };
const functionTool = { type: 'function', name: 't', parameters: { type: 'object', properties: {} } };
const namespace = (name: string): Wire => ({ type: 'namespace', name, tools: [{ ...functionTool, name: 'imagegen' }] });

/** The key under which the provider caches for a Claude client. */
async function claudeKey(
  text: string,
  more: Wire = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: text }], ...more };
  const { sent } = await ask({ client: 'anthropic-messages', body, headers });
  return sent[0]?.body.prompt_cache_key;
}

const session = '11111111-2222-3333-4444-555555555555';
const userId = (user_id: string): Wire => ({ metadata: { user_id } });

const cache: readonly Entry[] = [
  {
    names: [
      'CodexExecutorCacheHelper_OpenAIChatCompletions_StablePromptCacheKeyFromAPIKey',
      'CodexExecutorCacheHelper_UsesDerivedSessionUUID',
    ],
    note: 'The key is the conversation’s, not the client’s alone.',
    async run() {
      const key = async (...messages: Wire[]): Promise<string> => {
        const { sent } = await ask({ client: 'openai-chat', body: { model: 'm', messages } });
        return sent[0]?.body.prompt_cache_key;
      };
      const first = await key(chatUser);
      expect(first).toMatch(/^llmproxy-[0-9a-f]{40}$/);
      expect(await key(chatUser, { role: 'assistant', content: 'a' }, chatUser)).toBe(first);
      expect(await key({ role: 'user', content: 'other' })).not.toBe(first);
    },
  },
  {
    names: [
      'CodexExecutorCacheHelper_ClaudeUsesClaudeCodeSessionID',
      'CodexExecutorCacheHelper_ClaudeRejectsBareUserID',
    ],
    async run() {
      const inUser = userId(`user_abc_account__session_${session}`);
      expect(await claudeKey('a', inUser)).toBe(await claudeKey('b', inUser));
      const json = userId(JSON.stringify({ device_id: 'd', session_id: session }));
      expect(await claudeKey('a', json)).toBe(await claudeKey('b', json));
      expect(await claudeKey('a', userId('user_abc'))).not.toBe(await claudeKey('b', userId('user_abc')));
    },
  },
  {
    names: [
      'CodexExecutorCacheHelper_ClaudeUsesSessionHeader',
      'CodexExecutorCacheHelper_ClaudeAgentScopeUsesResolvedModelAcrossHTTPAndWebsocket',
    ],
    async run() {
      const headers = { 'x-claude-code-session-id': session };
      const key = await claudeKey('a', {}, headers);
      expect(await claudeKey('b', {}, headers)).toBe(key);
      expect(await claudeKey('b', {}, { ...headers, 'x-claude-code-agent-id': 'agent-1' })).not.toBe(key);
    },
  },
  { names: ['ApplyCodexHeadersUsesAccountHeaderForOAuth'], because: reasons.otherAccounts },
];

const imageTools: readonly Entry[] = [
  {
    names: names['codex_executor_imagegen'].filter((name) => name.startsWith('EnsureImageGenerationTool')),
    note: 'No tool is ever added: one that the client did not ask for costs money and changes answers.',
    async run() {
      const toolLists: readonly (Wire | undefined)[] = [
        undefined,
        [],
        [functionTool],
        [{ type: 'image_generation', output_format: 'png' }],
        [{ type: 'web_search' }, { type: 'image_generation' }],
        [namespace('image_gen')],
        [namespace('image_generator')],
        [{ ...functionTool, name: 'image_gen__imagegen' }],
      ];
      for (const tools of toolLists) expect([tools, await passes({ input: 'hi', tools })]).toEqual([tools, true]);
      const lite = 'ws_request_header_x_openai_internal_codex_responses_lite';
      for (const value of ['true', true, 'false', false]) {
        expect(await passes({ input: 'hi', client_metadata: { [lite]: value } })).toBe(true);
      }
      expect(await passes({ input: 'hi' }, LITE)).toBe(true);
      const { sent } = await ask({ body: { model: 'gpt-5.3-codex-spark', input: 'hi' } });
      expect(Object.keys(sent[0]?.body)).toEqual(['model', 'input']);
    },
  },
  {
    names: [
      'CodexExecutorExecuteResponsesLiteHeaderDoesNotInjectImageGenerationTool',
      'CodexExecutorExecuteStreamResponsesLiteHeaderForcesParallelToolCallsFalse',
    ],
    note: 'The client’s header goes along, and its body says itself whether calls may be parallel.',
    async run() {
      const body = { model: 'm', input: 'hi', tools: [functionTool], parallel_tool_calls: false };
      const { sent } = await ask({ body, headers: LITE });
      expect(sent[0]?.headers).toMatchObject(LITE);
      expect(sent[0]?.body).toEqual(body);
    },
  },
];

const parallel: readonly Entry[] = [
  {
    names: [
      'NormalizeCodexParallelToolCallsForTools_DropsWhenToolsMissing',
      'NormalizeCodexParallelToolCallsForTools_DropsWhenToolsEmpty',
      'NormalizeCodexParallelToolCallsForTools_PreservesWhenToolsPresent',
    ],
    run() {
      const chatTool = { type: 'function', function: { name: 't', parameters: { type: 'object', properties: {} } } };
      const sent = (tools: Wire): Wire =>
        request('openai-chat', 'openai-responses', { messages: [chatUser], tools, parallel_tool_calls: false }).body;
      expect(sent(undefined)).not.toHaveProperty('parallel_tool_calls');
      expect(sent([])).not.toHaveProperty('parallel_tool_calls');
      expect(sent([chatTool]).parallel_tool_calls).toBe(false);
    },
  },
  {
    names: [
      'NormalizeCodexParallelToolCalls_ResponsesLiteMetadataForcesFalse',
      'NormalizeCodexParallelToolCalls_ResponsesLiteHeaderForcesFalse',
    ],
    note: FAITHFUL,
    async run() {
      expect(await passes({ input: 'hi', tools: [functionTool], parallel_tool_calls: true }, LITE)).toBe(true);
    },
  },
];

const instructions: readonly Entry[] = [
  {
    names: ['CodexExecutorExecuteNormalizesNullInstructions', 'CodexExecutorExecuteStreamNormalizesNullInstructions'],
    note: FAITHFUL,
    async run() {
      for (const stream of [false, true]) expect(await passes({ input: 'hi', instructions: null, stream })).toBe(true);
    },
  },
  {
    names: ['CodexExecutorCountTokensTreatsNullInstructionsAsEmpty'],
    run() {
      const messages = (fields: Wire): Wire =>
        request('openai-responses', 'openai-chat', { input: 'hi', ...fields }).body.messages;
      expect(messages({ instructions: null })).toEqual(messages({}));
      expect(messages({ instructions: 'S' })[0]).toEqual({ role: 'system', content: 'S' });
    },
  },
];

/** The items of an answer of another provider with long ids, as a Responses client keeps and sends them. */
function idsOf(id: string): readonly Wire[] {
  const content = [
    { type: 'thinking', thinking: 't', signature: 'S' },
    { type: 'text', text: 'a' },
    { type: 'tool_use', id, name: 't', input: {} },
    { type: 'tool_use', id: 'toolu_2', name: 'p', input: { input: 'x' } },
  ];
  const usage = { input_tokens: 1, output_tokens: 1 };
  const body = { id, type: 'message', role: 'assistant', model: 'c', content, stop_reason: 'tool_use', usage };
  const asked = { input: 'hi', tools: [{ type: 'custom', name: 'p' }] };
  return answer('openai-responses', 'anthropic-messages', body, asked).body.output;
}

const inputIds: readonly Entry[] = [
  {
    names: [
      'SanitizeCodexInputItemIDsBoundaries',
      'SanitizeCodexInputItemIDsNormalizesMessageIDs',
      'SanitizeCodexInputItemIDsNormalizesResponseItemIDs',
      'SanitizeCodexInputItemIDsNormalizesCustomToolCallIDs',
      'SanitizeCodexInputItemIDsAvoidsNormalizationCollisions',
      'SanitizeCodexInputItemIDsAvoidsExistingIDCollision',
    ],
    note: 'Ids are made right when they are handed out, whatever the other provider’s were: then they can come back to the API.',
    run() {
      for (const id of ['m1', 'x'.repeat(64), 'x'.repeat(65), `${'x'.repeat(200)}`]) {
        const items = idsOf(id);
        expect(items.map((item) => [item.type, item.id.slice(0, item.id.indexOf('_'))])).toEqual([
          ['reasoning', 'rs'],
          ['message', 'msg'],
          ['function_call', 'fc'],
          ['custom_tool_call', 'ctc'],
        ]);
        for (const item of items) expect(item.id.length).toBeLessThanOrEqual(64);
        expect(new Set(items.map((item) => item.id)).size).toBe(4);
      }
      expect(idsOf(`${'x'.repeat(90)}a`)[1].id).not.toBe(idsOf(`${'x'.repeat(90)}b`)[1].id);
    },
  },
  {
    names: ['SanitizeCodexInputItemIDsNormalizesCustomToolCallOutputIDs'],
    run() {
      const long = 'c'.repeat(80);
      const messages = [
        chatUser,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: long, type: 'custom', custom: { name: 'p', input: 'x' } }],
        },
        { role: 'tool', tool_call_id: long, content: 'r' },
      ];
      const { input } = request('openai-chat', 'openai-responses', { messages }).body;
      expect(input[1].call_id).toHaveLength(64);
      expect(input[2]).toEqual({ type: 'custom_tool_call_output', call_id: input[1].call_id, output: 'r' });
    },
  },
  {
    names: [
      'SanitizeCodexInputItemIDsDropsOverlongEncryptedReasoningItem',
      'SanitizeCodexInputItemIDsShortensOverlongReasoningWithoutEncryptedContent',
      'SanitizeCodexInputItemIDsLeavesUnsupportedPayloadsUnchanged',
    ],
    note: `${FAITHFUL} Ids that it did not make are the client’s to answer for.`,
    async run() {
      const item = { type: 'reasoning', id: `rs_${'x'.repeat(90)}`, summary: [] };
      expect(await passes({ input: [{ ...item, encrypted_content: 'gAAAAfake' }] })).toBe(true);
      expect(await passes({ input: [item] })).toBe(true);
      expect(await passes({ input: 'hi' })).toBe(true);
    },
  },
];

const group = (name: string, entries: readonly Entry[]): Group => ({ group: name, entries });
const FOREIGN_FORM = 'src/pipeline/signatures/provenance.test.ts > a form that is not the family’s is foreign';
const RESTORED = 'src/conversation/transcript.test.ts > takes the id of reasoning that was not stored';

export const codexRequests: readonly Group[] = [
  group('codex_executor_cache', cache),
  group('codex_executor_compact', [
    {
      names: names['codex_executor_compact'],
      test: 'test/integration/responses-with-provider.test.ts > it sums conversations up itself',
    },
  ]),
  group('codex_executor_imagegen', imageTools),
  group('codex_executor_parallel_tool_calls', parallel),
  group('codex_executor_instructions', instructions),
  group('codex_input_ids', inputIds),
  group('codex_executor_input_ids', [
    {
      names: names['codex_executor_input_ids'],
      test: 'test/edge-cases/groups/codex-requests.ts > SanitizeCodexInputItemIDsBoundaries',
    },
  ]),
  group('codex_executor_signature', [{ names: names['codex_executor_signature'], test: FOREIGN_FORM }]),
  group('openai_responses_signature', [{ names: names['openai_responses_signature'], test: RESTORED }]),
  group('codex_executor_translate', [
    { names: ['TranslateCodexRequestPairReusesEqualPayload'], because: reasons.goInternal },
    {
      names: ['TranslateCodexRequestPairTranslatesDifferentPayloads'],
      test: 'src/payload/rules.test.ts > default: replaces what only llmproxy put there',
    },
  ]),
  group('codex_executor_spawn_agent', [
    { names: ['CodexExecutorOptimizeMultiAgentV2'], because: reasons.untouched },
    {
      names: ['CodexExecutorIsCompatConvertsAgentMessage'],
      note: 'A message between agents is the text of the user elsewhere.',
      async run() {
        const content = [{ type: 'input_text', text: 'do it' }];
        const item = { type: 'agent_message', author: '/root', recipient: '/root/a', content };
        expect(await passes({ input: [item] })).toBe(true);
        const { body, warnings } = request('openai-responses', 'openai-chat', { input: [item] });
        expect(body.messages).toEqual([{ role: 'user', content: expect.stringContaining('do it') }]);
        expect(warnings).toEqual([]);
      },
    },
  ]),
  group('codex_websockets_spawn_agent', [{ names: names['codex_websockets_spawn_agent'], because: reasons.untouched }]),
  group('codex_openai_images', [{ names: names['codex_openai_images'], because: reasons.images }]),
  group('codex_openai_images_extract', [{ names: names['codex_openai_images_extract'], because: reasons.images }]),
];
