/** `x-codex-primary-*` and `-secondary-*`: the plan windows of a ChatGPT account. */
import type { AnswerHeaders } from '../pool.ts';
import { clamp, momentOf, numberOf, type QuotaReading } from './quota-window.ts';

const WINDOWS = ['primary', 'secondary'] as const;

/** Plans are of the whole account. */
export function readCodexPlan(headers: AnswerHeaders, nowMs: number): readonly QuotaReading[] {
  const hasCredits = /^(?:true|1)$/i.test(String(headers['x-codex-credits-has-credits'] ?? ''));
  return WINDOWS.flatMap((window) => {
    const place = `x-codex-${window}`;
    const percent = numberOf(headers[`${place}-used-percent`]);
    const resetsAtMs = resetOf(headers, place, nowMs);
    if (percent === undefined || resetsAtMs === undefined) return [];
    const spent = percent >= 100 && !hasCredits ? 'told' : undefined;
    const name = nameOf(numberOf(headers[`${place}-window-minutes`])) ?? window;
    return [{ name, usedFraction: clamp(percent / 100), resetsAtMs, of: 'credential', spent }];
  });
}

function resetOf(headers: AnswerHeaders, place: string, nowMs: number): number | undefined {
  return (
    momentOf(headers[`${place}-reset-after-seconds`], nowMs) ??
    momentOf(headers[`${place}-resets-in-seconds`], nowMs) ??
    momentOf(headers[`${place}-reset-at`], nowMs)
  );
}

/** 300 -> `5h`, 10080 -> `7d`. The vendor is a minute short now and then. */
function nameOf(minutes: number | undefined): string | undefined {
  if (minutes === undefined || minutes <= 0) return undefined;
  const hours = Math.ceil(minutes / 60);
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}
