import type { ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

/**
 * How to get the target with a new token after its old one was refused; undefined when that makes no sense, or was done
 * for this request already. The promise never rejects; undefined: there is no new token.
 */
export function renewable(
  { options }: Job,
  { credential }: Target,
  error: ProxyError,
  renewed: ReadonlySet<string> | undefined,
): ((target: Target) => Promise<Target | undefined>) | undefined {
  if (options.renew === undefined || error.code !== 'upstream_unauthorized' || credential.kind !== 'account') {
    return undefined;
  }
  if (renewed?.has(credential.id) === true) return undefined;
  return async (target) => {
    try {
      return await options.renew?.(target);
    } catch {
      // Whoever renews has said why; here it means that the old token's refusal stands.
      return undefined;
    }
  };
}
