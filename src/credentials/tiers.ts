import type { Target } from '../routing/target.ts';
import { targetKey } from './pool.ts';
import type { PoolView, Strategy } from './strategies/strategy.ts';

/** Targets of the same priority. */
export interface Tier {
  /** The first target of each credential. */
  readonly heads: readonly Target[];
  /** All targets of each credential, when one has several: models that share the client's name for them. */
  readonly poolOf: ReadonlyMap<string, readonly Target[]> | undefined;
}

/** What a pick goes by. */
export interface PickContext {
  /** Chooses the credential. */
  readonly strategy: Strategy;
  /** Chooses among the models of one credential. */
  readonly pools: Strategy;
  readonly usable: (target: Target) => boolean;
  readonly view: PoolView;
  readonly tried: ReadonlySet<string>;
}

/** Highest priority first, of the same one accounts if they are to be first; within one, the given order. */
export function tiersOf(targets: readonly Target[], accountsFirst: boolean): readonly Tier[] {
  const isAhead = ({ credential }: Target): boolean => accountsFirst && credential.kind === 'account';
  const byPriority = Map.groupBy(targets, ({ credential }) => credential.priority);
  return [...byPriority]
    .toSorted(([a], [b]) => b - a)
    .flatMap(([, group]) => {
      const ahead = group.filter(isAhead);
      if (ahead.length === 0 || ahead.length === group.length) return [tierOf(group)];
      return [tierOf(ahead), tierOf(group.filter((target) => !isAhead(target)))];
    });
}

function tierOf(targets: readonly Target[]): Tier {
  // The usual case, without thousands of lists of one.
  if (new Set(targets.map(({ credential }) => credential.id)).size === targets.length) {
    return { heads: targets, poolOf: undefined };
  }
  const poolOf = Map.groupBy(targets, (target) => target.credential.id);
  return { heads: [...poolOf.values()].flatMap((pool) => pool.slice(0, 1)), poolOf };
}

/** The next usable target: the strategy picks the credential, whose models take turns. */
export function pickFromTier({ heads, poolOf }: Tier, key: string, context: PickContext): Target | undefined {
  const { strategy, usable, view } = context;
  if (poolOf === undefined) return strategy.pick(key, heads, usable, view);
  const poolAt = (head: Target): readonly Target[] => poolOf.get(head.credential.id) ?? [head];
  const isOpen = (head: Target): boolean => poolAt(head).some(usable);
  // Another model of the credential that was asked comes before another credential.
  const begun = heads.find((head) => isBegun(poolAt(head), context.tried) && isOpen(head));
  const head = begun ?? strategy.pick(key, heads, isOpen, view);
  return head && context.pools.pick(`${key} ${head.credential.id}`, poolAt(head), usable, view);
}

function isBegun(pool: readonly Target[], tried: ReadonlySet<string>): boolean {
  return tried.size > 0 && pool.some((target) => tried.has(targetKey(target)));
}
