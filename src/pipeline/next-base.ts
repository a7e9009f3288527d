import type { ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';

/**
 * The same account at the provider's next address, after one that could not be reached or had no room; undefined: there is
 * none, or the failure is no matter of the address. An account with an address of its own has only that.
 */
export function atNextBase(target: Target, error: ProxyError): Target | undefined {
  const { credential, provider } = target;
  const others = credential.kind === 'account' ? provider.account?.fallbackBaseUrls : undefined;
  if (others === undefined || !isOfAddress(error)) return undefined;
  const order = [provider.baseUrl, ...others];
  const at = order.indexOf(credential.baseUrl ?? provider.baseUrl);
  const next = at < 0 ? undefined : order[at + 1];
  return next === undefined ? undefined : { ...target, credential: { ...credential, baseUrl: next } };
}

/** A limit that says when it ends is the account's, wherever it asks. */
function isOfAddress({ code, retryAfterMs, upstream }: ProxyError): boolean {
  if (code === 'upstream_unreachable') return true;
  if (upstream?.status === 503) return /no capacity/i.test(upstream.message);
  return upstream?.status === 429 && retryAfterMs === undefined && upstream.limitName === undefined;
}
