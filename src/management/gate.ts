import { hash, timingSafeEqual } from 'node:crypto';
import { isLoopback } from '../config/exposure.ts';
import { type ManagementAnswer, type ManagementRequest, refuse } from './answer.ts';
import type { KeyCheck } from './key-check.ts';

/** Who may manage. */
export interface GateSettings {
  /** Plain, or a bcrypt hash; '' for none. */
  readonly key: string;
  /** A further plain key, from the environment. */
  readonly password: string | undefined;
  readonly allowRemote: boolean;
}

/** Undefined: come in. `hasNoKey`: it is judged only whether there is management, and for where the request comes from. */
export type ManagementGate = (
  request: ManagementRequest,
  hasNoKey?: boolean,
) => Promise<ManagementAnswer | undefined> | ManagementAnswer | undefined;

/** What a gate is made of. */
export interface GateOptions {
  /** Read for every request. */
  settings(): GateSettings;
  /** Compares with a bcrypt hash. */
  readonly matchesHash: KeyCheck;
  readonly nowMs: () => number;
}

interface Failures {
  count: number;
  sinceMs: number;
}

const MOST_FAILURES = 5;
const BAN_MS = 30 * 60_000;
/** Beyond it the one that failed first is forgiven. */
const MOST_PEERS = 1000;

/** Lets in whoever has the key; without a key there is no management API. */
export function createGate({ settings, matchesHash, nowMs }: GateOptions): ManagementGate {
  const failures = new Map<string, Failures>();

  function banEndsInMs(peer: string): number {
    const known = failures.get(peer);
    if (known === undefined) return 0;
    const passedMs = nowMs() - known.sinceMs;
    // A clock that was set back must not prolong it.
    if (passedMs >= BAN_MS || passedMs < 0) failures.delete(peer);
    return known.count < MOST_FAILURES || passedMs < 0 ? 0 : Math.max(0, BAN_MS - passedMs);
  }

  function failed(peer: string): void {
    const count = (failures.get(peer)?.count ?? 0) + 1;
    failures.delete(peer);
    failures.set(peer, { count, sinceMs: nowMs() });
    const [oldest] = failures.keys();
    if (failures.size > MOST_PEERS && oldest !== undefined) failures.delete(oldest);
  }

  return async (request, hasNoKey = false) => {
    const { key, password, allowRemote } = settings();
    if (key === '' && !password) {
      return refuse(404, 'there is no management API: set remote-management.secret-key in the configuration');
    }
    const peer = request.peer ?? 'this process';
    const isLocal = request.peer === undefined || isLoopback(request.peer.replace(/^::ffff:/i, ''));
    if (!isLocal && !allowRemote) {
      return refuse(403, 'management from other machines is off: see remote-management.allow-remote');
    }
    if (hasNoKey) return undefined;
    const waitMs = banEndsInMs(peer);
    if (waitMs > 0) {
      const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) };
      return { ...refuse(429, 'too many wrong management keys; try again later'), headers };
    }
    const given = givenKey(request);
    if (given === undefined) return refuse(401, 'missing management key: send it as "Authorization: Bearer <key>"');
    const isRight =
      (password ? isSame(given, password) : false) ||
      (key !== '' && (/^\$2[aby]?\$/.test(key) ? await matchesHash(given, key) : isSame(given, key)));
    if (isRight) failures.delete(peer);
    else failed(peer);
    return isRight ? undefined : refuse(401, 'invalid management key');
  };
}

function givenKey({ headers }: ManagementRequest): string | undefined {
  const authorization = headers['authorization'];
  const bearer = typeof authorization === 'string' ? /^bearer\s+(.+)$/i.exec(authorization)?.[1] : undefined;
  const named = headers['x-management-key'];
  return bearer?.trim() ?? (typeof named === 'string' && named !== '' ? named : undefined);
}

/** Takes the same time whatever is different. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
