import type { AccessOutcome, AccessProvider, AccessRequest } from './provider.ts';

const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** Who asks when nobody has to identify. */
const anyone: AccessOutcome = { ok: true, principal: undefined, source: 'anyone', metadata: {} };
const foreign: AccessOutcome = { ok: false, code: 'foreign_origin' };

/**
 * Access without client keys: everyone on this machine, but no web page from elsewhere. A browser sends any page's
 * requests to loopback, and only the `Origin` header that it adds tells them from those of a program.
 */
export function loopbackOriginAccess(): AccessProvider {
  return { name: 'loopback-origin', authenticate: (request) => (isForeignOrigin(request) ? foreign : anyone) };
}

function isForeignOrigin({ headers }: AccessRequest): boolean {
  const { origin } = headers;
  return origin !== undefined && !(typeof origin === 'string' && LOOPBACK_ORIGIN.test(origin));
}
