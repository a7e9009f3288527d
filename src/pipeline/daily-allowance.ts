import { type ProxyError, upstreamError } from '../errors.ts';
import type { Manifest } from '../providers/provider.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** A free allowance that is spent comes back when the provider's day begins, where that is known. */
export function untilMidnight(error: ProxyError, { quirks }: Pick<Manifest, 'quirks'>, nowMs: number): ProxyError {
  const hours = quirks?.freshAtMidnightOf;
  if (hours === undefined || error.upstream?.limitName !== 'free-usage') return error;
  const sinceMidnightMs = (nowMs + hours * HOUR_MS) % DAY_MS;
  return upstreamError({ ...error.upstream, retryAfterMs: DAY_MS - sinceMidnightMs });
}
