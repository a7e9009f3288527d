import type { Clock } from '../clock.ts';
import type { Target } from '../routing/target.ts';
import type { RecentLoad } from './recent-load.ts';
import type { PoolView, Strategy } from './strategies/strategy.ts';

/** Who may take a further conversation. */
export interface FairShares {
  /** Whether a target of these has not more than its share of the load; undefined: the strategy does not spread it. */
  roomIn(targets: readonly Target[], usable: (target: Target) => boolean): ((target: Target) => boolean) | undefined;
  /** Shares by another load, whose use leaves these as they are. */
  fork(load: RecentLoad): FairShares;
}

/** What shares are measured by. */
export interface FairShareOptions {
  readonly clock: Clock;
  readonly load: RecentLoad;
  readonly view: PoolView;
  /** Read for every placement. */
  spread(): Strategy['spread'];
}

/** An account may have so much more than its share before conversations begin elsewhere. */
const MOST_SHARE = 1.25;
/** Nobody is full with so few requests under way. */
const FEW_IN_FLIGHT = 2;
/** How long sums over all accounts hold. */
const FRESH_MS = 1000;

/** Summing up costs as much as so many placements. */
const EIGHTH = 3;

/** Of one unit of weight. */
interface Sums {
  readonly load: number;
  readonly inFlight: number;
  readonly atMs: number;
  /** Placements until they are made anew. */
  left: number;
}

/** Shares by what the accounts did lately and are doing now. */
export function createFairShares(options: FairShareOptions): FairShares {
  return sharesBy(options, () => undefined);
}

type KnownSums = (targets: readonly Target[]) => Sums | undefined;

function sharesBy(options: FairShareOptions, before: KnownSums): FairShares {
  const { clock, load, view, spread } = options;
  const known = new WeakMap<readonly Target[], Sums>();
  const find: KnownSums = (targets) => known.get(targets) ?? before(targets);

  function sumsOf(
    targets: readonly Target[],
    usable: (target: Target) => boolean,
    weightOf: (target: Target) => number,
  ): Sums {
    const sums = { load: 1, inFlight: 1, weight: 0 };
    for (const target of targets) {
      if (!usable(target)) continue;
      sums.load += load.of(target.credential.id);
      sums.inFlight += view.inFlight(target.credential.id);
      sums.weight += weightOf(target);
    }
    const perWeight = MOST_SHARE / Math.max(sums.weight, Number.MIN_VALUE);
    const left = targets.length >> EIGHTH;
    return { load: sums.load * perWeight, inFlight: sums.inFlight * perWeight, atMs: clock.now(), left };
  }

  return {
    roomIn(targets, usable) {
      const how = spread();
      if (how === 'none') return undefined;
      const weightOf = how === 'by-weight' ? (target: Target): number => Math.max(0, target.credential.weight) : one;
      let sums = find(targets);
      const ageMs = clock.now() - (sums?.atMs ?? 0);
      if (sums === undefined || sums.left <= 0 || ageMs < 0 || ageMs > FRESH_MS) {
        sums = sumsOf(targets, usable, weightOf);
        known.set(targets, sums);
      }
      sums.left--;
      const { load: most, inFlight } = sums;
      return (target) => {
        const { id } = target.credential;
        const weight = weightOf(target);
        return load.of(id) < most * weight && view.inFlight(id) < Math.max(FEW_IN_FLIGHT, inFlight * weight);
      };
    },
    fork(other) {
      const copies = new WeakMap<Sums, Sums>();
      const copyOf = (sums: Sums): Sums => {
        const copy = copies.get(sums) ?? { ...sums };
        copies.set(sums, copy);
        return copy;
      };
      return sharesBy({ ...options, load: other }, (targets) => {
        const sums = find(targets);
        return sums && copyOf(sums);
      });
    },
  };
}

function one(): number {
  return 1;
}
