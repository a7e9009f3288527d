import type { ErrorCode, ErrorScope, ProxyError } from '../errors.ts';
import type { SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import type { AttemptCost, SpentTokens } from './limits/rate-limits.ts';

export type { AttemptCost, SpentTokens };

/** What a request needs of a model. */
export interface RequestNeeds {
  readonly stream: boolean;
  readonly tools: boolean;
  readonly vision: boolean;
  /** Estimate of the tokens that go in. */
  readonly inputTokens: number;
}

/** What a pick goes by. */
export interface PickRequest {
  /** As the client named it. */
  readonly model: string;
  /** Everybody who could serve it. */
  readonly targets: readonly Target[];
  /** What this request's failed attempts have used up, see {@link markTried}. */
  readonly tried: ReadonlySet<string>;
  /** The conversation it belongs to; asked only where there is a choice. */
  session?(): SessionKey | undefined;
  /** Asked only where the models on offer differ. */
  needs?(): RequestNeeds;
  /** Asked only where the user limits tokens; absent: it brings none. */
  readonly cost?: AttemptCost;
}

/** Header names are lower case. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Where requests wait for room under the user's limits. */
export interface WaitingRoom {
  /** Whether somebody who was not tried would serve the request, had he room. */
  isAwaited(request: PickRequest): boolean;
  hasRoom(request: PickRequest, target: Target): boolean;
  /** The most tokens that may go in, when nobody takes as many as the request brings. */
  tooLarge(request: PickRequest): number | undefined;
  /** How long a request may wait. */
  readonly maxWaitMs: number;
  /** `serve` is called when there may be room. Returns how to leave; undefined: there is none within `mostMs`. */
  join(request: PickRequest, mostMs: number, serve: () => void): (() => void) | undefined;
  /** Until there is room for a request that comes now. */
  retryAfterMs(request: PickRequest): number;
}

/** What the pipeline needs of the credential manager. */
export interface CredentialPool {
  /** The next target to try among those that could serve, or undefined when all are cooling down, full or were tried. */
  pick(request: PickRequest): Target | undefined;
  /** An attempt goes out; `ended` is called once for each, with the same cost. `spent` absent: it cost nothing. */
  begun(target: Target, cost?: AttemptCost): void;
  ended(target: Target, cost?: AttemptCost, spent?: SpentTokens): void;
  /** The head of an answer, whatever its status: its headers may tell how much of a quota is left. */
  answered(target: Target, status: number, headers: AnswerHeaders): void;
  succeeded(target: Target): void;
  /** Only for errors whose scope is not `request`; starts the cooldown that the error calls for. */
  failed(target: Target, error: ProxyError): void;
  /** Takes the last `failed` of a target back: the request turned out to be at fault. */
  forgiven(target: Target): void;
  /** Milliseconds until the first of the targets may be tried again; 0 when one may be now. */
  retryAfterMs(targets: readonly Target[]): number;
  /** Where requests wait that only the user's limits keep from being served; absent: there are none. */
  readonly room?: WaitingRoom;
  /** The most tokens that the user lets one request ask the target for; absent or undefined: any number. */
  mostTokens?(target: Target): number | undefined;
  /** The worst that is known against a target, for those who ask why it is not used; absent: nobody remembers. */
  cooldownOf?(target: Target): CooldownNotice | undefined;
}

/** Why a target is not, or only carefully, used. */
export interface CooldownNotice {
  /** What of it: this model on this credential, all of the credential, or its provider whichever credential is used. */
  readonly scope: 'model' | 'credential' | 'provider';
  /**
   * From bad to worse: its cooldown is over and nobody has tried yet; somebody is trying; it is cooling down by a guess
   * of ours; it is by the provider's word.
   */
  readonly standing: 'due' | 'tested' | 'guessed' | 'told';
  /** Until it may be tried again. */
  readonly waitMs: number;
  /** Since it began. */
  readonly sinceMs: number;
  readonly code: ErrorCode;
  readonly status: number;
  /** In the provider's words, cut short. */
  readonly message: string;
}

/** One model of one credential, which may serve a client's name with several. */
export function targetKey({ credential, model }: Target): string {
  return `${credential.id} ${model}`;
}

/**
 * Adds a failed target to what a request has tried: the credential's id once there is no other model of it to try, or
 * when the credential itself was refused.
 */
export function markTried(tried: Set<string>, target: Target, targets: readonly Target[], scope: ErrorScope): void {
  tried.add(targetKey(target));
  const { id } = target.credential;
  const isUsed = (other: Target): boolean => other.credential.id !== id || tried.has(targetKey(other));
  if (scope === 'credential' || targets.every(isUsed)) tried.add(id);
}

/** The targets that may be tried when `most` credentials are allowed (0: any number); the same array for the first try. */
export function stillAllowed(targets: readonly Target[], tried: ReadonlySet<string>, most: number): readonly Target[] {
  if (most <= 0 || tried.size === 0) return targets;
  const begun = new Set(
    targets.filter((target) => tried.has(targetKey(target))).map(({ credential }) => credential.id),
  );
  return begun.size < most ? targets : targets.filter(({ credential }) => begun.has(credential.id));
}
