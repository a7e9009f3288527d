import type { Target } from '../routing/target.ts';
import { type Splitter, splitterOf } from './capability.ts';
import type { PickRequest } from './pool.ts';
import { type Tier, tiersOf } from './tiers.ts';

/** Where a credential stands among the targets of a request. */
export interface Place {
  /** Of its tier: 0 is the most preferred. */
  readonly rank: number;
  readonly targets: readonly Target[];
}

/** Targets that can serve a request equally well. */
export interface PlanPart {
  readonly tiers: readonly Tier[];
  placeOf(credentialId: string): Place | undefined;
}

/** In which order the targets of a request are looked at. */
export interface PickPlan {
  /** Those that are able to serve it, then those that are known not to be. */
  readonly parts: readonly PlanPart[];
  /** There is more than one credential. */
  readonly hasChoice: boolean;
}

/** Makes plans, each once for a list of targets. */
export interface Planner {
  planFor(request: PickRequest): PickPlan;
  /** Does now what the first request with these targets would have to do. */
  prepare(targets: readonly Target[]): void;
}

interface Entry {
  readonly whole: PickPlan;
  /** Undefined: the whole list serves any request. */
  readonly splitter: Splitter | undefined;
  /** By the first list of the split. */
  readonly plans: Map<readonly Target[], PickPlan>;
}

/** A planner that remembers its plans as long as the lists live. `accountsFirst`: accounts come before keys. */
export function createPlanner(accountsFirst: boolean): Planner {
  const entries = new WeakMap<readonly Target[], Entry>();

  function entryOf(targets: readonly Target[]): Entry {
    const known = entries.get(targets);
    if (known !== undefined) return known;
    const first = targets[0]?.credential.id;
    const hasChoice = targets.some(({ credential }) => credential.id !== first);
    const whole = { parts: [partOf(targets, accountsFirst)], hasChoice };
    const made: Entry = { whole, splitter: hasChoice ? splitterOf(targets) : undefined, plans: new Map() };
    entries.set(targets, made);
    return made;
  }

  return {
    prepare(targets) {
      for (const part of entryOf(targets).whole.parts) part.placeOf('');
    },
    planFor(request) {
      const { whole, splitter, plans } = entryOf(request.targets);
      const needs = splitter && request.needs?.();
      const lists = needs && splitter.split(needs);
      const first = lists?.[0];
      if (lists === undefined || first === undefined || lists.length === 1) return whole;
      const known = plans.get(first);
      if (known !== undefined) return known;
      const plan = { parts: lists.map((list) => partOf(list, accountsFirst)), hasChoice: whole.hasChoice };
      plans.set(first, plan);
      return plan;
    },
  };
}

function partOf(targets: readonly Target[], accountsFirst: boolean): PlanPart {
  const tiers = tiersOf(targets, accountsFirst);
  let places: ReadonlyMap<string, Place> | undefined;
  return {
    tiers,
    placeOf(credentialId) {
      places ??= placesIn(tiers);
      return places.get(credentialId);
    },
  };
}

function placesIn(tiers: readonly Tier[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [rank, { heads, poolOf }] of tiers.entries()) {
    for (const head of heads) {
      const { id } = head.credential;
      places.set(id, { rank, targets: poolOf?.get(id) ?? [head] });
    }
  }
  return places;
}
