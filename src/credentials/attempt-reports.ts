import type { Cooldowns } from './cooldowns.ts';
import type { Counters } from './counters.ts';
import type { Health } from './health.ts';
import type { InFlight } from './in-flight.ts';
import type { Limits } from './limits/limits.ts';
import type { Room } from './limits/room.ts';
import type { CredentialPool } from './pool.ts';
import type { Quotas } from './quota/quotas.ts';

/** What the pool hears of attempts, and tells of what it heard. */
export type AttemptReports = Required<Omit<CredentialPool, 'pick' | 'room' | 'mostTokens'>>;

/** Who hears of attempts. */
export interface AttemptObservers {
  readonly cooldowns: Cooldowns;
  readonly inFlight: InFlight;
  readonly quotas: Quotas;
  readonly counters: Counters;
  readonly limits: Limits;
  readonly room: Room;
  readonly health: Health;
}

/** Everything of it is free while nobody is in trouble and no provider tells of limits. */
export function createAttemptReports(observers: AttemptObservers): AttemptReports {
  const { cooldowns, inFlight, quotas, counters, limits, room, health } = observers;
  return {
    begun(target, cost) {
      inFlight.begun(target.credential.id);
      limits.begun(target, cost);
      health.begun(target);
      counters.begun(target.credential.id);
      if (!cooldowns.isEmpty) cooldowns.begun(target);
    },
    ended(target, cost, spent) {
      inFlight.ended(target.credential.id);
      if (!cooldowns.isEmpty) cooldowns.ended(target);
      limits.ended(target, cost, spent);
      room.freed(target);
    },
    answered(target, status, headers) {
      if (!cooldowns.isEmpty) cooldowns.answered(target, status);
      const spent = quotas.read(target, headers);
      if (spent !== undefined) cooldowns.exhausted(target, spent.cooldown, spent.error);
    },
    succeeded(target) {
      health.succeeded(target);
      counters.succeeded(target.credential.id);
      if (!cooldowns.isEmpty) cooldowns.succeeded(target);
    },
    failed(target, error) {
      counters.failed(target.credential.id);
      health.failed(target, error);
      quotas.failed(target, error);
      cooldowns.failed(target, error);
    },
    forgiven: (target) => cooldowns.forgiven(target),
    retryAfterMs(targets) {
      if (cooldowns.isEmpty || targets.length === 0) return 0;
      return targets.reduce((least, target) => Math.min(least, cooldowns.waitMs(target)), Number.POSITIVE_INFINITY);
    },
    cooldownOf: (target) => (cooldowns.isEmpty ? undefined : cooldowns.noticeOf(target)),
  };
}
