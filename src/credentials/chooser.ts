import type { Clock } from '../clock.ts';
import type { SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import { type Affinity, createAffinity } from './affinity.ts';
import { createFairShares, type FairShares } from './fair-share.ts';
import { createPlanner, type PlanPart } from './pick-plan.ts';
import type { PickRequest } from './pool.ts';
import { createRecentLoad } from './recent-load.ts';
import { createStrategy } from './strategies/index.ts';
import type { PoolView, Strategy } from './strategies/strategy.ts';
import { type PickContext, pickFromTier } from './tiers.ts';

/** How credentials are chosen, beyond the strategy. */
export interface ChoiceSettings {
  /** Of the same priority, accounts come before keys: what is paid for anyway before what is paid for by use. */
  readonly accountsFirst: boolean;
  /** A conversation stays on its credential for so long after its last request; 0: it does not. */
  readonly affinityMs: number;
}

/** What the choice goes by when nobody says otherwise. */
export const DEFAULT_CHOICE: ChoiceSettings = { accountsFirst: true, affinityMs: 3_600_000 };

/** What a chooser is made of. */
export interface ChooserOptions {
  readonly clock: Clock;
  readonly strategy: Strategy;
  readonly settings: ChoiceSettings;
  readonly view: PoolView;
}

/** Chooses among those that are usable: a conversation's own credential, else by ability, priority and strategy. */
export interface Chooser {
  choose(request: PickRequest, usable: (target: Target) => boolean): Target | undefined;
  readonly affinity: Affinity;
  configure(change: Partial<Pick<ChooserOptions, 'strategy' | 'settings'>>): void;
}

/** A request counts half as much after so long. */
const LOAD_HALF_LIFE_MS = 10 * 60_000;
/** How long providers keep a prefix of which the request says nothing. */
const CACHE_MS = 5 * 60_000;

/** Nothing was chosen yet. */
export function createChooser({ clock, view, ...initial }: ChooserOptions): Chooser {
  let { strategy, settings } = initial;
  let planner = createPlanner(settings.accountsFirst);
  const pools = createStrategy('round-robin');
  const load = createRecentLoad(clock, LOAD_HALF_LIFE_MS);
  const shares = createFairShares({ clock, load, view, spread: () => strategy.spread });
  const affinity = createAffinity({ clock, ttlMs: () => settings.affinityMs });

  function forSession(part: PlanPart, name: string, context: PickContext, session: SessionKey): Target | undefined {
    const isOffered = (id: string): boolean => part.placeOf(id) !== undefined;
    const binding = affinity.find(session, isOffered);
    const bound = binding && part.placeOf(binding.credentialId);
    const own =
      bound?.targets.find((one) => one.model === binding?.model && context.usable(one)) ??
      bound?.targets.find(context.usable);
    let end = Number.POSITIVE_INFINITY;
    if (binding !== undefined && bound !== undefined && own !== undefined) {
      // Fallen to a lower tier, and by now the cache of the better one has forgotten it anyway: back up, if one can.
      const isCold = Math.abs(clock.now() - binding.boundAtMs) > (session.ttlMs ?? CACHE_MS);
      end = isCold ? bound.rank : 0;
    }
    // A request that failed elsewhere takes whoever is next: its conversation begins anew there.
    const limits = { shares: context.tried.size === 0 ? shares : undefined, end };
    const target = (end > 0 ? place(part, name, context, limits) : undefined) ?? own;
    if (target !== undefined) affinity.bind(session, target, isOffered);
    return target;
  }

  return {
    choose(request, usable) {
      const { model, tried } = request;
      const plan = planner.planFor(request);
      const context = { strategy, pools, usable, tried, view };
      const isBinding = plan.hasChoice && settings.affinityMs > 0;
      const session = isBinding ? request.session?.() : undefined;
      for (const [index, part] of plan.parts.entries()) {
        const name = index === 0 ? model : `${model} unable`;
        const target =
          session === undefined ? place(part, name, context, NO_LIMITS) : forSession(part, name, context, session);
        if (target === undefined) continue;
        if (isBinding) load.add(target.credential.id);
        return target;
      }
      return undefined;
    },
    affinity,
    configure(change) {
      strategy = change.strategy ?? strategy;
      if (change.settings === undefined) return;
      if (change.settings.accountsFirst !== settings.accountsFirst)
        planner = createPlanner(change.settings.accountsFirst);
      settings = change.settings;
    },
  };
}

const NO_LIMITS: Limits = { shares: undefined, end: Number.POSITIVE_INFINITY };

interface Limits {
  /** Nobody gets more than a fair share, if it can be. */
  readonly shares: FairShares | undefined;
  /** Only tiers before this one. */
  readonly end: number;
}

/** The first of the tiers that has somebody. */
function place(part: PlanPart, name: string, context: PickContext, { shares, end }: Limits): Target | undefined {
  for (const [rank, tier] of part.tiers.entries()) {
    if (rank >= end) return undefined;
    // Tiers take turns apart; the first, the usual one, without making a string.
    const key = rank === 0 ? name : `${name} ${rank}`;
    const hasRoom = shares?.roomIn(tier.heads, context.usable);
    const target =
      (hasRoom && pickFromTier(tier, key, { ...context, usable: (one) => hasRoom(one) && context.usable(one) })) ??
      pickFromTier(tier, key, context);
    if (target !== undefined) return target;
  }
  return undefined;
}
