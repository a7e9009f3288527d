import type { Target } from '../routing/target.ts';
import type { Standing } from './cooldown-window.ts';

/** What the choice goes by. */
export interface ResortView {
  standing(target: Target): Standing;
  /** Nothing is known against the account itself, only against its provider. */
  isSpared(target: Target): boolean;
  waitMs(target: Target): number;
}

/**
 * A guess of ours is not the provider's word: when nobody else is left, a try serves the user better than a refusal.
 * Whose cooldown is over comes first, even if somebody is trying already; then, as long as no guess of this request has
 * failed, an account that is only spared because others failed, and at last the one whose pause ends first.
 */
export function lastResort(targets: readonly Target[], mayGuess: boolean, view: ResortView): Target | undefined {
  let best: Target | undefined;
  let bestRank: readonly number[] = [];
  for (const target of targets) {
    const rank = rankOf(target, mayGuess, view);
    if (rank === undefined || (best !== undefined && !isBefore(rank, bestRank))) continue;
    best = target;
    bestRank = rank;
  }
  return best;
}

/** Undefined: not even now. */
function rankOf(target: Target, mayGuess: boolean, view: ResortView): readonly number[] | undefined {
  const preference = -target.credential.priority;
  switch (view.standing(target)) {
    // Kept out by something else: a limit, a weight of 0.
    case 'free':
      return undefined;
    case 'due':
      return [0, preference, 0];
    case 'tested':
      return [1, preference, 0];
    case 'guessed':
      if (!mayGuess) return undefined;
      return view.isSpared(target) ? [2, preference, 0] : [3, 0, view.waitMs(target)];
    case 'told':
      return undefined;
  }
}

function isBefore(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (rank[at] ?? 0) < (other[at] ?? 0);
}
