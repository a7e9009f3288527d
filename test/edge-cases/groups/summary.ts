/** Whether reasoning is shown: how each client says it, and how each upstream is told. */
import { expect } from 'vitest';
import { codecs } from '../../../src/dialects/index.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { leastRequest, request } from '../through.ts';

const thinking = (config: Wire): Wire => ({ generationConfig: { thinkingConfig: config } });
const google = (include_thoughts: boolean): Wire => ({
  extra_body: { google: { thinking_config: { include_thoughts } } },
});

/** What a client says, and what the hub understands. */
const said: readonly (readonly [UpstreamDialect, Wire, string | undefined])[] = [
  ['openai-chat', {}, undefined],
  ['openai-chat', { reasoning: { exclude: true } }, 'none'],
  ['openai-chat', { reasoning: { exclude: false } }, 'auto'],
  ['openai-chat', { include_reasoning: true }, 'auto'],
  ['openai-chat', { include_reasoning: false }, 'none'],
  ['openai-chat', google(true), 'auto'],
  ['openai-chat', google(false), 'none'],
  ['openai-chat', { reasoning_effort: 'high' }, 'auto'],
  ['openai-chat', { reasoning_effort: 'none' }, undefined],
  ['openai-responses', { reasoning: { summary: 'auto' } }, 'auto'],
  ['openai-responses', { reasoning: { summary: 'concise' } }, 'concise'],
  ['openai-responses', { reasoning: { summary: 'detailed' } }, 'detailed'],
  ['openai-responses', { reasoning: { summary: 'none' } }, 'none'],
  ['openai-responses', { reasoning: { summary: 'chatty' } }, undefined],
  ['openai-responses', { reasoning: { generate_summary: 'concise' } }, 'concise'],
  ['anthropic-messages', { thinking: { type: 'adaptive', display: 'summarized' } }, 'auto'],
  ['anthropic-messages', { thinking: { type: 'adaptive', display: 'omitted' } }, 'none'],
  ['anthropic-messages', { thinking: { type: 'adaptive', display: 'chatty' } }, undefined],
  ['anthropic-messages', { thinking: { type: 'disabled', display: 'summarized' } }, undefined],
  ['gemini', thinking({ includeThoughts: true }), 'auto'],
  ['gemini', thinking({ includeThoughts: false }), 'none'],
];

const decoded = (client: UpstreamDialect, more: Wire): string | undefined =>
  codecs.get(client)?.decodeRequest({ ...leastRequest[client], ...more }, { model: 'm', stream: false }).reasoning
    ?.summary;
const send = (client: UpstreamDialect, upstream: UpstreamDialect, more: Wire, target: Wire = {}): Wire =>
  request(client, upstream, { ...leastRequest[client], ...more }, target).body;

const shown = { reasoning: { effort: 'high', summary: 'detailed' } };
const hidden = { reasoning: { effort: 'high', summary: 'none' } };
const levels = { reasoning: { levels: ['low', 'high'] } };
const budgets = { reasoning: { minBudget: 1024, maxBudget: 32_000 }, maxOutputTokens: 64_000 };
const claude = (more: Wire, target: Wire): Wire => send('openai-responses', 'anthropic-messages', more, target);

export const summary: Group = {
  group: 'summary',
  entries: [
    {
      names: ['ExtractSummaryConfig'],
      run() {
        for (const [client, more, expected] of said)
          expect([client, more, decoded(client, more)]).toEqual([client, more, expected]);
      },
    },
    { names: ['ExtractExplicitSummaryConfigDoesNotUseChatEffort'], because: reasons.goInternal },
    {
      names: ['ApplySummaryConfig'],
      run() {
        const seen = (upstream: UpstreamDialect, more: Wire): Wire => send('openai-responses', upstream, more, levels);
        expect(seen('gemini', shown).generationConfig.thinkingConfig.includeThoughts).toBe(true);
        expect(seen('gemini', hidden).generationConfig.thinkingConfig.includeThoughts).toBe(false);
        expect(seen('anthropic-messages', shown).thinking.display).toBe('summarized');
        expect(seen('anthropic-messages', hidden).thinking.display).toBe('omitted');
        const fromGemini = (includeThoughts: boolean): Wire =>
          send('gemini', 'openai-responses', thinking({ thinkingLevel: 'high', includeThoughts })).reasoning;
        expect(fromGemini(true)).toEqual({ effort: 'high', summary: 'auto' });
        expect(fromGemini(false)).toEqual({ effort: 'high' });
      },
    },
    {
      names: ['ApplySummaryConfig_OpenAIChatProviderDialects'],
      note: 'Servers with OpenRouter’s object are told; the others have no word for it and show what they show.',
      run() {
        const chat = (quirks: Wire): Wire => send('openai-responses', 'openai-chat', hidden, { quirks });
        expect(chat({ reasoningObject: true }).reasoning).toEqual({ effort: 'high', exclude: true });
        expect(chat({})).toMatchObject({ reasoning_effort: 'high' });
        expect(chat({})).not.toHaveProperty('reasoning');
        // A client's own words for its server stay.
        expect(send('openai-chat', 'openai-chat', google(true)).extra_body).toEqual(google(true).extra_body);
        expect(send('openai-chat', 'openai-chat', { reasoning: { effort: 'low', exclude: true } }).reasoning).toEqual({
          effort: 'low',
          exclude: true,
        });
      },
    },
    {
      names: ['ApplySummaryConfigNormalizesTargetAliases'],
      run() {
        const snake = { generation_config: { thinking_config: { include_thoughts: true, thinking_budget: 2000 } } };
        expect(send('gemini', 'gemini', snake).generationConfig.thinkingConfig).toEqual({
          includeThoughts: true,
          thinkingBudget: 2000,
        });
        expect(send('gemini', 'openai-responses', snake).reasoning).toEqual({ effort: 'medium', summary: 'auto' });
      },
    },
    {
      names: [
        'ApplySummaryConfig_ClaudeDisplayRequiresActiveThinking',
        'ApplySummaryConfigForModel_ClaudeDisabledSummaryDoesNotEnableThinking',
      ],
      run() {
        const off = { reasoning: { effort: 'none', summary: 'auto' } };
        for (const target of [levels, budgets]) {
          expect(claude(off, target).thinking).toEqual({ type: 'disabled' });
          expect(claude({ reasoning: { summary: 'none' } }, target)).not.toHaveProperty('thinking');
        }
      },
    },
    {
      names: ['ApplySummaryConfigForModel_ClaudeEnabledSummaryUsesValidThinkingMode'],
      run() {
        const asked = { reasoning: { summary: 'auto' } };
        expect(claude(asked, levels).thinking).toEqual({ type: 'adaptive', display: 'summarized' });
        expect(claude(asked, budgets).thinking).toEqual({ type: 'enabled', budget_tokens: 8192 });
      },
    },
    {
      names: ['ApplySummaryConfig_ResponsesNormalizesDeprecatedGenerateSummary'],
      note: 'In a body that is rewritten; one that goes through keeps its words.',
      run() {
        const asked = { reasoning: { effort: 'low', generate_summary: 'concise' } };
        expect(send('openai-responses', 'openai-responses', asked).reasoning).toEqual({
          effort: 'low',
          summary: 'concise',
        });
      },
    },
    {
      names: [
        'ApplySummaryConfig_ResponsesDisabledOmitsSummary',
        'ApplySummaryConfig_ResponsesDisabledDropsEmptyReasoning',
      ],
      run() {
        const asked = (config: Wire): Wire => send('gemini', 'openai-responses', thinking(config));
        expect(asked({ thinkingLevel: 'low', includeThoughts: false }).reasoning).toEqual({ effort: 'low' });
        expect(asked({ includeThoughts: false })).not.toHaveProperty('reasoning');
        expect(send('openai-chat', 'openai-responses', { include_reasoning: false })).not.toHaveProperty('reasoning');
      },
    },
    {
      names: ['ApplySummaryConfig_UnspecifiedLeavesBodyUnchanged'],
      run() {
        const chat = send('openai-responses', 'openai-chat', {});
        expect([chat.reasoning, chat.reasoning_effort]).toEqual([undefined, undefined]);
        expect(claude({}, levels)).not.toHaveProperty('thinking');
        expect(send('openai-chat', 'openai-responses', {})).not.toHaveProperty('reasoning');
        expect(send('openai-chat', 'gemini', {})).not.toHaveProperty('generationConfig');
      },
    },
  ],
};
