import type { ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';

/** What the pipeline needs of the credential manager. */
export interface CredentialPool {
  /**
   * The next target to try among those that could serve, or undefined when all are cooling down or were tried.
   * `tried` holds credential ids of this request's failed attempts.
   */
  pick(model: string, targets: readonly Target[], tried: ReadonlySet<string>): Target | undefined;
  succeeded(target: Target): void;
  /** Only for errors whose scope is not `request`; starts the cooldown that the error calls for. */
  failed(target: Target, error: ProxyError): void;
  /** Milliseconds until the first of the targets may be tried again; 0 when one may be now. */
  retryAfterMs(targets: readonly Target[]): number;
}
