import type { ErrorScope, ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';

/** What the pipeline needs of the credential manager. */
export interface CredentialPool {
  /**
   * The next target to try among those that could serve, or undefined when all are cooling down or were tried.
   * `tried` holds what this request's failed attempts have used up, see {@link markTried}.
   */
  pick(model: string, targets: readonly Target[], tried: ReadonlySet<string>): Target | undefined;
  succeeded(target: Target): void;
  /** Only for errors whose scope is not `request`; starts the cooldown that the error calls for. */
  failed(target: Target, error: ProxyError): void;
  /** Milliseconds until the first of the targets may be tried again; 0 when one may be now. */
  retryAfterMs(targets: readonly Target[]): number;
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
