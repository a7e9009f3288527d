import { setTimeout as sleep } from 'node:timers/promises';
import { ProxyError } from '../errors.ts';
import type { LoginIo } from './login.ts';
import { endedLogin } from './login-tokens.ts';
import { refusalWords, type TokenAnswer, tokenRefusal } from './token-request.ts';

/** What a poll learnt. Denial and expiry are thrown. */
export type PollVerdict<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'pending' }
  /** Pending, and asked too often. */
  | { readonly state: 'slow-down' };

/** How often is asked, and how long. */
export interface PollPace {
  readonly intervalMs: number;
  readonly expiresAtMs: number;
  /** The interval after a `slow_down`; absent: 5 s more. */
  slower?(intervalMs: number): number;
}

/** Between polls that got no answer. */
const MAX_BACKOFF_MS = 30_000;
const SLOW_DOWN_MS = 5000;

/** Asks until there is a verdict; polls that get no answer are repeated. Throws ProxyError. */
export async function pollUntilDone<T>(poll: () => Promise<PollVerdict<T>>, pace: PollPace, io: LoginIo): Promise<T> {
  let { intervalMs } = pace;
  let waitMs = intervalMs;
  for (;;) {
    await pause(Math.min(waitMs, Math.max(0, pace.expiresAtMs - io.now())), io);
    if (io.now() >= pace.expiresAtMs) throw expiredCode();
    const verdict = await poll().catch((error: unknown) => missed(error, io));
    switch (verdict.state) {
      case 'done':
        return verdict.value;
      case 'slow-down':
        intervalMs = pace.slower?.(intervalMs) ?? intervalMs + SLOW_DOWN_MS;
        waitMs = intervalMs;
        break;
      case 'pending':
        waitMs = intervalMs;
        break;
      case 'missed':
        waitMs = Math.max(Math.min(waitMs * 2, MAX_BACKOFF_MS), verdict.retryAfterMs ?? 0);
        break;
    }
  }
}

/** The verdict of a token endpoint that answers as RFC 8628 says. Throws ProxyError for everything that is final. */
export function standardVerdict(answer: TokenAnswer): PollVerdict<TokenAnswer> {
  const { code } = refusalWords(answer.body);
  if (code === 'authorization_pending') return { state: 'pending' };
  if (code === 'slow_down') return { state: 'slow-down' };
  if (code === 'expired_token') throw expiredCode();
  if (code === 'access_denied' || code === 'authorization_declined') throw deniedLogin();
  if (!answer.ok || (code !== undefined && answer.body['access_token'] === undefined)) throw tokenRefusal(answer);
  return { state: 'done', value: answer };
}

/** The person said no. */
export function deniedLogin(): ProxyError {
  return new ProxyError('upstream_forbidden', 'the login was denied on the page of the provider');
}

/** The code was not used in time. */
export function expiredCode(): ProxyError {
  return new ProxyError('upstream_timeout', 'the code was not used in time; begin the login again');
}

/** Waits; ends with the login. */
export async function pause(ms: number, io: LoginIo): Promise<void> {
  endedLogin(io);
  try {
    await (io.wait?.(ms, io.signal) ?? sleep(ms, undefined, { signal: io.signal }));
  } catch (error) {
    endedLogin(io, error);
    throw error;
  }
  endedLogin(io);
}

interface Missed {
  readonly state: 'missed';
  readonly retryAfterMs: number | undefined;
}

/** A server or a line that fails for a moment does not end a login. */
function missed(error: unknown, io: LoginIo): Missed {
  endedLogin(io, error);
  if (!(error instanceof ProxyError)) throw error;
  const passes: readonly ProxyError['code'][] = ['upstream_unreachable', 'upstream_failed', 'upstream_rate_limited'];
  // A timeout with an upstream's words is the code's, not the line's.
  const isSlow = error.code === 'upstream_timeout' && error.cause !== undefined;
  if (!passes.includes(error.code) && !isSlow) throw error;
  io.progress(`no answer for now (${error.message}); still asking`);
  return { state: 'missed', retryAfterMs: error.retryAfterMs };
}
