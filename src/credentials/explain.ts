import type { Target } from '../routing/target.ts';
import type { ExplainParts } from './explain-parts.ts';
import { createObstacles, tierIn } from './obstacles.ts';
import { rehearsePicks } from './picks.ts';
import { markTried, type PickRequest, targetKey } from './pool.ts';
import type { QuotaWindow } from './quota/quota-window.ts';
import type { Reason } from './reason.ts';

/** One who could serve a request, and why it is the one or is not. */
export interface Candidate {
  readonly target: Target;
  /** Of its priority and kind: 1 is the most preferred. */
  readonly tier: number;
  /** 1: asked first, then 2, ...; undefined: not asked as things are. */
  readonly place: number | undefined;
  readonly reasons: readonly Reason[];
  /** Attempts under way. */
  readonly inFlight: number;
  /** How much of its limits is used, as the provider told. */
  readonly quotas: readonly QuotaWindow[];
}

/** What the next pick for a request would be, and why. */
export interface PickExplanation {
  readonly chosen: Candidate | undefined;
  /** In the order in which they would be asked, then those who would not. */
  readonly candidates: readonly Candidate[];
  /** Until somebody may be asked; 0: now. */
  readonly waitMs: number;
}

/** Explains the next pick and changes nothing. `request` is one that nobody was asked for yet. */
export type Explain = (request: PickRequest) => PickExplanation;

/** So many are looked ahead: who comes after them comes late enough. */
const MOST_PLACES = 100;

/** Reads the state that picks go by. */
export function createExplain(parts: ExplainParts): Explain {
  const { chooser, cooldowns, inFlight, quotas } = parts;
  const obstacles = createObstacles(parts);

  return (request) => {
    const order = orderOf(request, rehearsePicks(parts));
    const places = new Map(order.map((target, index) => [targetKey(target), index + 1]));
    const [first] = order;
    const plan = chooser.planFor(request);
    const session = request.session?.();
    const binding =
      session && chooser.affinity.find(session, (id) => request.targets.some(({ credential }) => credential.id === id));
    const view = { request, first, plan, boundTo: plan.hasChoice ? binding?.credentialId : undefined };
    const candidates = request.targets.map((target): Candidate => {
      const isFirst = first !== undefined && targetKey(target) === targetKey(first);
      return {
        target,
        tier: tierIn(target, plan) + 1,
        place: places.get(targetKey(target)),
        reasons: isFirst ? obstacles.whyChosen(target, view) : obstacles.whyNot(target, view),
        inFlight: inFlight.of(target.credential.id),
        quotas: quotas.windows(target.credential.id).filter(({ model }) => (model ?? target.model) === target.model),
      };
    });
    const sorted = candidates.toSorted((a, b) => rank(a) - rank(b) || a.tier - b.tier);
    return {
      chosen: first === undefined ? undefined : sorted[0],
      candidates: sorted,
      waitMs: first === undefined ? soonestMs(request.targets.map((target) => cooldowns.waitMs(target))) : 0,
    };
  };
}

function rank({ place }: Candidate): number {
  return place ?? Number.MAX_SAFE_INTEGER;
}

/** Whom the request would ask if everybody failed. */
function orderOf(request: PickRequest, pick: (request: PickRequest) => Target | undefined): readonly Target[] {
  const { targets } = request;
  const order: Target[] = [];
  const tried = new Set(request.tried);
  const asked = { ...optional(request), model: request.model, targets, tried };
  while (order.length < MOST_PLACES) {
    const target = pick(asked);
    if (target === undefined) break;
    order.push(target);
    markTried(tried, target, targets, 'model');
  }
  return order;
}

/** Methods of a class are not copied by spreading it. */
function optional(request: PickRequest): Pick<PickRequest, 'session' | 'needs' | 'cost'> {
  return {
    session: () => request.session?.(),
    ...(request.needs && { needs: request.needs.bind(request) }),
    ...(request.cost && { cost: request.cost }),
  };
}

function soonestMs(waits: readonly number[]): number {
  return waits.length === 0 ? 0 : Math.min(...waits);
}
