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
  /** Whom to probe now: those that no request has visited since the last call, and those who do not answer. */
  due(): readonly HealthPlace[];
  /** `reason`: why it failed; undefined: it answered. */
  probed(place: HealthPlace, reason: string | undefined): void;
  /** Has `woken` called when somebody is used that was not since the last look. */
  onUse(woken: () => void): void;
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
  return new HealthBook(clock);
}

class HealthBook implements Health {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #known = new WeakMap<Credential, Entry>();
  #sick = 0;
  #woken: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get knowsSick(): boolean {
    return this.#sick > 0;
  }

  isWell(target: Target): boolean {
    return this.#sick === 0 || !this.#entryOf(target).isSick;
  }

  begun(target: Target): void {
    const entry = this.#entryOf(target);
    if (entry.wasUsed) return;
    entry.wasUsed = true;
    this.#woken?.();
  }

  succeeded(target: Target): void {
    const entry = this.#entryOf(target);
    if (entry.failures > 0) this.#note(entry, undefined);
  }

  failed(target: Target, { code }: ProxyError): void {
    if (silent.has(code)) this.#note(this.#entryOf(target), code);
  }

  due(): readonly HealthPlace[] {
    const due: HealthPlace[] = [];
    for (const entry of this.#entries.values()) {
      const isIdle = !entry.wasUsed;
      if (entry.wasUsed) entry.usedAtMs = this.#nowMs();
      entry.wasUsed = false;
      if ((isIdle || entry.isSick) && this.#isWatched(entry)) due.push(entry.place);
    }
    return due;
  }

  probed(place: HealthPlace, reason: string | undefined): void {
    const entry = this.#entries.get(keyOf(place));
    if (entry !== undefined) this.#note(entry, reason);
  }

  onUse(woken: () => void): void {
    this.#woken = woken;
  }

  get isWatching(): boolean {
    for (const entry of this.#entries.values()) if (entry.wasUsed || this.#isWatched(entry)) return true;
    return false;
  }

  snapshot(): readonly HealthState[] {
    return [...this.#entries.values()].map((entry) => ({
      ...entry.place,
      isWell: !entry.isSick,
      failures: entry.failures,
      reason: entry.reason,
      idleMs: entry.wasUsed ? 0 : this.#idleMs(entry),
    }));
  }

  #nowMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }

  #idleMs({ usedAtMs }: Entry): number {
    return Math.max(0, this.#nowMs() - usedAtMs);
  }

  #isWatched(entry: Entry): boolean {
    return this.#idleMs(entry) < (entry.failures > 0 ? GIVEN_UP_MS : WATCHED_MS);
  }

  #entryOf({ credential, provider }: Target): Entry {
    const found = this.#known.get(credential);
    if (found !== undefined) return found;
    const place = {
      provider: provider.id,
      baseUrl: credential.baseUrl ?? provider.baseUrl,
      proxyUrl: credential.proxyUrl,
    };
    const entry = this.#entries.get(keyOf(place)) ?? this.#add(place);
    this.#known.set(credential, entry);
    return entry;
  }

  #add(place: HealthPlace): Entry {
    if (this.#entries.size >= MOST_PLACES) this.#forgetAll();
    const entry = { place, failures: 0, isSick: false, reason: undefined, usedAtMs: this.#nowMs(), wasUsed: false };
    this.#entries.set(keyOf(place), entry);
    return entry;
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#known = new WeakMap();
    this.#sick = 0;
  }

  #note(entry: Entry, reason: string | undefined): void {
    entry.failures = reason === undefined ? 0 : entry.failures + 1;
    entry.reason = reason;
    const isSick = entry.failures >= FAILURES;
    if (isSick !== entry.isSick) this.#sick += isSick ? 1 : -1;
    entry.isSick = isSick;
  }
}

function keyOf({ provider, baseUrl, proxyUrl }: HealthPlace): string {
  return `${provider} ${baseUrl} ${proxyUrl ?? ''}`;
}
