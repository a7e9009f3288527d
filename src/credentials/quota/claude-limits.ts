/** Limits of Claude's API (requests, tokens) and of its plans (5 hours, 7 days). https://docs.anthropic.com/en/api/rate-limits */
import type { AnswerHeaders } from '../pool.ts';
import { clamp, momentOf, numberOf, type QuotaReading, usedOf } from './quota-window.ts';

const PLAN = 'anthropic-ratelimit-unified';
const PLAN_WINDOWS = ['5h', '7d', '7d_oi'] as const;
const RATES = ['requests', 'tokens', 'input-tokens', 'output-tokens'] as const;

/** Readings of a plan's answer. `7d_oi` is that of one family of models. */
export function readClaudePlan(headers: AnswerHeaders, nowMs: number): readonly QuotaReading[] {
  // Paid usage beyond the plan: the windows are rejected, the request is not.
  const isServed = String(headers[`${PLAN}-status`] ?? '').startsWith('allowed');
  return PLAN_WINDOWS.flatMap((name) => {
    const status = headers[`${PLAN}-${name}-status`];
    const utilization = numberOf(headers[`${PLAN}-${name}-utilization`]);
    const resetsAtMs = momentOf(headers[`${PLAN}-${name}-reset`], nowMs);
    const isRejected = status === 'rejected';
    if (resetsAtMs === undefined || (utilization === undefined && !isRejected)) return [];
    const usedFraction = isRejected ? 1 : clamp(utilization ?? 0);
    const of = name === '7d_oi' ? 'model' : 'credential';
    return [{ name, usedFraction, resetsAtMs, of, spent: isRejected && !isServed ? 'told' : undefined }];
  });
}

/** Readings of an API key's answer: each model has its own rates. */
export function readClaudeRates(headers: AnswerHeaders, nowMs: number): readonly QuotaReading[] {
  return RATES.flatMap((name) => {
    const place = `anthropic-ratelimit-${name}`;
    const usedFraction = usedOf(numberOf(headers[`${place}-limit`]), numberOf(headers[`${place}-remaining`]));
    const resetsAtMs = momentOf(headers[`${place}-reset`], nowMs);
    if (usedFraction === undefined || resetsAtMs === undefined) return [];
    return [{ name, usedFraction, resetsAtMs, of: 'model', spent: usedFraction >= 1 ? 'guessed' : undefined }];
  });
}
