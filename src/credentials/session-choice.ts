import type { Clock } from '../clock.ts';
import type { SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import type { Bindings } from './affinity.ts';
import type { FairShares } from './fair-share.ts';
import type { Place, PlanPart } from './pick-plan.ts';
import { place } from './placement.ts';
import type { PickContext } from './tiers.ts';

/** Chooses for the requests of a conversation. */
export interface SessionChoice {
  choose(part: PlanPart, name: string, context: PickContext, session: SessionKey): Target | undefined;
}

/** What the choice goes by. */
export interface SessionChoiceOptions {
  readonly clock: Clock;
  readonly affinity: Bindings;
  readonly shares: FairShares;
}

/** How long providers keep a prefix of which the request says nothing. */
const CACHE_MS = 5 * 60_000;

/** The credential that a conversation is bound to, as long as it is usable; else one by the strategy, where it stays. */
export function createSessionChoice({ clock, affinity, shares }: SessionChoiceOptions): SessionChoice {
  /** A beginning that many conversations have in common goes on where it was only within a fair share. */
  function mayStay(
    part: PlanPart,
    { rank }: Place,
    own: Target,
    { usable }: PickContext,
    session: SessionKey,
  ): boolean {
    if (session.shared !== true) return true;
    const hasRoom = shares.roomIn(part.tiers[rank]?.heads ?? [], usable);
    return hasRoom === undefined || hasRoom(own);
  }

  function choose(part: PlanPart, name: string, context: PickContext, session: SessionKey): Target | undefined {
    const isOffered = (id: string): boolean => part.placeOf(id) !== undefined;
    const binding = affinity.find(session, isOffered);
    const bound = binding && part.placeOf(binding.credentialId);
    const own =
      bound?.targets.find((one) => one.model === binding?.model && context.usable(one)) ??
      bound?.targets.find(context.usable);
    let end = Number.POSITIVE_INFINITY;
    if (
      binding !== undefined &&
      bound !== undefined &&
      own !== undefined &&
      mayStay(part, bound, own, context, session)
    ) {
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

  return { choose };
}
