import type { Clock } from '../clock.ts';
import type { Target } from '../routing/target.ts';
import type { Affinity } from './affinity.ts';
import { createAttemptReports } from './attempt-reports.ts';
import { type ChoiceSettings, createChooser, DEFAULT_CHOICE } from './chooser.ts';
import { type CoolingSettings, type CoolingState, createCooldowns } from './cooldowns.ts';
import { type CredentialCount, createCounters } from './counters.ts';
import { createExplain, type Explain } from './explain.ts';
import { createHealth, type Health } from './health.ts';
import { createInFlight } from './in-flight.ts';
import { createLimits } from './limits/limits.ts';
import { type LimitSettings, NO_LIMITS } from './limits/rate-limits.ts';
import { createRoom } from './limits/room.ts';
import { createPicks } from './picks.ts';
import type { CredentialPool } from './pool.ts';
import type { QuotaWindow, ToldQuota } from './quota/quota-window.ts';
import { createQuotas } from './quota/quotas.ts';
import type { StateSource } from './state-keeper.ts';
import type { Headroom, PoolView, Strategy } from './strategies/strategy.ts';

/** What the manager is made of. */
export interface ManagerOptions {
  readonly clock: Clock;
  readonly strategy: Strategy;
  readonly settings: CoolingSettings;
  /** Absent: {@link DEFAULT_CHOICE}. */
  readonly choice?: ChoiceSettings;
  /** Absent: {@link NO_LIMITS}. */
  readonly limits?: LimitSettings;
}

/** The pool that the pipeline uses, and what operators need. */
export interface CredentialManager extends CredentialPool {
  /** Every cooldown under way. */
  snapshot(): readonly CoolingState[];
  /** Ends the cooldowns of a credential: all of them, or those that keep one model of it from being used. */
  reset(credentialId: string, model?: string): void;
  resetAll(): void;
  /** A credential has a new secret: that its old one was refused means nothing any more. */
  renewed(credentialId: string): void;
  /** How much of their limits the accounts have used, as the providers told. */
  quotas(): readonly (QuotaWindow & { readonly credentialId: string })[];
  /** A provider said so when it was asked. `model`: undefined for the whole credential. */
  toldQuota(credentialId: string, model: string | undefined, reading: ToldQuota): void;
  /** What is left of the limit that a target has the least left of. */
  headroom(target: Target): Headroom | undefined;
  /** How the attempts with a credential went. */
  counts(credentialId: string): CredentialCount;
  /** Explains the next pick and changes nothing. */
  readonly explain: Explain;
  /** Does now what the first request with these targets would have to do. */
  prepare(targets: readonly Target[]): void;
  /** Which conversations are bound to which credentials. */
  readonly affinity: Affinity;
  /** Which servers answer. */
  readonly health: Health;
  /** What is worth keeping over a restart. */
  readonly stateSources: readonly StateSource[];
  /** New settings; cooldowns under way stay. A new strategy starts its turns anew. */
  configure(change: Partial<Pick<ManagerOptions, 'strategy' | 'settings' | 'choice' | 'limits'>>): void;
}

/** Holds the state of all credentials and picks by priority, then by strategy. */
export function createCredentialManager({ clock, ...initial }: ManagerOptions): CredentialManager {
  const cooldowns = createCooldowns(clock, initial.settings);
  const inFlight = createInFlight();
  const quotas = createQuotas(clock);
  const counters = createCounters(clock);
  const view: PoolView = { inFlight: (id) => inFlight.of(id), headroom: (target) => quotas.headroom(target) };
  const chooser = createChooser({
    clock,
    strategy: initial.strategy,
    settings: initial.choice ?? DEFAULT_CHOICE,
    view,
  });

  const limits = createLimits(clock, inFlight, initial.limits ?? NO_LIMITS);
  const room = createRoom(limits, cooldowns);
  const health = createHealth(clock);

  const parts = { chooser, cooldowns, limits, room, health };

  return {
    pick: createPicks(parts),
    explain: createExplain({ ...parts, clock, inFlight, quotas }),
    ...createAttemptReports({ cooldowns, inFlight, quotas, counters, limits, room, health }),
    room,
    health,
    prepare: (targets) => chooser.prepare(targets),
    affinity: chooser.affinity,
    mostTokens: (target) => limits.mostTokens(target),
    snapshot: () => cooldowns.snapshot(),
    reset: (credentialId, model) => cooldowns.reset(credentialId, model),
    resetAll: () => cooldowns.resetAll(),
    renewed: (credentialId) => cooldowns.renewed(credentialId),
    quotas: () => quotas.snapshot(),
    toldQuota: (credentialId, model, reading) => quotas.told(credentialId, model, reading),
    headroom: (target) => quotas.headroom(target),
    counts: (credentialId) => counters.of(credentialId),
    stateSources: [cooldowns.source, quotas.source, chooser.affinity.source, counters],
    configure(change) {
      chooser.configure({
        ...(change.strategy && { strategy: change.strategy }),
        ...(change.choice && { settings: change.choice }),
      });
      if (change.settings !== undefined) cooldowns.configure(change.settings);
      if (change.limits !== undefined) limits.configure(change.limits);
      room.changed();
    },
  };
}
