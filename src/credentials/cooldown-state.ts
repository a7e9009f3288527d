import { type ErrorCode, errorTable } from '../errors.ts';
import { MAX_HINT_MS } from './cooldown.ts';
import { type CooldownWindow, remainingMs } from './cooldown-window.ts';
import type { SavedState, StateChange, StateSource } from './state-keeper.ts';
import { elapsedMs, type Moment, type Stopwatch } from './stopwatch.ts';
import type { TroubleEntry, Troubles } from './troubles.ts';

/** How far a cooldown had come is worth keeping for so long after its end. */
const MEMORY_MS = 30 * 60_000;

/** One row per credential: the list of its windows. */
export function createCooldownSource(troubles: Troubles, watch: Stopwatch): StateSource {
  function changeOf(credentialId: string): StateChange {
    const entries = troubles.listOf(credentialId);
    if (entries.length === 0) return { key: credentialId, value: undefined, expiresAtMs: 0 };
    const ends = entries.map(({ window }) => window.began.wallMs + window.durationMs + MEMORY_MS);
    return { key: credentialId, value: entries.map(windowRow), expiresAtMs: Math.max(...ends) };
  }
  return {
    kind: 'cooldown',
    changed: () => troubles.takeChanged().map(changeOf),
    restore(saved) {
      const now = watch.moment();
      for (const row of saved) restoreRow(row, troubles, now);
      troubles.takeChanged();
    },
  };
}

function windowRow({ model, window }: TroubleEntry): object {
  const { began, durationMs, family, step, nextStep, isGuess, holds, cause } = window;
  const { code, status, message } = cause;
  const place = model === undefined ? {} : { model };
  const startedAtMs = began.wallMs;
  return { ...place, startedAtMs, durationMs, family, step, nextStep, isGuess, holds, code, status, message };
}

function restoreRow({ key, value, shiftMs }: SavedState, troubles: Troubles, now: Moment): void {
  if (!Array.isArray(value)) return;
  for (const item of value) {
    const window = readWindow(item, now, shiftMs);
    if (window === undefined) continue;
    const isForgotten = remainingMs(window, now) === 0 && elapsedMs(window.began, now) > window.durationMs + MEMORY_MS;
    const model: unknown = item.model;
    if (!isForgotten) troubles.put(key, typeof model === 'string' ? model : undefined, window, now);
  }
}

/** A file may be anybody's: what is not as written here is left out, and nothing runs longer than it was meant to. */
function readWindow(item: unknown, now: Moment, shiftMs: number): CooldownWindow | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const fields = new Map(Object.entries(item));
  const code = fields.get('code');
  const durationMs = countOf(fields.get('durationMs'));
  const startedAtMs = countOf(fields.get('startedAtMs'));
  if (!isErrorCode(code) || durationMs === undefined || startedAtMs === undefined) return undefined;
  const wallMs = Math.min(startedAtMs + shiftMs, now.wallMs);
  return {
    began: { wallMs, steadyMs: now.steadyMs - (now.wallMs - wallMs) },
    durationMs: Math.min(durationMs, MAX_HINT_MS),
    family: textOf(fields.get('family')) ?? code,
    step: countOf(fields.get('step')) ?? 0,
    nextStep: countOf(fields.get('nextStep')) ?? 0,
    isGuess: fields.get('isGuess') === true,
    holds: fields.get('holds') === true,
    cause: {
      code,
      status: countOf(fields.get('status')) ?? errorTable[code].status,
      message: textOf(fields.get('message')) ?? '',
    },
    probe: undefined,
  };
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}
