import type { Clock } from '../clock.ts';
import type { Target } from '../routing/target.ts';
import { type Affinity, createAffinity } from './affinity.ts';
import { createFairShares } from './fair-share.ts';
import { createPlanner, type PickPlan } from './pick-plan.ts';
import { NO_LIMITS, place } from './placement.ts';
import type { PickRequest } from './pool.ts';
import { createRecentLoad, type RecentLoad } from './recent-load.ts';
import { createSessionChoice, type SessionChoice } from './session-choice.ts';
import { createStrategy } from './strategies/index.ts';
import type { PoolView, Strategy } from './strategies/strategy.ts';

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
export type Choose = (request: PickRequest, usable: (target: Target) => boolean) => Target | undefined;

/** Chooses, and remembers whom. */
export interface Chooser {
  readonly choose: Choose;
  /** Chooses as this one would from now on, and leaves it as it is. */
  fork(): Choose;
  planFor(request: PickRequest): PickPlan;
  /** See {@link Planner.prepare}. */
  prepare(targets: readonly Target[]): void;
  readonly spread: Strategy['spread'];
  readonly affinity: Affinity;
  configure(change: Partial<Pick<ChooserOptions, 'strategy' | 'settings'>>): void;
}

/** What choices change. */
interface Memory {
  /** Absent: the one that is set. */
  readonly strategy?: Strategy;
  readonly pools: Strategy;
  readonly load: RecentLoad;
  readonly sessions: SessionChoice;
}

/** A request counts half as much after so long. */
const LOAD_HALF_LIFE_MS = 10 * 60_000;

/** Nothing was chosen yet. */
export function createChooser({ clock, view, ...initial }: ChooserOptions): Chooser {
  let { strategy, settings } = initial;
  let planner = createPlanner(settings.accountsFirst);
  const pools = createStrategy('round-robin');
  const load = createRecentLoad(clock, LOAD_HALF_LIFE_MS);
  const shares = createFairShares({ clock, load, view, spread: () => strategy.spread });
  const affinity = createAffinity({ clock, ttlMs: () => settings.affinityMs });

  function chooseBy({ strategy: one, pools: models, load: done, sessions }: Memory): Choose {
    return (request, usable) => {
      const { model, tried } = request;
      const plan = planner.planFor(request);
      const context = { strategy: one ?? strategy, pools: models, usable, tried, view };
      const isBinding = plan.hasChoice && settings.affinityMs > 0;
      const session = isBinding ? request.session?.() : undefined;
      for (const [index, part] of plan.parts.entries()) {
        const name = index === 0 ? model : `${model} unable`;
        const target =
          session === undefined ? place(part, name, context, NO_LIMITS) : sessions.choose(part, name, context, session);
        if (target === undefined) continue;
        if (isBinding) done.add(target.credential.id);
        return target;
      }
      return undefined;
    };
  }

  return {
    choose: chooseBy({ pools, load, sessions: createSessionChoice({ clock, affinity, shares }) }),
    fork() {
      const ahead = load.fork();
      const sessions = createSessionChoice({ clock, affinity: affinity.fork(), shares: shares.fork(ahead) });
      return chooseBy({ strategy: strategy.fork(), pools: pools.fork(), load: ahead, sessions });
    },
    planFor: (request) => planner.planFor(request),
    prepare: (targets) => planner.prepare(targets),
    get spread() {
      return strategy.spread;
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
