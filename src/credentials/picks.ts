import type { Target } from '../routing/target.ts';
import type { Choose, Chooser } from './chooser.ts';
import type { Cooldowns } from './cooldowns.ts';
import type { Health } from './health.ts';
import type { Limits } from './limits/limits.ts';
import type { Room } from './limits/room.ts';
import type { PickRequest } from './pool.ts';
import { isUntried } from './tried.ts';

/** Who has a say in who is picked. */
export interface PickParts {
  readonly chooser: Chooser;
  readonly cooldowns: Cooldowns;
  readonly limits: Limits;
  readonly room: Room;
  readonly health: Health;
}

/** Picks somebody; undefined: nobody may be asked now. */
export type Picker = (request: PickRequest) => Target | undefined;

/** Picks among those who were not tried, do not cool down and have room. */
export function createPicks(parts: PickParts): Picker {
  const { cooldowns, chooser } = parts;
  return picksBy(parts, chooser.choose, (target) => cooldowns.picked(target));
}

/** Picks as {@link createPicks} would from now on, and leaves everything as it is. */
export function rehearsePicks(parts: PickParts): Picker {
  return picksBy(parts, parts.chooser.fork(), () => {});
}

function picksBy(parts: PickParts, chooseAmong: Choose, picked: (target: Target) => void): Picker {
  const { cooldowns, limits, room, health } = parts;

  function usableFor({ tried, cost }: PickRequest): (target: Target) => boolean {
    // Who has failed already does not wait for a second account to find out whether it is well again.
    const isOpen = cooldowns.isEmpty ? undefined : cooldowns.usable(tried.size === 0);
    return (target) =>
      isUntried(target, tried) && limits.hasRoom(target, cost) && (isOpen === undefined || isOpen(target));
  }

  /** Those whose servers do not answer come last. */
  function choose(request: PickRequest): Target | undefined {
    const usable = usableFor(request);
    if (!health.knowsSick) return chooseAmong(request, usable);
    const isWell = (target: Target): boolean => health.isWell(target) && usable(target);
    return chooseAmong(request, isWell) ?? chooseAmong(request, usable);
  }

  function lastResort(request: PickRequest): Target | undefined {
    // Who is well and only busy is worth the wait.
    if (room.isAwaited(request)) return undefined;
    const { targets, tried } = request;
    const left = targets.filter((one) => isUntried(one, tried) && limits.hasRoom(one, request.cost));
    const failed = tried.size === 0 ? [] : targets.filter((one) => !isUntried(one, tried));
    return cooldowns.lastResort(left, failed);
  }

  return (request: PickRequest): Target | undefined => {
    if (room.holdsBack(request)) return undefined;
    const target = choose(request);
    if (cooldowns.isEmpty) return target;
    const found = target ?? lastResort(request);
    if (found !== undefined) picked(found);
    return found;
  };
}
