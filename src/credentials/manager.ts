import type { Clock } from '../clock.ts';
import type { Target } from '../routing/target.ts';
import { createAttemptReports } from './attempt-reports.ts';
import { type ChoiceSettings, createChooser, DEFAULT_CHOICE } from './chooser.ts';
import { type CoolingSettings, type CoolingState, createCooldowns } from './cooldowns.ts';
import { createInFlight } from './in-flight.ts';
import { type CredentialPool, type PickRequest, targetKey } from './pool.ts';
import type { QuotaWindow } from './quota/quota-window.ts';
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
  /** What is left of the limit that a target has the least left of. */
  headroom(target: Target): Headroom | undefined;
  /** What is worth keeping over a restart. */
  readonly stateSources: readonly StateSource[];
  /** New settings; cooldowns under way stay. A new strategy starts its turns anew. */
  configure(change: Partial<Pick<ManagerOptions, 'strategy' | 'settings' | 'choice'>>): void;
}

/** Holds the state of all credentials and picks by priority, then by strategy. */
export function createCredentialManager({ clock, ...initial }: ManagerOptions): CredentialManager {
  const cooldowns = createCooldowns(clock, initial.settings);
  const inFlight = createInFlight();
  const quotas = createQuotas(clock);
  const view: PoolView = { inFlight: (id) => inFlight.of(id), headroom: (target) => quotas.headroom(target) };
  const chooser = createChooser({
    clock,
    strategy: initial.strategy,
    settings: initial.choice ?? DEFAULT_CHOICE,
    view,
  });

  function usableFor({ tried }: PickRequest): (target: Target) => boolean {
    // Who has failed already does not wait for a second account to find out whether it is well again.
    const isOpen = cooldowns.isEmpty ? undefined : cooldowns.usable(tried.size === 0);
    return (target) => isUntried(target, tried) && (isOpen === undefined || isOpen(target));
  }

  return {
    pick(request) {
      const target = chooser.choose(request, usableFor(request));
      if (cooldowns.isEmpty) return target;
      const { targets, tried } = request;
      const left = tried.size === 0 ? targets : targets.filter((one) => isUntried(one, tried));
      const picked = target ?? cooldowns.lastResort(left, tried.size === 0);
      if (picked !== undefined) cooldowns.picked(picked);
      return picked;
    },
    ...createAttemptReports(cooldowns, inFlight, quotas),
    snapshot: () => cooldowns.snapshot(),
    reset: (credentialId, model) => cooldowns.reset(credentialId, model),
    resetAll: () => cooldowns.resetAll(),
    renewed: (credentialId) => cooldowns.renewed(credentialId),
    quotas: () => quotas.snapshot(),
    headroom: (target) => quotas.headroom(target),
    stateSources: [cooldowns.source, quotas.source, chooser.affinity.source],
    configure(change) {
      chooser.configure({
        ...(change.strategy && { strategy: change.strategy }),
        ...(change.choice && { settings: change.choice }),
      });
      if (change.settings !== undefined) cooldowns.configure(change.settings);
    },
  };
}

function isUntried(target: Target, tried: ReadonlySet<string>): boolean {
  return tried.size === 0 || !(tried.has(target.credential.id) || tried.has(targetKey(target)));
}
