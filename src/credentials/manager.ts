import type { Clock } from '../clock.ts';
import type { Target } from '../routing/target.ts';
import { type CoolingSettings, type CoolingState, createCooldowns } from './cooldowns.ts';
import { createInFlight } from './in-flight.ts';
import { type CredentialPool, type PickRequest, targetKey } from './pool.ts';
import { createStrategy } from './strategies/index.ts';
import type { PoolView, Strategy } from './strategies/strategy.ts';
import { pickFromTier, type Tier, tiersOf } from './tiers.ts';

/** What the manager is made of. */
export interface ManagerOptions {
  readonly clock: Clock;
  readonly strategy: Strategy;
  readonly settings: CoolingSettings;
}

/** The pool that the pipeline uses, and what operators need. */
export interface CredentialManager extends CredentialPool {
  /** Every cooldown under way. */
  snapshot(): readonly CoolingState[];
  /** Ends every cooldown of a credential. */
  reset(credentialId: string): void;
  /** New settings; cooldowns under way stay. A new strategy starts its turns anew. */
  configure(change: Partial<Pick<ManagerOptions, 'strategy' | 'settings'>>): void;
}

/** Holds the state of all credentials and picks by priority, then by strategy. */
export function createCredentialManager({ clock, ...initial }: ManagerOptions): CredentialManager {
  let { strategy } = initial;
  const cooldowns = createCooldowns(clock, initial.settings);
  const inFlight = createInFlight();
  // No provider's gauges are read yet.
  const view: PoolView = { inFlight: (id) => inFlight.of(id), headroom: () => undefined };
  const pools = createStrategy('round-robin');
  const knownTiers = new WeakMap<readonly Target[], readonly Tier[]>();

  function tiers(targets: readonly Target[]): readonly Tier[] {
    const known = knownTiers.get(targets);
    if (known !== undefined) return known;
    const made = tiersOf(targets);
    knownTiers.set(targets, made);
    return made;
  }

  function usableFor({ tried }: PickRequest): (target: Target) => boolean {
    const nowMs = clock.now();
    return (target) =>
      (tried.size === 0 || !(tried.has(target.credential.id) || tried.has(targetKey(target)))) &&
      (cooldowns.isEmpty || cooldowns.blockedUntilMs(target) <= nowMs);
  }

  return {
    pick(request) {
      const { model, targets, tried } = request;
      const usable = usableFor(request);
      for (const [rank, tier] of tiers(targets).entries()) {
        // Tiers take turns apart; the first, the usual one, without making a string.
        const context = { strategy, pools, usable, tried, view };
        const target = pickFromTier(tier, rank === 0 ? model : `${model} ${rank}`, context);
        if (target !== undefined) return target;
      }
      return tried.size === 0 ? cooldowns.softest(targets) : undefined;
    },
    begun: ({ credential }) => inFlight.begun(credential.id),
    ended: ({ credential }) => inFlight.ended(credential.id),
    answered() {},
    succeeded: (target) => cooldowns.succeeded(target),
    failed: (target, error) => cooldowns.failed(target, error),
    forgiven: (target) => cooldowns.succeeded(target),
    retryAfterMs(targets) {
      const nowMs = clock.now();
      const waits = targets.map((target) => Math.max(0, cooldowns.blockedUntilMs(target) - nowMs));
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
    snapshot: () => cooldowns.snapshot(),
    reset: (credentialId) => cooldowns.reset(credentialId),
    configure(change) {
      strategy = change.strategy ?? strategy;
      if (change.settings !== undefined) cooldowns.configure(change.settings);
    },
  };
}
