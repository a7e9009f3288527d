/** `x-ratelimit-*` of OpenAI and those who copied it. https://platform.openai.com/docs/guides/rate-limits */
import type { AnswerHeaders } from '../pool.ts';
import { momentOf, numberOf, type QuotaReading, usedOf } from './quota-window.ts';

/** What stands after `limit`, `remaining` and `reset`. OpenRouter has nothing there. */
const UNITS = ['-requests', '-tokens', ''] as const;

/** Each model has its own rates. */
export function readOpenAiRates(headers: AnswerHeaders, nowMs: number): readonly QuotaReading[] {
  return UNITS.flatMap((unit) => {
    const remaining = numberOf(headers[`x-ratelimit-remaining${unit}`]);
    const usedFraction = usedOf(numberOf(headers[`x-ratelimit-limit${unit}`]), remaining);
    const resetsAtMs = momentOf(headers[`x-ratelimit-reset${unit}`], nowMs);
    if (usedFraction === undefined || resetsAtMs === undefined) return [];
    const name = unit === '' ? 'requests' : unit.slice(1);
    return [{ name, usedFraction, resetsAtMs, of: 'model', spent: usedFraction >= 1 ? 'guessed' : undefined }];
  });
}
