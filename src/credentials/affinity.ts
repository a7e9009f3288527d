import type { Clock } from '../clock.ts';
import type { SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import { readBinding, type SavedBinding } from './saved-binding.ts';
import type { StateChange, StateSource } from './state-keeper.ts';

/** Where a conversation's prefix lies in a provider's cache. */
export interface Binding {
  readonly credentialId: string;
  readonly model: string;
  /** Since when. */
  readonly boundAtMs: number;
  /** Its last request. */
  readonly usedAtMs: number;
  readonly ttlMs: number;
}

/** Binds conversations to credentials. */
export interface Bindings {
  /** The binding of a conversation to one of the credentials that serve it now; what is too old is as if it were not. */
  find(session: SessionKey, isOffered: (credentialId: string) => boolean): Binding | undefined;
  /** A request of the conversation goes to the target; whoever else among those that serve it had it loses it. */
  bind(session: SessionKey, target: Target, isOffered: (credentialId: string) => boolean): void;
}

/** Which conversations are bound to which credentials. */
export interface Affinity extends Bindings {
  /** All bindings of a conversation, for those who ask why. */
  of(key: string): readonly Binding[];
  readonly size: number;
  /** What conversations would be bound to; nothing of it is bound here. */
  fork(): Bindings;
  readonly source: StateSource;
}

/** What bindings go by. */
export interface AffinityOptions {
  readonly clock: Clock;
  /** How long a conversation that says nothing of its cache stays bound after its last request; read for every request. */
  ttlMs(): number;
  /** The longest unused are forgotten beyond so many conversations. */
  readonly most?: number;
}

const MOST_SESSIONS = 100_000;
/** A conversation that asks several models may be bound to an account of each provider. */
const MOST_BINDINGS = 4;
/** Uses are saved when so much of the time to live has passed since the last save. */
const SAVED_PART = 4;
const SAVE_EVERY_MS = 5000;
/** A sixty-fourth. */
const SOME = 6;
/** The order of use need not be more precise. */
const RECENT_MS = 1000;

interface Held extends SavedBinding {
  savedAtMs: number;
}

/** Nothing is bound yet. */
export function createAffinity({ clock, ttlMs, most = MOST_SESSIONS }: AffinityOptions): Affinity {
  const sessions = new Map<string, readonly Held[]>();
  const dirty = new Set<string>();

  function find(key: string, isOffered: (id: string) => boolean): Held | undefined {
    const nowMs = clock.now();
    return sessions.get(key)?.find((held) => isAlive(held, nowMs) && isOffered(held.credentialId));
  }

  function put(key: string, held: readonly Held[]): void {
    // The order of the map is that of the last use.
    sessions.delete(key);
    sessions.set(key, held);
    if (sessions.size > most) forget(Math.max(1, most >> SOME));
  }

  /** Several at a time: a map steps over all that was deleted before it finds its first key. */
  function forget(count: number): void {
    let left = count;
    for (const oldest of sessions.keys()) {
      if (left-- <= 0) return;
      sessions.delete(oldest);
      dirty.delete(oldest);
    }
  }

  function use(key: string, held: Held, lifeMs: number): void {
    const nowMs = clock.now();
    if (nowMs - held.usedAtMs > RECENT_MS) put(key, sessions.get(key) ?? [held]);
    held.usedAtMs = nowMs;
    held.ttlMs = lifeMs;
    if (Math.abs(held.usedAtMs - held.savedAtMs) * SAVED_PART < lifeMs) return;
    held.savedAtMs = held.usedAtMs;
    dirty.add(key);
  }

  const affinity: Affinity = {
    find: ({ key, fallback }, isOffered) =>
      find(key, isOffered) ?? (fallback === undefined ? undefined : find(fallback, isOffered)),
    bind({ key, ttlMs: asked }, { credential, model }, isOffered) {
      const lifeMs = asked ?? ttlMs();
      const before = find(key, isOffered);
      if (before?.credentialId === credential.id) {
        before.model = model;
        use(key, before, lifeMs);
        return;
      }
      const nowMs = clock.now();
      const since = { boundAtMs: nowMs, usedAtMs: nowMs, savedAtMs: nowMs };
      const held: Held = { credentialId: credential.id, model, ttlMs: lifeMs, ...since };
      const others = (sessions.get(key) ?? []).filter((one) => isAlive(one, nowMs) && !isOffered(one.credentialId));
      put(key, [held, ...others.slice(0, MOST_BINDINGS - 1)]);
      dirty.add(key);
    },
    of: (key) => sessions.get(key) ?? [],
    get size() {
      return sessions.size;
    },
    fork: () => forkOf(affinity, clock),
    source: sourceOf(sessions, dirty, put),
  };
  return affinity;
}

function forkOf(affinity: Affinity, clock: Clock): Bindings {
  const bound = new Map<string, Binding>();
  return {
    find(session, isOffered) {
      const own = bound.get(session.key);
      return own !== undefined && isOffered(own.credentialId) ? own : affinity.find(session, isOffered);
    },
    bind({ key, ttlMs = 0 }, { credential, model }) {
      const nowMs = clock.now();
      bound.set(key, { credentialId: credential.id, model, boundAtMs: nowMs, usedAtMs: nowMs, ttlMs });
    },
  };
}

function sourceOf(
  sessions: ReadonlyMap<string, readonly Held[]>,
  dirty: Set<string>,
  put: (key: string, held: readonly Held[]) => void,
): StateSource {
  return {
    kind: 'session',
    everyMs: SAVE_EVERY_MS,
    changed() {
      if (dirty.size === 0) return [];
      const changes = [...dirty].map((key) => changeOf(key, sessions.get(key) ?? []));
      dirty.clear();
      return changes;
    },
    restore(saved) {
      for (const { key, value, shiftMs } of saved) {
        const held = readBinding(value, shiftMs).map((one) => ({ ...one, savedAtMs: one.usedAtMs }));
        if (held.length > 0) put(key, held);
      }
    },
  };
}

/** A clock that was put back makes nothing older, and by no more than its time to live younger. */
function isAlive(held: Held, nowMs: number): boolean {
  if (nowMs < held.usedAtMs) held.usedAtMs = nowMs;
  return nowMs - held.usedAtMs <= held.ttlMs;
}

function changeOf(key: string, held: readonly Held[]): StateChange {
  const expiresAtMs = Math.max(0, ...held.map(({ usedAtMs, ttlMs }) => usedAtMs + ttlMs));
  return { key, value: held.length === 0 ? undefined : held.map(({ savedAtMs, ...one }) => one), expiresAtMs };
}
