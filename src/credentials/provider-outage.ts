import type { ErrorCode, ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import { cooldownFor, familyOf } from './cooldown.ts';
import { type CooldownWindow, causeOf, remainingMs, stepFor } from './cooldown-window.ts';
import { elapsedMs, type Moment } from './stopwatch.ts';

/** Accounts that must fail in a row, without a success of any, before the others are spared the same. */
const accountsInARow: Readonly<Partial<Record<ErrorCode, number>>> = {
  upstream_overloaded: 2,
  // Each of them keeps the client waiting.
  upstream_timeout: 2,
  upstream_unreachable: 3,
};

/** Failures that are further apart have nothing to do with each other. */
const TOGETHER_MS = 2 * 60_000;
const MEMORY_MS = 10 * 60_000;
const MAX_ENTRIES = 512;

/** What is known of one place that several accounts are served at. */
interface Outage {
  /** Accounts that failed in a row. */
  readonly failed: ReadonlySet<string>;
  readonly since: Moment;
  readonly window: CooldownWindow | undefined;
}

/** Providers that fail whichever account is used: further accounts are not asked in turn. */
export interface ProviderOutages {
  readonly isEmpty: boolean;
  /** The running or unproven cooldown of the place where a target is served. */
  of(target: Target): CooldownWindow | undefined;
  /** Returns how to take it back. */
  failed(target: Target, error: ProxyError, now: Moment, transientMs: number): () => void;
  succeeded(target: Target): void;
  clear(): void;
  /** Forgets what ended long ago. */
  sweep(now: Moment): void;
}

/** Everybody is well. */
export function createProviderOutages(): ProviderOutages {
  const outages = new Map<string, Outage>();
  const places = new WeakMap<Target, readonly [model: string, host: string]>();

  /** Where a target is served: a model of a host, and the host, reached by the same way. */
  function placesOf(target: Target): readonly [model: string, host: string] {
    const known = places.get(target);
    if (known !== undefined) return known;
    const { credential, provider, model } = target;
    const host = `${provider.id} ${credential.baseUrl ?? ''} ${credential.proxyUrl ?? ''}`;
    const made = [`${host} ${model}`, host] as const;
    places.set(target, made);
    return made;
  }

  function next(before: Outage | undefined, target: Target, error: ProxyError, now: Moment, ms: number): Outage {
    const isOver = before === undefined || (before.window === undefined && elapsedMs(before.since, now) > TOGETHER_MS);
    const failed = new Set([...(isOver ? [] : before.failed), target.credential.id]);
    const since = isOver ? now : before.since;
    const window = isOver ? undefined : before.window;
    const isOut = window !== undefined || failed.size >= (accountsInARow[error.code] ?? Number.POSITIVE_INFINITY);
    if (!isOut || remainingMs(window, now) > 0) return { failed, since, window };
    return { failed, since, window: outageWindow(window, error, now, ms) };
  }

  return {
    get isEmpty() {
      return outages.size === 0;
    },
    of(target) {
      const [model, host] = placesOf(target);
      return outages.get(host)?.window ?? outages.get(model)?.window;
    },
    failed(target, error, now, transientMs) {
      if (accountsInARow[error.code] === undefined || transientMs <= 0) return () => {};
      const [ofModel, ofHost] = placesOf(target);
      const place = error.code === 'upstream_unreachable' ? ofHost : ofModel;
      const before = outages.get(place);
      if (before === undefined && outages.size >= MAX_ENTRIES) outages.clear();
      const after = next(before, target, error, now, transientMs);
      outages.set(place, after);
      return () => {
        if (outages.get(place) !== after) return;
        if (before === undefined) outages.delete(place);
        else outages.set(place, before);
      };
    },
    succeeded(target) {
      if (outages.size === 0) return;
      for (const place of placesOf(target)) outages.delete(place);
    },
    clear: () => outages.clear(),
    sweep(now) {
      for (const [place, { since, window }] of outages) {
        const ageMs = now.steadyMs - (window?.began ?? since).steadyMs;
        if (ageMs > (window?.durationMs ?? 0) + MEMORY_MS) outages.delete(place);
      }
    },
  };
}

/** That others would fail as well is a guess, whatever the provider told some. */
function outageWindow(
  before: CooldownWindow | undefined,
  error: ProxyError,
  now: Moment,
  transientMs: number,
): CooldownWindow | undefined {
  const step = stepFor(before, error, now);
  const cooldown = cooldownFor(error, step, { transientMs });
  if (cooldown === undefined) return before;
  return {
    began: now,
    durationMs: cooldown.ms,
    family: familyOf(error),
    step,
    nextStep: step + 1,
    isGuess: true,
    holds: false,
    cause: causeOf(error),
    probe: undefined,
  };
}
