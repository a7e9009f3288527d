import type { Target } from '../routing/target.ts';
import type { ExplainParts } from './explain-parts.ts';
import { createHindrances } from './hindrances.ts';
import type { PickPlan } from './pick-plan.ts';
import { type PickRequest, targetKey } from './pool.ts';
import type { Reason } from './reason.ts';

/** What a reason goes by. */
export interface ReasonView {
  readonly request: PickRequest;
  /** Who is chosen. */
  readonly first: Target | undefined;
  readonly plan: PickPlan;
  /** Whom the conversation is bound to. */
  readonly boundTo: string | undefined;
}

/** Tells why somebody is chosen, and what keeps the others from it. */
export interface Obstacles {
  whyChosen(target: Target, view: ReasonView): readonly Reason[];
  whyNot(target: Target, view: ReasonView): readonly Reason[];
}

/** Reads the state that picks go by. */
export function createObstacles(parts: ExplainParts): Obstacles {
  const { cooldowns, room } = parts;
  const { hard, soft } = createHindrances(parts);

  /** Nothing speaks against it: somebody else comes first. */
  function later(target: Target, { first, plan, boundTo, request }: ReasonView): Reason {
    if (room.holdsBack(request)) return { code: 'line', message: 'other requests wait for it already' };
    const [own, other] = [target, first].map((one) => one && tierIn(one, plan));
    if (own !== undefined && other !== undefined && own > other) {
      return { code: 'lower-tier', message: `comes after tier ${other + 1}` };
    }
    if (first !== undefined && boundTo === first.credential.id && target.credential.id !== boundTo) {
      return { code: 'bound-elsewhere', message: `the conversation is bound to ${first.credential.label}` };
    }
    return { code: 'not-its-turn', message: 'not its turn' };
  }

  function whyNot(target: Target, view: ReasonView): readonly Reason[] {
    const found = [...hard(target, view.request), ...soft(target, view.request)];
    return found.length > 0 ? found : [later(target, view)];
  }

  function whyChosen(target: Target, view: ReasonView): readonly Reason[] {
    const { request, plan, boundTo } = view;
    const against = [...hard(target, request), ...soft(target, request)];
    if (against.length > 0) return [{ code: 'last-resort', message: 'there is nobody better' }, ...against];
    if (boundTo === target.credential.id) return [{ code: 'bound', message: 'the conversation is bound to it' }];
    const notice = cooldowns.noticeOf(target);
    if (notice !== undefined) {
      const message = 'its cooldown is over: this request finds out whether it is well';
      return [{ code: 'probe', message, cooldown: notice }];
    }
    const others = request.targets.filter((one) => targetKey(one) !== targetKey(target));
    const usable = others.filter((one) => hard(one, request).length === 0 && soft(one, request).length === 0);
    if (usable.length === 0) return [{ code: 'only', message: 'the only one that can be used now' }];
    const rank = tierIn(target, plan);
    const isAlone = usable.every((one) => tierIn(one, plan) !== rank);
    if (isAlone) return [{ code: 'only', message: `the only one of tier ${rank + 1} that can be used now` }];
    return [{ code: 'turn', message: 'its turn' }];
  }

  return { whyChosen, whyNot };
}

/** Which of the tiers, over all parts. */
export function tierIn({ credential }: Target, { parts }: PickPlan): number {
  let before = 0;
  for (const part of parts) {
    const place = part.placeOf(credential.id);
    if (place !== undefined) return before + place.rank;
    before += part.tiers.length;
  }
  return before;
}
