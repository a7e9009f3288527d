import type { Cooldowns } from './cooldowns.ts';
import type { InFlight } from './in-flight.ts';
import type { CredentialPool } from './pool.ts';
import type { Quotas } from './quota/quotas.ts';

/** What the pool hears of attempts, and tells of what it heard. */
export type AttemptReports = Required<Omit<CredentialPool, 'pick'>>;

/** Everything of it is free while nobody is in trouble and no provider tells of limits. */
export function createAttemptReports(cooldowns: Cooldowns, inFlight: InFlight, quotas: Quotas): AttemptReports {
  return {
    begun(target) {
      inFlight.begun(target.credential.id);
      if (!cooldowns.isEmpty) cooldowns.begun(target);
    },
    ended(target) {
      inFlight.ended(target.credential.id);
      if (!cooldowns.isEmpty) cooldowns.ended(target);
    },
    answered(target, status, headers) {
      if (!cooldowns.isEmpty) cooldowns.answered(target, status);
      const spent = quotas.read(target, headers);
      if (spent !== undefined) cooldowns.exhausted(target, spent.cooldown, spent.error);
    },
    succeeded(target) {
      if (!cooldowns.isEmpty) cooldowns.succeeded(target);
    },
    failed(target, error) {
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
