import type { Target } from '../../routing/target.ts';
import type { Cooldowns } from '../cooldowns.ts';
import type { PickRequest, WaitingRoom } from '../pool.ts';
import { isUntried } from '../tried.ts';
import type { Limits } from './limits.ts';
import { type Ahead, NOBODY_AHEAD } from './rate-limits.ts';
import { createWaitingLine, type Later, type LineView } from './waiting-line.ts';

/** A waiting room, for the one who looks after it. */
export interface Room extends WaitingRoom {
  /** Nobody may be picked for the request: others wait for the same targets. */
  holdsBack(request: PickRequest): boolean;
  /** An attempt with the target has ended. */
  freed(target: Target): void;
  /** Limits are others, or somebody was let out of a cooldown. */
  changed(): void;
}

/** Nobody waits. */
export function createRoom(limits: Limits, cooldowns: Cooldowns, later?: Later): Room {
  const view: LineView = {
    canServe: (request, target) =>
      isUntried(target, request.tried) &&
      limits.hasRoom(target, request.cost) &&
      (cooldowns.isEmpty || cooldowns.usable(request.tried.size === 0)(target)),
    waitMs(request, target, ahead) {
      if (!isUntried(target, request.tried) || limits.isTooLarge(target, request.cost)) return undefined;
      const roomMs = limits.waitMs(target, request.cost, ahead);
      return roomMs === undefined || cooldowns.isEmpty ? roomMs : Math.max(roomMs, cooldowns.waitMs(target));
    },
    isShared: (target) => limits.isShared(target),
  };
  const line = createWaitingLine(view, later);

  /** Undefined: nobody knows. */
  function soonestMs(request: PickRequest, ahead: Ahead): number | undefined {
    let soonest: number | undefined;
    for (const target of request.targets) {
      const ms = view.waitMs(request, target, ahead);
      if (ms !== undefined && (soonest === undefined || ms < soonest)) soonest = ms;
    }
    return soonest;
  }

  function isKeptOut(request: PickRequest, target: Target): boolean {
    return (
      isUntried(target, request.tried) &&
      !limits.hasRoom(target, request.cost) &&
      !limits.isTooLarge(target, request.cost) &&
      (cooldowns.isEmpty || cooldowns.waitMs(target) === 0)
    );
  }

  /** Somebody is only waited for until another attempt ends, and nobody knows when that is. */
  function isAnyBusy(request: PickRequest): boolean {
    return request.targets.some(
      (target) => isKeptOut(request, target) && limits.waitMs(target, request.cost, NOBODY_AHEAD) === undefined,
    );
  }

  return {
    holdsBack: (request) => line.size > 0 && line.holdsBack(request),
    isAwaited: (request) => line.holdsBack(request) || request.targets.some((target) => isKeptOut(request, target)),
    hasRoom: ({ cost }, target) => limits.hasRoom(target, cost),
    tooLarge({ targets, cost }) {
      if (targets.length === 0 || !targets.every((target) => limits.isTooLarge(target, cost))) return undefined;
      return Math.max(...targets.map((target) => limits.mostTokens(target) ?? 0));
    },
    get maxWaitMs() {
      return limits.settings.maxWaitMs;
    },
    join(request, mostMs, serve) {
      if (mostMs <= 0 || line.size >= limits.settings.maxWaiting) return undefined;
      if (!isAnyBusy(request) && (soonestMs(request, line.ahead(request)) ?? 0) > mostMs) return undefined;
      return line.join(request, serve);
    },
    retryAfterMs(request) {
      const soonest = soonestMs(request, line.ahead(request));
      if (!isAnyBusy(request)) return soonest ?? 0;
      // Who waited in vain for somebody to get free may as well wait as long again.
      return Math.min(soonest ?? Number.POSITIVE_INFINITY, Math.max(1000, limits.settings.maxWaitMs));
    },
    freed: (target) => line.freed(target),
    changed: () => line.changed(),
  };
}
