import type { Clock } from '../clock.ts';
import type { ErrorCode, ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import type { Credential } from './credential.ts';

/** A server as a credential reaches it: one probe stands for all that reach it in the same way. */
export interface HealthPlace {
  readonly provider: string;
  readonly baseUrl: string;
  /** As of the credential. */
  readonly proxyUrl: string | undefined;
}

/** How a server is. */
export interface HealthState extends HealthPlace {
  readonly isWell: boolean;
  /** In a row, of requests and probes. */
  readonly failures: number;
  /** Of the last one. */
  readonly reason: string | undefined;
  /** Milliseconds since the last request went there. */
  readonly idleMs: number;
}

/** Which servers answer: what requests find out, and probes where none go. */
export interface Health {
  /** Somebody is not well. */
  readonly knowsSick: boolean;
  isWell(target: Target): boolean;
  /** An attempt goes out. */
  begun(target: Target): void;
  /** An answer came, or none. */
  succeeded(target: Target): void;
  failed(target: Target, error: ProxyError): void;
  /** Whom to probe now; asks for those that requests have not visited since the last call. */
  due(): readonly HealthPlace[];
  /** `reason`: why it failed; undefined: it answered. */
  probed(place: HealthPlace, reason: string | undefined): void;
  /** Whether anybody may be due before the next request. */
  readonly isWatching: boolean;
  snapshot(): readonly HealthState[];
}

/** Failures in a row, however found out. */
const FAILURES = 3;
/** Whoever was not used for so long is not probed, unless it failed last. */
const WATCHED_MS = 10 * 60_000;
/** Nor is somebody who failed, after so long: the next request will find out. */
const GIVEN_UP_MS = 24 * 60 * 60_000;
const MOST_PLACES = 512;

/** What says that a server does not answer, and not what it thinks of a request. */
const silent: ReadonlySet<ErrorCode> = new Set([
  'upstream_unreachable',
  'upstream_timeout',
  'upstream_failed',
  'upstream_overloaded',
  'upstream_invalid_response',
  'upstream_stream_truncated',
]);

interface Entry {
  readonly place: HealthPlace;
  failures: number;
  isSick: boolean;
  reason: string | undefined;
  usedAtMs: number;
  /** By a request, since the last look. */
  wasUsed: boolean;
}

/** Everybody is well. */
export function createHealth(clock: Clock): Health {
  const entries = new Map<string, Entry>();
  let known = new WeakMap<Credential, Entry>();
  let sick = 0;
  const nowMs = (): number => clock.elapsedMs?.() ?? clock.now();

  function entryOf({ credential, provider }: Target): Entry {
    const found = known.get(credential);
    if (found !== undefined) return found;
    const place = {
      provider: provider.id,
      baseUrl: credential.baseUrl ?? provider.baseUrl,
      proxyUrl: credential.proxyUrl,
    };
    const entry = entries.get(keyOf(place)) ?? newEntry(place);
    known.set(credential, entry);
    return entry;
  }

  function newEntry(place: HealthPlace): Entry {
    if (entries.size >= MOST_PLACES) forgetAll();
    const entry = { place, failures: 0, isSick: false, reason: undefined, usedAtMs: nowMs(), wasUsed: false };
    entries.set(keyOf(place), entry);
    return entry;
  }

  function forgetAll(): void {
    entries.clear();
    known = new WeakMap();
    sick = 0;
  }

  function note(entry: Entry, reason: string | undefined): void {
    entry.failures = reason === undefined ? 0 : entry.failures + 1;
    entry.reason = reason;
    const isSick = entry.failures >= FAILURES;
    if (isSick !== entry.isSick) sick += isSick ? 1 : -1;
    entry.isSick = isSick;
  }

  function isWatched({ failures, usedAtMs }: Entry): boolean {
    const idleMs = Math.max(0, nowMs() - usedAtMs);
    return idleMs < (failures > 0 ? GIVEN_UP_MS : WATCHED_MS);
  }

  return {
    get knowsSick() {
      return sick > 0;
    },
    isWell: (target) => sick === 0 || !entryOf(target).isSick,
    begun(target) {
      const entry = entryOf(target);
      if (!entry.wasUsed) entry.wasUsed = true;
    },
    succeeded(target) {
      const entry = entryOf(target);
      if (entry.failures > 0) note(entry, undefined);
    },
    failed(target, { code }) {
      if (silent.has(code)) note(entryOf(target), code);
    },
    due() {
      const due: HealthPlace[] = [];
      for (const entry of entries.values()) {
        if (entry.wasUsed) entry.usedAtMs = nowMs();
        const isIdle = !entry.wasUsed;
        entry.wasUsed = false;
        if ((isIdle || entry.isSick) && isWatched(entry)) due.push(entry.place);
      }
      return due;
    },
    probed(place, reason) {
      const entry = entries.get(keyOf(place));
      if (entry !== undefined) note(entry, reason);
    },
    get isWatching() {
      return [...entries.values()].some((entry) => entry.wasUsed || isWatched(entry));
    },
    snapshot: () =>
      [...entries.values()].map(({ place, failures, isSick, reason, usedAtMs, wasUsed }) => ({
        ...place,
        isWell: !isSick,
        failures,
        reason,
        idleMs: wasUsed ? 0 : Math.max(0, nowMs() - usedAtMs),
      })),
  };
}

function keyOf({ provider, baseUrl, proxyUrl }: HealthPlace): string {
  return `${provider} ${baseUrl} ${proxyUrl ?? ''}`;
}
