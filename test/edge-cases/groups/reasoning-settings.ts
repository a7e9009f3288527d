/** Reasoning settings for models of other makers. */
import { expect } from 'vitest';
import type { ReasoningConfig } from '../../../src/ir/index.ts';
import type { ReasoningSupport } from '../../../src/models/model-info.ts';
import { resolveReasoning } from '../../../src/models/reasoning.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry, Group } from '../ledger.ts';
import { every, withRules } from '../payload.ts';
import { request } from '../through.ts';

const context = { model: 'm', fromSuffix: false, canAlwaysStop: false, clientPath: (path: string) => path };

/** What a model of another family is asked for. */
const elsewhere = (config: ReasoningConfig, support: ReasoningSupport): ReasoningConfig | undefined =>
  resolveReasoning(config, support, { ...context, sameFamily: false }).reasoning;
const within = (config: ReasoningConfig, support: ReasoningSupport, fromSuffix = false): ReasoningConfig | undefined =>
  resolveReasoning(config, support, { ...context, sameFamily: true, fromSuffix }).reasoning;

const levels = (...names: string[]): ReasoningSupport => ({ levels: names });
const highest: readonly (readonly [ReasoningSupport, 'xhigh' | 'max', string])[] = [
  [levels('low', 'xhigh', 'max'), 'xhigh', 'xhigh'],
  [levels('low', 'high', 'max'), 'xhigh', 'max'],
  [levels('low', 'high'), 'xhigh', 'high'],
  [levels('low', 'xhigh', 'max'), 'max', 'max'],
  [levels('low', 'high', 'xhigh'), 'max', 'xhigh'],
  [levels('low', 'high'), 'max', 'high'],
];

const chat: Wire = { messages: [{ role: 'user', content: 'hi' }] };
const responses = (reasoning: Wire): Wire => ({ input: 'hi', reasoning });
const gemini = (thinkingConfig: Wire): Wire => ({
  contents: [{ parts: [{ text: 'hi' }] }],
  generationConfig: { thinkingConfig },
});
const send = (client: UpstreamDialect, upstream: UpstreamDialect, body: Wire, target: Wire = {}): Wire =>
  request(client, upstream, body, target).body;

const adaptive = { reasoning: { levels: ['low', 'high'] } };
const budgets = { reasoning: { minBudget: 1024, maxBudget: 32_000 }, maxOutputTokens: 64_000 };

const intents: readonly Entry[] = [
  {
    names: [
      'ApplyThinkingWithModelInfoMapsCrossFamilyHighIntent',
      'ApplyThinkingWithModelInfoMapsOpenAICompatibilityHighIntent',
    ],
    run() {
      for (const [support, asked, effort] of highest) expect(elsewhere({ effort: asked }, support)).toEqual({ effort });
    },
  },
  {
    names: [
      'ApplyThinkingWithModelInfoMapsResponsesToCodexHighIntent',
      'ApplyThinkingWithModelInfoKeepsSameFamilyValidationStrict',
    ],
    note: 'Chat, Responses and Codex are one family: who asks for a level of it that the model lacks is told so.',
    run() {
      const support = levels('low', 'high');
      const refused = expect.objectContaining({ code: 'invalid_request', path: 'reasoning.effort' });
      for (const effort of ['xhigh', 'max', 'medium'] as const) {
        expect(() => within({ effort }, support)).toThrow(refused);
        expect(() => within({ effort }, support, true)).toThrow(expect.objectContaining({ path: 'model' }));
      }
      expect(within({ effort: 'high' }, support)).toEqual({ effort: 'high' });
    },
  },
  {
    names: ['ApplyThinkingWithModelInfoUsesOriginalResponsesEffort'],
    run() {
      const target = { reasoning: levels('low', 'high', 'max') };
      expect(send('openai-responses', 'openai-chat', responses({ effort: 'max' }), target).reasoning_effort).toBe(
        'max',
      );
      const claude = send('openai-responses', 'anthropic-messages', responses({ effort: 'max' }), target);
      expect(claude.output_config).toEqual({ effort: 'max' });
    },
  },
];

const visibility: readonly Entry[] = [
  {
    names: ['ApplyThinkingWithModelInfoAppliesEnabledSummaryOnlyClaudeVisibility'],
    run() {
      const asked = responses({ summary: 'auto' });
      expect(send('openai-responses', 'anthropic-messages', asked, adaptive).thinking).toEqual({
        type: 'adaptive',
        display: 'summarized',
      });
      expect(send('openai-responses', 'anthropic-messages', asked, budgets).thinking).toEqual({
        type: 'enabled',
        budget_tokens: 8192,
      });
      expect(send('openai-responses', 'anthropic-messages', asked)).not.toHaveProperty('thinking');
    },
  },
  {
    names: ['ApplyThinkingWithModelInfoDoesNotActivateClaudeForDisabledSummary'],
    run() {
      for (const target of [adaptive, budgets]) {
        expect(
          send('openai-responses', 'anthropic-messages', responses({ summary: 'none' }), target),
        ).not.toHaveProperty('thinking');
        expect(send('gemini', 'anthropic-messages', gemini({ includeThoughts: false }), target)).not.toHaveProperty(
          'thinking',
        );
      }
    },
  },
  {
    names: [
      'ApplyThinkingWithModelInfoAndSummaryDropsInferredClaudeModeWhenSummaryRemoved',
      'ApplyThinkingWithSourcePayloadPreservesNormalizerSummaryRemoval',
      'ApplyThinkingWithSourcePayloadPreservesOriginalOnlySummary',
    ],
    note: 'Rules see the translated body, last: what they take out of it does not come back, and nothing else goes with it.',
    run() {
      const body = send('openai-responses', 'anthropic-messages', responses({ summary: 'auto' }), adaptive);
      const subject = { client: 'openai-responses', upstream: 'anthropic-messages' };
      const without = (path: string): Wire => withRules({ filter: [{ models: every, params: [path] }] }, body, subject);
      expect(without('thinking')).not.toHaveProperty('thinking');
      expect(without('thinking.display').thinking).toEqual({ type: 'adaptive' });
      expect(without('reasoning.summary').thinking).toEqual(body.thinking);
    },
  },
  {
    names: ['ApplyThinkingWithModelInfoSummaryOnlyDoesNotInventOpenAIEffort'],
    run() {
      const asked = gemini({ includeThoughts: true });
      expect(send('gemini', 'openai-responses', asked).reasoning).toEqual({ summary: 'auto' });
      const body = send('gemini', 'openai-chat', asked);
      expect(body).not.toHaveProperty('reasoning_effort');
      expect(body).not.toHaveProperty('reasoning');
    },
  },
  {
    names: ['ApplyThinkingWithSummaryKeepsOpenAIChatSuffixNone'],
    run() {
      const off = within({ effort: 'none', summary: 'auto' }, { levels: ['none', 'low'] }, true);
      expect(off?.effort).toBe('none');
      const asked = { ...chat, reasoning_effort: 'none', include_reasoning: true };
      expect(send('openai-chat', 'openai-chat', asked)).toMatchObject({ reasoning_effort: 'none' });
      expect(send('openai-chat', 'gemini', asked).generationConfig).toEqual({ thinkingConfig: { thinkingBudget: 0 } });
    },
  },
  {
    names: ['ApplyThinkingWithModelInfoUsesOpenRouterVisibility'],
    run() {
      const openRouter = { quirks: { reasoningObject: true } };
      const hidden = responses({ effort: 'high', summary: 'none' });
      expect(send('openai-responses', 'openai-chat', hidden, openRouter).reasoning).toEqual({
        effort: 'high',
        exclude: true,
      });
      const shown = send('openai-responses', 'openai-chat', responses({ effort: 'high', summary: 'auto' }), openRouter);
      expect([shown.reasoning, shown.reasoning_effort]).toEqual([undefined, 'high']);
      expect(send('openai-responses', 'openai-chat', hidden).reasoning).toBeUndefined();
    },
  },
];

const thinkingNames = new Set([
  'ApplyThinkingWithSourcePayloadPreservesNormalizerSummaryRemoval',
  'ApplyThinkingWithSourcePayloadPreservesOriginalOnlySummary',
]);
const entries = [...intents, ...visibility];
const only = (wanted: (name: string) => boolean): readonly Entry[] =>
  entries.map((entry) => ({ ...entry, names: entry.names.filter(wanted) })).filter((entry) => entry.names.length > 0);

/** How much a model reasons and whether it shows it, where client and model are of different makers. */
export const reasoningGroups: readonly Group[] = [
  { group: 'thinking', entries: only((name) => thinkingNames.has(name)) },
  { group: 'apply_configured_api_key', entries: only((name) => !thinkingNames.has(name)) },
];
