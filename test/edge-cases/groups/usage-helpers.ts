/** Token counts out of upstreams' answers, and what is recorded of a request. */
import { expect } from 'vitest';
import { codecs } from '../../../src/dialects/index.ts';
import { emptyUsage, totalInputTokens, type Usage } from '../../../src/ir/index.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { completed, created, message, textEvents } from '../responses-events.ts';
import { ask } from '../responses-upstream.ts';
import { answer, stream } from '../through.ts';

const wholes: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': {
    id: 'x',
    choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }],
  },
  'openai-responses': { id: 'r', status: 'completed', output: [] },
  'anthropic-messages': { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' },
  gemini: { candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }] },
};

const decode = (dialect: UpstreamDialect, fields: Wire): Wire =>
  codecs.get(dialect)?.decodeResponse({ ...wholes[dialect], ...fields });
const usage = (dialect: UpstreamDialect, wire: Wire): Usage =>
  decode(dialect, dialect === 'gemini' ? { usageMetadata: wire } : { usage: wire }).usage;
const counts = (known: Partial<Usage>): Usage => ({ ...emptyUsage, ...known });

/** The counts that a Responses client is told at the end of a stream of that upstream. */
const atEnd = (dialect: UpstreamDialect, events: readonly Wire[]): Wire =>
  stream('openai-responses', dialect, events).at(-1)?.data.response;

const chunk = (more: Wire = {}, choices: Wire = []): Wire => ({
  id: 'x',
  object: 'chat.completion.chunk',
  model: 'm',
  choices,
  ...more,
});
const chatEvents = (...chunks: readonly Wire[]): Wire[] => [
  chunk({}, [{ index: 0, delta: { role: 'assistant', content: 'a' }, finish_reason: null }]),
  chunk({}, [{ index: 0, delta: {}, finish_reason: 'stop' }]),
  ...chunks,
  '[DONE]',
];
const used = (prompt_tokens: number, completion_tokens: number): Wire => ({
  usage: { prompt_tokens, completion_tokens },
});

const openai: readonly Entry[] = [
  {
    names: [
      'ParseOpenAIUsageChatCompletions',
      'ParseOpenAIUsageNormalizesCacheCreationAlias',
      'ParseOpenAIUsagePartialBucketsPreserveKnownTokens',
    ],
    run() {
      const details = {
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 4 },
      };
      expect(usage('openai-chat', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...details })).toEqual(
        counts({ inputTokens: 8, cachedReadTokens: 2, outputTokens: 5, reasoningTokens: 4 }),
      );
      for (const alias of ['cache_write_tokens', 'cache_creation_tokens', 'cached_creation_tokens']) {
        const written = { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { [alias]: 3 } };
        expect(usage('openai-chat', written)).toEqual(counts({ inputTokens: 7, cacheWriteTokens: 3, outputTokens: 5 }));
      }
      expect(usage('openai-chat', { prompt_tokens: 3, total_tokens: 10 })).toEqual(counts({ inputTokens: 3 }));
    },
  },
  {
    names: [
      'ParseOpenAIUsageResponses',
      'ParseCodexUsageIncludesCacheWriteTokens',
      'ParseOpenAIStreamUsageResponsesFields',
    ],
    run() {
      const wire = {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 4 },
      };
      expect(usage('openai-responses', wire)).toEqual({
        inputTokens: 5,
        cachedReadTokens: 2,
        cacheWriteTokens: 3,
        outputTokens: 5,
        reasoningTokens: 4,
      });
      expect(atEnd('openai-responses', [created, completed({ usage: wire })]).usage).toMatchObject({
        ...wire,
        total_tokens: 15,
      });
    },
  },
  {
    names: ['ParseOpenAIUsageTotalOnlyIsUnclassified', 'ParseOpenAIUsageExplicitZeroBucketsRemainInconsistent'],
    note: 'A total that nothing explains counts as nothing: it is not guessed which tokens they were.',
    run() {
      expect(usage('openai-chat', { total_tokens: 10 })).toEqual(emptyUsage);
      expect(usage('openai-chat', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 10 })).toEqual(emptyUsage);
    },
  },
  {
    names: [
      'ParseOpenAIUsageIgnoresNullUsage',
      'ParseOpenAIUsagePreservesResponseTierWithoutUsage',
      'ParseCodexUsagePreservesResponseTierWithoutUsage',
    ],
    run() {
      for (const dialect of ['openai-chat', 'openai-responses'] as const) {
        const { usage: read, serviceTier } = decode(dialect, { usage: null, service_tier: 'flex' });
        expect([read, serviceTier]).toEqual([emptyUsage, 'flex']);
      }
    },
  },
  {
    names: [
      'ParseOpenAIStreamUsageIgnoresNullUsage',
      'StreamUsageBufferKeepsLastUsage',
      'StreamUsageBufferObserveOpenAIStreamStateTransitions',
    ],
    run() {
      const { usage: told } = atEnd(
        'openai-chat',
        chatEvents(chunk(used(1, 1)), chunk(used(9, 4)), chunk({ usage: null })),
      );
      expect([told.input_tokens, told.output_tokens]).toEqual([9, 4]);
    },
  },
  {
    names: ['StreamUsageBufferPreservesTierAcrossChunks', 'StreamUsageBufferPreservesOnlyZeroUsage'],
    note: 'Usage of zeros is none: the Responses format demands one, and gets an estimate.',
    run() {
      const events = chatEvents(chunk(used(0, 0)));
      const response = atEnd('openai-chat', [{ ...events[0], service_tier: 'flex' }, ...events.slice(1)]);
      expect(response.service_tier).toBe('flex');
      expect([response.usage.input_tokens, response.usage.output_tokens]).toEqual([1, 1]);
    },
  },
];

const others: readonly Entry[] = [
  {
    names: ['ParseClaudeUsageIncludesCacheTokensInTotal', 'ParseClaudeUsageFallsBackCachedTokensToCacheCreation'],
    note: 'Tokens written to a cache are never counted as read from it: they cost more, not less.',
    run() {
      const read = usage('anthropic-messages', {
        input_tokens: 10,
        output_tokens: 5,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 3,
      });
      expect(read).toEqual(counts({ inputTokens: 10, cacheWriteTokens: 3, outputTokens: 5 }));
      expect(totalInputTokens({ ...read, cachedReadTokens: 2 })).toBe(15);
    },
  },
  {
    names: [
      'ParseClaudeUsagePreservesThinkingTokensAsReasoningSubset',
      'ParseClaudeUsageFallsBackToTopLevelThinkingTokens',
    ],
    run() {
      for (const thinking of [{ output_tokens_details: { thinking_tokens: 4 } }, { thinking_tokens: 4 }]) {
        expect(usage('anthropic-messages', { input_tokens: 10, output_tokens: 5, ...thinking })).toEqual(
          counts({ inputTokens: 10, outputTokens: 5, reasoningTokens: 4 }),
        );
      }
    },
  },
  {
    names: [
      'ParseClaudeStreamUsagePreservesThinkingTokensAsReasoningSubset',
      'NormalizeUsageDetailTotalDoesNotDoubleCountReasoning',
    ],
    run() {
      const start = {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'c',
        content: [],
        usage: { input_tokens: 10, output_tokens: 1 },
      };
      const end = { output_tokens: 5, output_tokens_details: { thinking_tokens: 4 } };
      const { usage: told } = atEnd('anthropic-messages', [
        { type: 'message_start', message: start },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: end },
        { type: 'message_stop' },
      ]);
      expect(told).toMatchObject({
        input_tokens: 10,
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 15,
      });
    },
  },
  {
    names: [
      'ParseGeminiUsageNormalizesCachedContent',
      'ParseGeminiUsageIncludesToolUsePromptTokens',
      'ParseGeminiUsageRejectsInvalidToolUseSums',
    ],
    run() {
      const base = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 18 };
      expect(usage('gemini', { ...base, cachedContentTokenCount: 4, thoughtsTokenCount: 3 })).toEqual(
        counts({ inputTokens: 6, cachedReadTokens: 4, outputTokens: 8, reasoningTokens: 3 }),
      );
      expect(usage('gemini', { ...base, toolUsePromptTokenCount: 6 }).inputTokens).toBe(16);
      for (const wrong of [-6, '6', null])
        expect(usage('gemini', { ...base, toolUsePromptTokenCount: wrong }).inputTokens).toBe(10);
    },
  },
  {
    names: ['ParseGeminiStreamUsageSkipsZeroPlaceholder'],
    run() {
      const part = (text: string, more: Wire): Wire => ({
        candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
      });
      const placeholder = { usageMetadata: { promptTokenCount: 0, totalTokenCount: 0 } };
      const { usage: told } = atEnd('gemini', [
        { ...part('a', {}), ...placeholder },
        { ...part('b', { finishReason: 'STOP' }), usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4 } },
      ]);
      expect([told.input_tokens, told.output_tokens]).toEqual([9, 4]);
    },
  },
  { names: names['usage_helpers'].filter((name) => name.includes('Interactions')), because: reasons.interactions },
];

const good = { events: [created, ...textEvents(0, 'hello'), completed({ output: [message('hello')] })] };
const body = { model: 'asked', input: 'hi', stream: true };

const records: readonly Entry[] = [
  {
    names: [
      'UsageReporterBuildRecordIncludesLatency',
      'UsageReporterTrackHTTPClientStartsTTFTBeforeRoundTrip',
      'UsageReporterBuildRecordIncludesRequestedModelAlias',
      'NewExecutorUsageReporterIncludesExecutorType',
    ],
    async run() {
      const { record } = await ask({ body, answers: [good] });
      expect(record).toMatchObject({
        requestedModel: 'asked',
        upstreamModel: 'm',
        provider: 'codex',
        credentialId: 'c1',
        upstreamDialect: 'openai-responses',
        status: 200,
        usage: { inputTokens: 20, outputTokens: 7 },
      });
      expect(record?.latencyMs).toBeGreaterThan(0);
      expect(record?.ttfbMs).toBeGreaterThan(0);
      expect(record?.latencyMs).toBeGreaterThanOrEqual(record?.ttfbMs ?? Number.POSITIVE_INFINITY);
    },
  },
  {
    names: ['FailFromErrorsMapsContextStatuses', 'StreamUsageBufferPublishFailure'],
    async run() {
      const failure = { type: 'error', error: { code: 'server_error', message: 'broke' } };
      const broken = await ask({ body, answers: [{ events: [created, ...textEvents(0, 'hello'), failure] }] });
      expect(broken.record).toMatchObject({ status: 502, errorCode: 'upstream_failed' });
      const refused = await ask({ body, answers: [{ status: 400, body: { error: { message: 'no' } } }] });
      expect(refused.record).toMatchObject({ status: 400, errorCode: 'upstream_rejected' });
    },
  },
  {
    names: [
      'UsageReporterBuildRecordIncludesReasoningEffort',
      'UsageReporterBuildRecordIncludesServiceTier',
      'UsageReporterBuildRecordDefaultsGenerateTrue',
      'UsageReporterBuildRecordIncludesGenerateFalse',
      'UsageReporterSetTranslatedReasoningEffortPreservesClientServiceTier',
      'UsageReporterBuildAdditionalModelRecordSkipsZeroTokens',
    ],
    because: 'records of usage, with effort, tier and further models, come with the statistics',
  },
];

const full = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 27,
};
const wholeUsage = (wire: Wire): Wire =>
  answer('openai-responses', 'openai-responses', completed({ usage: wire }).response).body.usage;

const details: readonly Entry[] = [
  {
    names: [
      'EnsureResponsesUsageDetails_NonStreamJSON',
      'EnsureResponsesUsageDetails_HandlesNullOrEmptyDetails',
      'EnsureResponsesUsageDetails_NonStreamJSONWithDataSubstring',
    ],
    note: 'Whenever the answer is written here; what a Responses upstream says to a Responses client stays as it is.',
    run() {
      for (const missing of [{}, { input_tokens_details: null, output_tokens_details: {} }]) {
        expect(wholeUsage({ input_tokens: 20, output_tokens: 7, ...missing })).toMatchObject(full);
      }
      const output = [message('data: {"usage":{"input_tokens":1}}\n\n')];
      const { response } = completed({ output, usage: { input_tokens: 20, output_tokens: 7 } });
      expect(answer('openai-responses', 'openai-responses', response).body).toMatchObject({
        usage: full,
        output: [{ content: output[0].content }],
      });
    },
  },
  {
    names: [
      'EnsureResponsesUsageDetails_SSEData',
      'EnsureResponsesUsageDetails_SSEEventDataMultiLine',
      'EnsureResponsesUsageDetails_NonJSONAndDone',
    ],
    run() {
      const end = JSON.stringify(completed({ usage: { input_tokens: 20, output_tokens: 7 } }), null, 1);
      const lines = end.split('\n').map((line) => `data: ${line}\n`);
      const text = `data: ${JSON.stringify(created)}\n\n: comment\n\nevent: response.completed\n${lines.join('')}\ndata: [DONE]\n\n`;
      expect(stream('openai-responses', 'openai-responses', text).at(-1)?.data.response.usage).toMatchObject(full);
    },
  },
  {
    names: ['EnsureResponsesUsageDetails_PreservesExistingDetails'],
    run() {
      const given = {
        ...full,
        input_tokens_details: { cached_tokens: 5 },
        output_tokens_details: { reasoning_tokens: 3 },
      };
      expect(wholeUsage(given)).toMatchObject(given);
    },
  },
  {
    names: ['TranslateStreamWithClaudeInputTokens_OpenAICompatTranslation_PatchesResponsesUsage'],
    run() {
      expect(atEnd('openai-chat', chatEvents(chunk(used(20, 7)))).usage).toMatchObject(full);
    },
  },
];

export const usageHelpers: readonly Group[] = [
  { group: 'usage_helpers', entries: [...openai, ...others, ...records] },
  { group: 'responses_usage_helpers', entries: details },
];
