/** What Chat clients ask of Claude models. */
import { expect } from 'vitest';
import { text, toolUse } from '../claude-wire.ts';
import type { Entry } from '../ledger.ts';
import { request } from '../through.ts';

type Body = Parameters<typeof request>[2];

const toClaude = (messages: readonly object[], more: Body = {}, target: Body = {}) =>
  request('openai-chat', 'anthropic-messages', { messages, ...more }, target);
const user = (content: unknown, more: object = {}) => ({ role: 'user', content, ...more });
const assistant = (more: object) => ({ role: 'assistant', ...more });
const call = (id: string, args = '{}') => ({ id, type: 'function', function: { name: 'f', arguments: args } });
const tool = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content });
const result = (id: string, ...content: object[]) => ({ type: 'tool_result', tool_use_id: id, content });
const cached = (block: object, ttl?: string) => ({
  ...block,
  cache_control: { type: 'ephemeral', ...(ttl && { ttl }) },
});
const data = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } };
const compat = { unsignedReasoning: true };

/** Thinking that nobody signed, as models of other makers take it. */
const unsigned = (thinking: string) => ({ type: 'thinking', thinking, signature: '' });

export const chatToClaude: readonly Entry[] = [
  {
    names: ['ConvertOpenAIRequestToClaudeWithCompatPreservesReasoningContent'],
    note: 'Claude itself refuses thinking that it did not sign: there the client is told of the loss',
    run() {
      const messages = [user('a'), assistant({ content: 'b', reasoning_content: 'R' }), user('c')];
      expect(toClaude(messages, {}, compat)).toMatchObject({
        body: { messages: [{}, { role: 'assistant', content: [unsigned('R'), text('b')] }, {}] },
        warnings: [],
      });
      const { body, warnings } = toClaude(messages);
      expect(body.messages[1].content).toEqual([text('b')]);
      expect(warnings.map(({ path }) => path)).toEqual(['messages[1].content[0]']);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaudeWithCompat_GroupsAssistantThinkingTextAndTools'],
    run() {
      const messages = [
        user('a'),
        assistant({ content: 'b', reasoning_content: 'R', tool_calls: [call('c1', '{"x":1}')] }),
        tool('c1', 'r'),
      ];
      expect(toClaude(messages, {}, compat).body.messages.slice(1)).toEqual([
        { role: 'assistant', content: [unsigned('R'), text('b'), toolUse('c1', 'f', { x: 1 })] },
        { role: 'user', content: [result('c1', text('r'))] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_MergesToolResultWithAdjacentUserContent'],
    run() {
      const { body } = toClaude([user('a'), assistant({ tool_calls: [call('c1')] }), tool('c1', 'r'), user('next')]);
      expect(body.messages.slice(1)).toEqual([
        { role: 'assistant', content: [toolUse('c1')] },
        { role: 'user', content: [result('c1', text('r')), text('next')] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_SystemDoesNotBreakUserTurnAndCacheBoundary'],
    note: 'instructions amid the conversation stay where they were said, as a reminder; moved to the top they would undo the cache',
    run() {
      const system = { role: 'system', content: [cached(text('S'))] };
      const { body } = toClaude([user('a'), system, user([cached(text('b'))])]);
      expect(body).not.toHaveProperty('system');
      expect(body.messages).toEqual([
        {
          role: 'user',
          content: [text('a'), cached(text('<system-reminder>\nS\n</system-reminder>')), cached(text('b'))],
        },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_SanitizesToolCallIDsForClaude'],
    run() {
      const calls = [call('call:1'), call('call/1')];
      const { body } = toClaude([
        user('a'),
        assistant({ tool_calls: calls }),
        tool('call:1', 'r1'),
        tool('call/1', 'r2'),
      ]);
      expect(body.messages.slice(1)).toEqual([
        { role: 'assistant', content: [toolUse('call_1'), toolUse('call_1_2')] },
        { role: 'user', content: [result('call_1', text('r1')), result('call_1_2', text('r2'))] },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_GroupsConsecutiveParallelToolResults'],
    run() {
      const calls = [call('c1'), call('c2')];
      const { body } = toClaude([user('a'), assistant({ tool_calls: calls }), tool('c1', 'r1'), tool('c2', 'r2')]);
      expect(body.messages[2]).toEqual({
        role: 'user',
        content: [result('c1', text('r1')), result('c2', text('r2'))],
      });
      expect(body.messages).toHaveLength(3);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_DropsTemperature'],
    note: 'Claude takes a temperature up to 1; of temperature and top_p, which newer models refuse together, it is the one kept',
    run() {
      expect(toClaude([user('a')], { temperature: 1.7 }).body.temperature).toBe(1);
      const { body, warnings } = toClaude([user('a')], { temperature: 0.3, top_p: 0.5 });
      expect(body.temperature).toBe(0.3);
      expect(body).not.toHaveProperty('top_p');
      expect(warnings.map(({ path }) => path)).toEqual(['sampling.topP']);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_ToolResultTextAndBase64Image'],
    run() {
      const { body } = toClaude([user('a'), assistant({ tool_calls: [call('c1')] }), tool('c1', [text('t'), data])]);
      const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };
      expect(body.messages[2].content).toEqual([result('c1', text('t'), image)]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_ToolResultURLImageOnly'],
    run() {
      const url = 'https://images.test/a.png';
      const content = [{ type: 'image_url', image_url: { url } }];
      const { body } = toClaude([user('a'), assistant({ tool_calls: [call('c1')] }), tool('c1', content)]);
      expect(body.messages[2].content).toEqual([result('c1', { type: 'image', source: { type: 'url', url } })]);
    },
  },
  {
    names: [
      'ConvertOpenAIRequestToClaude_SystemRoleBecomesTopLevelSystem',
      'ConvertOpenAIRequestToClaude_MultipleSystemMessagesMergedIntoTopLevelSystem',
      'ConvertOpenAIRequestToClaude_DeveloperRoleBecomesTopLevelSystem',
    ],
    run() {
      const { body } = toClaude([
        { role: 'system', content: 'S1' },
        { role: 'developer', content: 'D' },
        { role: 'system', content: [text('S2'), text('S3')] },
        user('a'),
      ]);
      expect(body.system).toEqual([text('S1'), text('D'), text('S2'), text('S3')]);
      expect(body.messages).toEqual([{ role: 'user', content: [text('a')] }]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_SystemOnlyInputKeepsFallbackUserMessage'],
    note: 'the message that Claude demands says a word, because empty text is refused',
    run() {
      const { body } = toClaude([{ role: 'system', content: 'S' }]);
      expect(body.system).toEqual([text('S')]);
      expect(body.messages).toEqual([{ role: 'user', content: [text('(continued)')] }]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_PreservesContentPartCacheControl'],
    run() {
      const { body } = toClaude([user([cached(text('a'), '1h'), text('b')]), assistant({ content: 'x' }), user('y')]);
      expect(body.messages[0].content).toEqual([cached(text('a'), '1h'), text('b')]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_PreservesMessageLevelCacheControl'],
    run() {
      const mark = cached({});
      const { body } = toClaude([
        user('a', mark),
        assistant({ tool_calls: [call('c1')] }),
        { ...tool('c1', 'r'), ...mark },
        assistant({ content: 'ok', ...mark }),
        user([text('b'), text('c')], mark),
      ]);
      expect(body.messages.map(({ content }: Body) => content)).toEqual([
        [cached(text('a'))],
        [toolUse('c1')],
        [cached(result('c1', text('r')))],
        [cached(text('ok'))],
        [text('b'), cached(text('c'))],
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_PreservesToolCacheControl'],
    run() {
      const inner = { type: 'function', function: cached({ name: 'f', parameters: {} }, '1h') };
      const outer = { type: 'function', function: cached({ name: 'g', parameters: {} }, '1h'), ...cached({}) };
      const input_schema = { type: 'object', properties: {} };
      expect(toClaude([user('a')], { tools: [inner, outer] }).body.tools).toEqual([
        cached({ name: 'f', input_schema }, '1h'),
        cached({ name: 'g', input_schema }),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_NormalizesRootToolSchemaUnions'],
    run() {
      const branch = (name: string) => ({
        type: 'object',
        properties: { [name]: { type: 'string' } },
        required: [name],
      });
      const parameters = { anyOf: [branch('a'), branch('b')] };
      const { body } = toClaude([user('x')], { tools: [{ type: 'function', function: { name: 'f', parameters } }] });
      expect(body.tools[0].input_schema).toEqual({
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        description: '(one of: ["a","b"])',
      });
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_PartCacheControlWinsOverMessageLevel'],
    run() {
      const { body } = toClaude([user([text('a'), cached(text('b'), '1h')], cached({}))]);
      expect(body.messages[0].content).toEqual([text('a'), cached(text('b'), '1h')]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_DeveloperMessageCacheControlAppliesToLastBlock'],
    run() {
      const { body } = toClaude([{ role: 'developer', content: [text('a'), text('b')], ...cached({}) }, user('x')]);
      expect(body.system).toEqual([text('a'), cached(text('b'))]);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_DeduplicatesToolResults'],
    run() {
      const { body, warnings } = toClaude([
        user('a'),
        assistant({ tool_calls: [call('c1'), call('c2')] }),
        tool('c1', 'first'),
        tool('c2', 'r2'),
        tool('c1', 'last'),
      ]);
      expect(body.messages[2].content).toEqual([result('c1', text('last')), result('c2', text('r2'))]);
      expect(warnings.map(({ path }) => path)).toEqual(['messages[2].content[2]']);
    },
  },
  {
    names: ['ConvertOpenAIRequestToClaude_MaxTokensAndMaxCompletionTokens'],
    note: 'of both the newer field counts, as at OpenAI; without any, what agents need but no more than the model can',
    run() {
      const limit = (body: Body, target: Body = {}) => toClaude([user('a')], body, target).body.max_tokens;
      expect(limit({ max_tokens: 10 })).toBe(10);
      expect(limit({ max_completion_tokens: 20 })).toBe(20);
      expect(limit({ max_tokens: 10, max_completion_tokens: 20 })).toBe(20);
      expect(limit({})).toBe(8192);
      expect(limit({}, { maxOutputTokens: 64_000 })).toBe(32_000);
    },
  },
  {
    names: [
      'ConvertOpenAIRequestToClaude_PreservesCallerSuppliedMetadataUserID',
      'ConvertOpenAIRequestToClaude_PreservesOpenAIUserField',
    ],
    run() {
      const metadata = (body: Body) => toClaude([user('a')], body).body.metadata;
      expect(metadata({ metadata: { user_id: 'm1' }, user: 'u1' })).toEqual({ user_id: 'm1' });
      expect(metadata({ user: 'u1' })).toEqual({ user_id: 'u1' });
    },
  },
  {
    names: [
      'ConvertOpenAIRequestToClaude_DifferentSessionsProduceDifferentUserIDs',
      'ConvertOpenAIRequestToClaude_DeterministicWithoutSessionKey',
    ],
    note: 'no user id is invented, with a session or without: the same request is always the same body',
    run() {
      const { body } = toClaude([user('a')], { prompt_cache_key: 'one' });
      expect(body).not.toHaveProperty('metadata');
      expect(toClaude([user('a')], { prompt_cache_key: 'two' }).body).toEqual(body);
      expect(toClaude([user('a')]).body).toEqual(body);
    },
  },
];
