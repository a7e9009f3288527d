import type { Clock } from '../../clock.ts';
import { ProxyError } from '../../errors.ts';
import type { Target } from '../../routing/target.ts';
import { type Cooldown, MAX_HINT_MS } from '../cooldown.ts';
import type { AnswerHeaders } from '../pool.ts';
import type { StateSource } from '../state-keeper.ts';
import type { Headroom } from '../strategies/strategy.ts';
import { Gauges } from './gauges.ts';
import { createQuotaSource } from './quota-state.ts';
import type { QuotaReading, QuotaWindow, ToldQuota } from './quota-window.ts';
import { readQuotas } from './read-quotas.ts';

/** A limit of which nothing is left: whom that keeps from being used, and until when. */
export interface Spent {
  readonly cooldown: Cooldown;
  readonly error: ProxyError;
}

/** How much of their limits the accounts have used, as the providers tell it with every answer. */
export interface Quotas {
  /** Keeps what an answer's headers say; the limit that is used up, if there is one. */
  read(target: Target, headers: AnswerHeaders): Spent | undefined;
  /** What a provider said when it was asked. `model`: undefined for the whole credential. */
  told(credentialId: string, model: string | undefined, reading: ToldQuota): void;
  /** A refusal tells of a limit as well. */
  failed(target: Target, error: ProxyError): void;
  /** Of all windows that count for the target, the one with the least left. */
  headroom(target: Target): Headroom | undefined;
  /** Windows that have not ended: of one credential, or of all. */
  windows(credentialId: string): readonly QuotaWindow[];
  snapshot(): readonly (QuotaWindow & { readonly credentialId: string })[];
  /** Forgets what is known of a credential. */
  drop(credentialId: string): void;
  readonly source: StateSource;
}

/** Nothing is known yet. */
export function createQuotas(clock: Clock): Quotas {
  const gauges = new Gauges();
  const now = (): number => clock.now();
  return {
    read(target, headers) {
      const readings = readQuotas(headers, now);
      if (readings.length === 0) return undefined;
      const nowMs = clock.now();
      for (const reading of readings) gauges.set(target, reading, nowMs);
      const spent = readings.filter((reading) => reading.spent !== undefined && reading.resetsAtMs > nowMs);
      return spent.length === 0 ? undefined : spentOf(worst(spent), nowMs);
    },
    told: (credentialId, model, reading) =>
      gauges.write(credentialId, model, { ...reading, observedAtMs: clock.now() }),
    failed(target, error) {
      const nowMs = clock.now();
      const name = error.upstream?.limitName;
      if (name === undefined || error.retryAfterMs === undefined) return;
      const resetsAtMs = nowMs + Math.min(error.retryAfterMs, MAX_HINT_MS);
      const of = error.scope === 'credential' ? 'credential' : 'model';
      gauges.set(target, { name, usedFraction: 1, resetsAtMs, of }, nowMs);
    },
    headroom: (target) => (gauges.isEmpty ? undefined : gauges.headroom(target, clock.now())),
    windows: (credentialId) => gauges.windows(credentialId, clock.now()),
    snapshot: () => gauges.all(clock.now()),
    drop: (credentialId) => gauges.drop(credentialId),
    source: createQuotaSource(gauges, clock),
  };
}

/** A plan's word before a rate's, the whole before a model, the longest before the others. */
function worst(spent: readonly QuotaReading[]): QuotaReading {
  const weight = ({ of, spent: how }: QuotaReading): number => (how === 'told' ? 2 : 0) + (of === 'credential' ? 1 : 0);
  return spent.reduce((one, other) => {
    const difference = weight(other) - weight(one);
    return difference > 0 || (difference === 0 && other.resetsAtMs > one.resetsAtMs) ? other : one;
  });
}

function spentOf({ name, of, resetsAtMs, spent }: QuotaReading, nowMs: number): Spent {
  const ms = Math.min(resetsAtMs - nowMs, MAX_HINT_MS);
  return {
    cooldown: { scope: of, ms, raisesLevel: false, isGuess: spent === 'guessed', holds: true },
    error: new ProxyError('upstream_rate_limited', `nothing is left of the limit "${name}"`, { retryAfterMs: ms }),
  };
}
