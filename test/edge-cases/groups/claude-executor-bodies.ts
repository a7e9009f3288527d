/** Bodies for Claude: limits, sampling, cache marks, searches, thinking. */
import { expect } from 'vitest';
import { message, text } from '../claude-wire.ts';
import { claudeAsk, withGateway } from '../gateway.ts';
import type { Entry } from '../ledger.ts';
import { jsonAnswer } from '../server-answers.ts';
import { request } from '../through.ts';

type Body = Parameters<typeof request>[2];

const ok = jsonAnswer(message([text('fine')]));
const messages = [{ role: 'user', content: 'hi' }];
const fromChat = (more: Body, target: Body = {}) =>
  request('openai-chat', 'anthropic-messages', { messages, ...more }, target);
const budget = { reasoning: { minBudget: 1024, maxBudget: 60_000 }, maxOutputTokens: 64_000 };
const thinks = { reasoning_effort: 'high' };
const sampling = (more: Body, target: Body = {}) => {
  const { temperature, top_p, top_k } = fromChat(more, target).body;
  return { temperature, top_p, top_k };
};
const none = { temperature: undefined, top_p: undefined, top_k: undefined };
const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];

/** A search tool of a Responses client, as Claude gets it. */
const search = (filters: object) =>
  request('openai-responses', 'anthropic-messages', { input: 'a', tools: [{ type: 'web_search', filters }] }).body
    .tools;
const searchTool = { type: 'web_search_20250305', name: 'web_search' };

const mark = { cache_control: { type: 'ephemeral' } };
const tool = (name: string) => ({ name, input_schema: { type: 'object', properties: {} }, ...mark });
const cachedNames = ({ tools: offered = [], messages: said }: Body) => [
  ...offered.flatMap((block: Body) => (block.cache_control ? [block.name] : [])),
  ...said.flatMap(({ content }: Body) => content.flatMap((block: Body) => (block.cache_control ? [block.text] : []))),
];
const own = (body: Body) => request('anthropic-messages', 'anthropic-messages', body).body;

/** What a Claude client's thinking becomes after an override of the configuration. */
async function overridden(asked: Body, params: string): Promise<Body> {
  let sent: Body;
  const config = `payload:\n  override:\n    - models: [{ name: "*" }]\n      params: ${params}`;
  await withGateway(
    ok,
    async (gateway) => {
      expect((await gateway.post('/v1/messages', { ...claudeAsk, ...asked })).status).toBe(200);
      sent = gateway.seen[0]?.body;
    },
    { config },
  );
  return sent;
}

export const claudeBodies: readonly Entry[] = [
  {
    names: ['SanitizeClaudeWebSearchDomains', 'SanitizeClaudeWebSearchDomains_LeavesNonBuiltinAndNonEmpty'],
    note: "a Claude client's own lists are its own business; what is written here never has an empty one",
    run() {
      expect(search({ allowed_domains: [] })).toEqual([searchTool]);
      expect(search({ allowed_domains: ['a.test'] })).toEqual([{ ...searchTool, allowed_domains: ['a.test'] }]);
    },
  },
  {
    names: ['EnsureModelMaxTokens_UsesRegisteredMaxCompletionTokens'],
    run() {
      expect(fromChat({}, { maxOutputTokens: 4096 }).body.max_tokens).toBe(4096);
    },
  },
  {
    names: ['EnsureModelMaxTokens_DefaultsMissingValue', 'EnsureModelMaxTokens_SkipsUnregisteredModel'],
    note: 'what agents need for one answer; less where nothing is known of the model',
    run() {
      expect(fromChat({}, { maxOutputTokens: 128_000 }).body.max_tokens).toBe(32_000);
      expect(fromChat({}).body.max_tokens).toBe(8192);
    },
  },
  {
    names: ['EnsureModelMaxTokens_PreservesExplicitValue'],
    run() {
      expect(fromChat({ max_tokens: 7 }, { maxOutputTokens: 4096 }).body.max_tokens).toBe(7);
      expect(fromChat({ max_tokens: 50_000 }).body.max_tokens).toBe(50_000);
    },
  },
  {
    names: [
      'NormalizeClaudeSamplingForUpstream_RemovesTemperature',
      'NormalizeClaudeSamplingForUpstream_NoThinkingRemovesTemperatureAndTopP',
      'NormalizeClaudeSamplingForUpstream_AfterForcedToolChoiceRemovesTemperature',
    ],
    note: 'what Claude takes is sent: a temperature up to 1, or top_p, and top_k while it does not think',
    run() {
      expect(sampling({ temperature: 0.3, top_k: 5 })).toEqual({ ...none, temperature: 0.3, top_k: 5 });
      expect(sampling({ temperature: 1.5, top_p: 0.9 })).toEqual({ ...none, temperature: 1 });
      expect(sampling({ top_p: 0.9 })).toEqual({ ...none, top_p: 0.9 });
      const forced = fromChat({ ...thinks, tools, tool_choice: 'required', temperature: 0.3 }, budget);
      expect(forced.body).toMatchObject({ temperature: 0.3, tool_choice: { type: 'any' } });
      expect(forced.body).not.toHaveProperty('thinking');
    },
  },
  {
    names: [
      'NormalizeClaudeSamplingForUpstream_RemovesTemperatureWithThinkingEnabled',
      'NormalizeClaudeSamplingForUpstream_RemovesTopPAndTopKForThinking',
    ],
    run() {
      expect(sampling({ ...thinks, temperature: 0.3, top_p: 0.5, top_k: 5 }, budget)).toEqual(none);
      const { warnings } = fromChat({ ...thinks, temperature: 0.3, top_p: 0.5, top_k: 5 }, budget);
      expect(warnings.map(({ path }) => path)).toEqual(['sampling.temperature', 'sampling.topP', 'sampling.topK']);
    },
  },
  {
    names: [
      'NormalizeClaudeSamplingForUpstreamNativeKeepsMeasuredHelperTemperature',
      'NormalizeClaudeSamplingForUpstreamNativeDropsOnlyRejectedCombinations',
    ],
    note: "a Claude client's body goes through as it is; where one is written, only what Claude takes beside thinking",
    async run() {
      const asked = { ...claudeAsk, temperature: 0.2, top_p: 0.5 };
      await withGateway(ok, async (gateway) => {
        await gateway.post('/v1/messages', asked);
        expect(gateway.seen[0]?.text).toBe(JSON.stringify(asked));
      });
      expect(sampling({ ...thinks, temperature: 1 }, budget)).toEqual({ ...none, temperature: 1 });
      expect(sampling({ ...thinks, top_p: 0.97 }, budget)).toEqual({ ...none, top_p: 0.97 });
    },
  },
  {
    names: ['NormalizeCacheControlTTL_DowngradesLaterOneHourBlocks'],
    test: 'src/dialects/anthropic-messages/cache-breakpoints.test.ts > one of an hour after one of five minutes is shortened, in the order tools, system, messages',
  },
  {
    names: [
      'NormalizeCacheControlTTL_PreservesOriginalBytesWhenNoChange',
      'NormalizeCacheControlTTL_PreservesKeyOrderWhenModified',
      'EnforceCacheControlLimit_PreservesKeyOrderWhenModified',
    ],
    note: "a Claude client's own marks are not touched: bytes that change would miss the cache",
    async run() {
      const marked = { type: 'text', cache_control: { ttl: '1h', type: 'ephemeral' }, text: 'q' };
      const asked = {
        messages: [{ content: [{ ...marked, ...mark }, marked], role: 'user' }],
        max_tokens: 9,
        model: 'up',
      };
      await withGateway(ok, async (gateway) => {
        await gateway.post('/v1/messages', asked);
        expect(gateway.seen[0]?.text).toBe(JSON.stringify(asked));
      });
    },
  },
  {
    names: ['EnforceCacheControlLimit_StripsNonLastToolBeforeMessages'],
    run() {
      const content = ['q1', 'q2', 'q3'].map((word) => ({ ...text(word), ...mark }));
      const body = own({ ...claudeAsk, tools: [tool('t1'), tool('t2')], messages: [{ role: 'user', content }] });
      expect(cachedNames(body)).toEqual(['t2', 'q1', 'q2', 'q3']);
    },
  },
  {
    names: ['EnforceCacheControlLimit_ToolOnlyPayloadStillRespectsLimit'],
    run() {
      const body = own({ ...claudeAsk, tools: ['t1', 't2', 't3', 't4', 't5', 't6'].map(tool) });
      expect(cachedNames(body)).toEqual(['t3', 't4', 't5', 't6']);
    },
  },
  {
    names: ['ClaudeExecutorPayloadOverrideDisabledThinking'],
    note: 'rules are the last word: they come after all that llmproxy makes of the settings',
    async run() {
      const thinking = { type: 'enabled', budget_tokens: 2048 };
      const sent = await overridden({ max_tokens: 4096, thinking }, '{ thinking: { type: disabled } }');
      expect(sent.thinking).toEqual({ type: 'disabled' });
      expect(sent.messages).toEqual(claudeAsk.messages);
    },
  },
  {
    names: ['ClaudeExecutorPayloadOverrideReenablesThinking'],
    async run() {
      const asked = { max_tokens: 4096, thinking: { type: 'disabled' } };
      const sent = await overridden(asked, '{ thinking: { type: enabled, budget_tokens: 2048 } }');
      expect(sent.thinking).toEqual({ type: 'enabled', budget_tokens: 2048 });
    },
  },
  {
    names: ['ValidateClaudeCallerSystemBlocksAcceptsTextOnly'],
    run() {
      const system = [text('a'), text('b')];
      expect(own({ ...claudeAsk, system }).system).toEqual(system);
      expect(own({ ...claudeAsk, system: 'a' }).system).toEqual([text('a')]);
    },
  },
  {
    names: [
      'ValidateClaudeCallerSystemBlocksRejectsNonTextBlock',
      'ClaudeExecutor_CountTokensRejectsNonTextCallerSystemBlock',
    ],
    note: 'Claude itself refuses such a block of a Claude client, in its own words; elsewhere the client is told that it is left out',
    run() {
      const image = { type: 'image', source: { type: 'url', url: 'https://images.test/a.png' } };
      const { body, warnings } = request('anthropic-messages', 'anthropic-messages', {
        ...claudeAsk,
        system: [text('a'), image],
      });
      expect(body.system).toEqual([text('a')]);
      expect(warnings).toEqual([
        { path: 'system.content[1]', reason: 'Claude takes only text as instructions, not media' },
      ]);
    },
  },
];
