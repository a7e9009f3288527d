import type { Target } from '../routing/target.ts';
import type { FairShares } from './fair-share.ts';
import type { PlanPart } from './pick-plan.ts';
import { type PickContext, pickFromTier } from './tiers.ts';

/** Anybody. */
export const NO_LIMITS: Limits = { shares: undefined, end: Number.POSITIVE_INFINITY };

/** Whom a placement leaves out. */
export interface Limits {
  /** Nobody gets more than a fair share, if it can be. */
  readonly shares: FairShares | undefined;
  /** Only tiers before this one. */
  readonly end: number;
}

/** The first of the tiers that has somebody. */
export function place(part: PlanPart, name: string, context: PickContext, { shares, end }: Limits): Target | undefined {
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
