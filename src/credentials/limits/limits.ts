import type { Clock } from '../../clock.ts';
import type { Target } from '../../routing/target.ts';
import type { Credential } from '../credential.ts';
import type { InFlight } from '../in-flight.ts';
import {
  type Ahead,
  type AttemptCost,
  type LimitSettings,
  NOBODY_AHEAD,
  type RateLimits,
  type SharedLimits,
  type SpentTokens,
  type TokenCounts,
} from './rate-limits.ts';
import { SharedBuckets } from './shared-buckets.ts';

/** What the user allows per time and at a time. */
export interface Limits {
  readonly settings: LimitSettings;
  hasRoom(target: Target, cost: AttemptCost | undefined): boolean;
  /** More goes in than one request may bring: waiting does not help. */
  isTooLarge(target: Target, cost: AttemptCost | undefined): boolean;
  /** The most tokens that one request may ask for. */
  mostTokens(target: Target): number | undefined;
  /** Until there is room, after what comes `ahead`; undefined: until another attempt ends. */
  waitMs(target: Target, cost: AttemptCost | undefined, ahead: Ahead): number | undefined;
  /** Takes what the attempt is expected to cost. */
  begun(target: Target, cost: AttemptCost | undefined): void;
  /** Puts what it did cost in its place; `spent` undefined: nothing. */
  ended(target: Target, cost: AttemptCost | undefined, spent: SpentTokens | undefined): void;
  /** Whether the target shares its limits with others, who have room as well when it has. */
  isShared(target: Target): boolean;
  configure(settings: LimitSettings): void;
}

const NONE: readonly SharedBuckets[] = [];

/** Nothing is taken yet. `inFlight` is counted by somebody else. */
export function createLimits(clock: Clock, inFlight: InFlight, initial: LimitSettings): Limits {
  let settings = initial;
  let known = new WeakMap<Credential, readonly SharedBuckets[]>();
  const all = new Map<string, SharedBuckets>();
  const nowMs = (): number => clock.elapsedMs?.() ?? clock.now();

  function sharedOf(limits: SharedLimits): SharedBuckets {
    const before = all.get(limits.id);
    if (before !== undefined && isSame(before.limits, limits)) return before;
    const made = new SharedBuckets(limits, nowMs(), before);
    all.set(limits.id, made);
    return made;
  }

  function bucketsOf({ credential }: Target): readonly SharedBuckets[] {
    if (isUnlimited(settings) && credential.limits === undefined) return NONE;
    const found = known.get(credential);
    if (found !== undefined) return found;
    const made = limitsOf(credential, settings).map(sharedOf);
    known.set(credential, made);
    return made;
  }

  function isFull({ credential }: Target): boolean {
    const most = credential.maxInFlight ?? settings.maxInFlight;
    return most > 0 && inFlight.of(credential.id) >= most;
  }

  return {
    get settings() {
      return settings;
    },
    hasRoom(target, cost) {
      if (isFull(target)) return false;
      const buckets = bucketsOf(target);
      if (buckets === NONE) return true;
      const now = nowMs();
      return buckets.every((one) => !one.isTooLarge(cost) && one.waitMs(cost, now, NOBODY_AHEAD) === 0);
    },
    isTooLarge: (target, cost) => bucketsOf(target).some((one) => one.isTooLarge(cost)),
    mostTokens(target) {
      const buckets = bucketsOf(target);
      if (buckets === NONE) return undefined;
      const limits = buckets.map((one) => one.limits.maxTokensPerRequest ?? 0).filter((most) => most > 0);
      return limits.length === 0 ? undefined : Math.min(...limits);
    },
    waitMs(target, cost, ahead) {
      const now = nowMs();
      const waits = bucketsOf(target).map((one) => one.waitMs(cost, now, ahead));
      const longest = Math.max(0, ...waits);
      return longest === 0 && isFull(target) ? undefined : longest;
    },
    begun(target, cost) {
      const buckets = bucketsOf(target);
      if (buckets === NONE) return;
      const now = nowMs();
      for (const one of buckets) one.take(one.countsTokens ? (cost?.tokens() ?? 0) : 0, 1, now);
    },
    ended(target, cost, spent) {
      const buckets = bucketsOf(target);
      if (buckets === NONE || !buckets.some((one) => one.countsTokens)) return;
      const expected = cost?.tokens() ?? 0;
      const real = spent === undefined ? 0 : (totalTokens(spent.usage()) ?? expected);
      const now = nowMs();
      for (const one of buckets) one.take(real - expected, 0, now);
    },
    isShared: (target) => bucketsOf(target) !== NONE,
    configure(change) {
      settings = change;
      known = new WeakMap();
    },
  };
}

function isUnlimited({ total, others, byProvider }: LimitSettings): boolean {
  return total === undefined && others === undefined && byProvider.size === 0;
}

/** Its own or its provider's, and those of all. */
function limitsOf(credential: Credential, { total, others, byProvider }: LimitSettings): SharedLimits[] {
  const { provider } = credential;
  const ofProvider = byProvider.get(provider) ?? others;
  const own = credential.limits ?? (ofProvider && { ...ofProvider, id: `provider ${provider}` });
  return [...(own === undefined ? [] : [own]), ...(total === undefined ? [] : [{ ...total, id: 'total' }])];
}

function isSame(one: RateLimits, other: RateLimits): boolean {
  return (
    one.requestsPerMinute === other.requestsPerMinute &&
    one.tokensPerMinute === other.tokensPerMinute &&
    one.maxTokensPerRequest === other.maxTokensPerRequest &&
    one.burst === other.burst
  );
}

function totalTokens(usage: TokenCounts | undefined): number | undefined {
  if (usage === undefined) return undefined;
  return usage.inputTokens + usage.cachedReadTokens + usage.cacheWriteTokens + usage.outputTokens;
}
