import type { Clock } from '../../clock.ts';
import type { SavedState, StateSource } from '../state-keeper.ts';
import type { Gauges } from './gauges.ts';
import { clamp } from './quota-window.ts';

/** Gauges move with every answer: not each move is worth a write. */
const EVERY_MS = 5000;

/** One row per credential: the list of its windows. */
export function createQuotaSource(gauges: Gauges, clock: Clock): StateSource {
  return {
    kind: 'quota',
    everyMs: EVERY_MS,
    changed: () =>
      gauges.takeChanged().map((key) => {
        const windows = gauges.windows(key, clock.now());
        if (windows.length === 0) return { key, value: undefined, expiresAtMs: 0 };
        return { key, value: windows, expiresAtMs: Math.max(...windows.map(({ resetsAtMs }) => resetsAtMs)) };
      }),
    restore(saved) {
      for (const row of saved) restoreRow(row, gauges, clock.now());
    },
  };
}

/** A file may be anybody's: what is not as written here is left out. */
function restoreRow({ key, value, shiftMs }: SavedState, gauges: Gauges, nowMs: number): void {
  if (!Array.isArray(value)) return;
  for (const item of value) {
    if (typeof item !== 'object' || item === null) continue;
    const { name, model, usedFraction, resetsAtMs, observedAtMs }: Record<string, unknown> = { ...item };
    if (typeof name !== 'string' || !isNumber(usedFraction) || !isNumber(resetsAtMs) || !isNumber(observedAtMs))
      continue;
    const resetsAt = resetsAtMs + shiftMs;
    if (resetsAt <= nowMs) continue;
    gauges.write(key, typeof model === 'string' ? model : undefined, {
      name,
      usedFraction: clamp(usedFraction),
      resetsAtMs: resetsAt,
      observedAtMs: Math.min(observedAtMs + shiftMs, nowMs),
    });
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
