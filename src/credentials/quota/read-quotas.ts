import type { AnswerHeaders } from '../pool.ts';
import { readClaudePlan, readClaudeRates } from './claude-limits.ts';
import { readCodexPlan } from './codex-limits.ts';
import { readOpenAiRates } from './openai-limits.ts';
import type { QuotaReader, QuotaReading } from './quota-window.ts';

/** Headers without which a reader finds nothing. */
const readers: readonly { readonly header: string; readonly read: QuotaReader }[] = [
  { header: 'anthropic-ratelimit-unified-status', read: readClaudePlan },
  { header: 'anthropic-ratelimit-requests-remaining', read: readClaudeRates },
  { header: 'anthropic-ratelimit-tokens-remaining', read: readClaudeRates },
  { header: 'x-ratelimit-remaining-requests', read: readOpenAiRates },
  { header: 'x-ratelimit-remaining-tokens', read: readOpenAiRates },
  { header: 'x-ratelimit-remaining', read: readOpenAiRates },
  { header: 'x-codex-primary-used-percent', read: readCodexPlan },
  { header: 'x-codex-secondary-used-percent', read: readCodexPlan },
];

const NOTHING: readonly QuotaReading[] = [];

/** What the headers of an answer say of limits. Those of most providers say nothing: that costs a look-up per reader. */
export function readQuotas(headers: AnswerHeaders, now: () => number): readonly QuotaReading[] {
  let found = NOTHING;
  let last: QuotaReader | undefined;
  for (const { header, read } of readers) {
    if (headers[header] === undefined || read === last) continue;
    last = read;
    const readings = read(headers, now());
    found = found === NOTHING ? readings : [...found, ...readings];
  }
  return found;
}
