import type { Clock } from '../clock.ts';
import type { ErrorCode, ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import { type Cooldown, type CooldownSettings, cooldownFor } from './cooldown.ts';
import { createCooldownSource } from './cooldown-state.ts';
import {
  type CooldownWindow,
  remainingMs,
  type Standing,
  standingOf,
  standingRank,
  stepFor,
  windowAfter,
} from './cooldown-window.ts';
import type { Credential } from './credential.ts';
import { lastResort } from './last-resort.ts';
import type { CooldownNotice } from './pool.ts';
import { createProviderOutages } from './provider-outage.ts';
import type { StateSource } from './state-keeper.ts';
import { createStopwatch, type Moment, type Stopwatch } from './stopwatch.ts';
import { Troubles } from './troubles.ts';

/** Settings of the cooldowns that a reload of the configuration may change. */
export interface CoolingSettings extends CooldownSettings {
  /** Nothing cools down, unless a credential says otherwise. */
  readonly disableCooling: boolean;
}

/** One cooldown under way. */
export interface CoolingState {
  readonly credentialId: string;
  /** Undefined: the credential as a whole. */
  readonly model: string | undefined;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
  readonly code: ErrorCode;
}

/** Who is not to be picked, and until when. */
export interface Cooldowns {
  /** Nobody is in trouble: there is nothing to look up. */
  readonly isEmpty: boolean;
  /** Whether a target may be picked now. `mayProbe`: also to find out whether its cooldown is over. */
  usable(mayProbe: boolean): (target: Target) => boolean;
  /** Of targets of which none is usable, the one that may be tried nevertheless; `failed`: those tried before. */
  lastResort(targets: readonly Target[], failed: readonly Target[]): Target | undefined;
  /** A target was picked, its attempt began, has the head of an answer, has ended. */
  picked(target: Target): void;
  begun(target: Target): void;
  answered(target: Target, status: number): void;
  ended(target: Target): void;
  failed(target: Target, error: ProxyError): void;
  succeeded(target: Target): void;
  /** Takes the last `failed` back. */
  forgiven(target: Target): void;
  /** The provider says, with an answer of whatever status, that nothing is left. */
  exhausted(target: Target, cooldown: Cooldown, error: ProxyError): void;
  waitMs(target: Target): number;
  /** The worst that is known against a target. */
  noticeOf(target: Target): CooldownNotice | undefined;
  /** Every cooldown under way of credentials and their models. */
  snapshot(): readonly CoolingState[];
  /** Ends the cooldowns of a credential: all, or that of a model and those of the whole. */
  reset(credentialId: string, model?: string): void;
  /** Ends all cooldowns. */
  resetAll(): void;
  /** The credential has a new secret: that the old one was refused means nothing any more. */
  renewed(credentialId: string): void;
  configure(settings: CoolingSettings): void;
  /** Keeps them over a restart. */
  readonly source: StateSource;
}

/** A pick that is not followed by an attempt keeps others away for so long. */
const PICKED_MS = 5000;
/** An attempt that says nothing keeps others away for so long. */
const BEGUN_MS = 10 * 60_000;
/** With the head of a good answer it is as good as proven. */
const ANSWERED_MS = 10_000;

/** No cooldown yet. */
export function createCooldowns(clock: Clock, initial: CoolingSettings): Cooldowns {
  return new CooldownBook(clock, initial);
}

class CooldownBook implements Cooldowns {
  #settings: CoolingSettings;
  readonly #watch: Stopwatch;
  readonly #troubles = new Troubles();
  readonly #outages = createProviderOutages();
  readonly source: StateSource;

  constructor(clock: Clock, settings: CoolingSettings) {
    this.#settings = settings;
    this.#watch = createStopwatch(clock);
    this.source = createCooldownSource(this.#troubles, this.#watch);
  }

  get isEmpty(): boolean {
    return this.#troubles.isEmpty && this.#outages.isEmpty;
  }

  usable(mayProbe: boolean): (target: Target) => boolean {
    const now = this.#watch.moment();
    this.#troubles.sweep(now);
    if (!this.#outages.isEmpty) this.#outages.sweep(now);
    const most = standingRank[mayProbe ? 'due' : 'free'];
    return (target) => standingRank[this.#standing(target, now)] <= most;
  }

  lastResort(targets: readonly Target[], failed: readonly Target[]): Target | undefined {
    const now = this.#watch.moment();
    const standing = (target: Target): Standing => this.#standing(target, now);
    // One that failed by the provider's word says nothing about who pauses by a guess.
    const mayGuess = !failed.some((target) => standing(target) === 'guessed');
    return lastResort(targets, mayGuess, {
      standing,
      isSpared: (target) => this.#windowsOf(target).every(([scope]) => scope === 'provider'),
      waitMs: (target) => this.#waitMs(target, now),
    });
  }

  picked(target: Target): void {
    this.#probing(target, PICKED_MS, true);
  }

  begun(target: Target): void {
    this.#probing(target, BEGUN_MS, true);
  }

  answered(target: Target, status: number): void {
    if (status < 300) this.#probing(target, ANSWERED_MS, false);
  }

  ended(target: Target): void {
    this.#probing(target, 0, false);
  }

  failed(target: Target, error: ProxyError): void {
    const { credential, model } = target;
    if (!this.#isCooled(credential)) return;
    const now = this.#watch.moment();
    const before = this.#troubles.windowOf(credential.id, error.scope === 'credential' ? undefined : model);
    const cooldown = cooldownFor(error, stepFor(before, error, now), this.#settings);
    if (cooldown === undefined) return;
    const undo = this.#put(target, error, cooldown, now);
    const undoOutage = this.#outages.failed(target, error, now, this.#settings.transientMs);
    this.#troubles.rememberUndo(credential.id, model, () => {
      undoOutage();
      undo();
    });
  }

  succeeded(target: Target): void {
    this.#outages.succeeded(target);
    this.#troubles.succeeded(target.credential.id, target.model, this.#watch.moment());
  }

  forgiven({ credential, model }: Target): void {
    this.#troubles.undo(credential.id, model);
  }

  exhausted(target: Target, cooldown: Cooldown, error: ProxyError): void {
    if (!this.#isCooled(target.credential)) return;
    const now = this.#watch.moment();
    const place = cooldown.scope === 'credential' ? undefined : target.model;
    const before = this.#troubles.windowOf(target.credential.id, place);
    if (remainingMs(before, now) < cooldown.ms) this.#put(target, error, cooldown, now);
  }

  waitMs(target: Target): number {
    return this.#waitMs(target, this.#watch.moment());
  }

  noticeOf(target: Target): CooldownNotice | undefined {
    const now = this.#watch.moment();
    const notices = this.#windowsOf(target).map(([scope, window]) => noticeOf(scope, window, now));
    return notices.toSorted((a, b) => standingRank[b.standing] - standingRank[a.standing] || b.waitMs - a.waitMs)[0];
  }

  snapshot(): readonly CoolingState[] {
    const now = this.#watch.moment();
    return this.#troubles.list().flatMap(({ credentialId, model, window }) => {
      const leftMs = remainingMs(window, now);
      return leftMs === 0 ? [] : { credentialId, model, untilMs: now.wallMs + leftMs, code: window.cause.code };
    });
  }

  reset(credentialId: string, model?: string): void {
    this.#troubles.drop(
      credentialId,
      (entry) => model === undefined || entry.model === undefined || entry.model === model,
    );
  }

  resetAll(): void {
    this.#troubles.dropAll();
    this.#outages.clear();
  }

  renewed(credentialId: string): void {
    this.#troubles.drop(credentialId, ({ window }) => window.cause.code === 'upstream_unauthorized');
  }

  configure(settings: CoolingSettings): void {
    this.#settings = settings;
  }

  #isCooled(credential: Credential): boolean {
    return !(credential.disableCooling ?? this.#settings.disableCooling);
  }

  #standing(target: Target, now: Moment): Standing {
    const { credential, model } = target;
    if (!this.#isCooled(credential)) return 'free';
    const trouble = this.#troubles.of(credential.id);
    const whole = standingOf(trouble?.whole, now);
    const ofModel = standingOf(trouble?.models.get(model), now);
    const ofProvider = standingOf(this.#outages.isEmpty ? undefined : this.#outages.of(target), now);
    return worse(worse(whole, ofModel), ofProvider);
  }

  #windowsOf(target: Target): readonly (readonly [CooldownNotice['scope'], CooldownWindow])[] {
    const { credential, model } = target;
    if (!this.#isCooled(credential)) return [];
    const trouble = this.#troubles.of(credential.id);
    const found = [
      ['credential', trouble?.whole],
      ['model', trouble?.models.get(model)],
      ['provider', this.#outages.isEmpty ? undefined : this.#outages.of(target)],
    ] as const;
    return found.flatMap(([scope, window]) => (window === undefined ? [] : [[scope, window] as const]));
  }

  #waitMs(target: Target, now: Moment): number {
    return Math.max(0, ...this.#windowsOf(target).map(([, window]) => remainingMs(window, now)));
  }

  /** Marks what a request finds out about a target whose cooldown is over. */
  #probing(target: Target, ms: number, isNew: boolean): void {
    const now = this.#watch.moment();
    for (const [, window] of this.#windowsOf(target)) {
      if (remainingMs(window, now) > 0 || (window.probe === undefined && !isNew)) continue;
      window.probe = ms === 0 ? undefined : { since: now, ms };
    }
  }

  #put(target: Target, error: ProxyError, cooldown: Cooldown, now: Moment): () => void {
    const { id } = target.credential;
    const place = cooldown.scope === 'credential' ? undefined : target.model;
    const before = this.#troubles.windowOf(id, place);
    return this.#troubles.put(id, place, windowAfter(before, error, cooldown, now), now);
  }
}

function worse(one: Standing, other: Standing): Standing {
  return standingRank[other] > standingRank[one] ? other : one;
}

function noticeOf(scope: CooldownNotice['scope'], window: CooldownWindow, now: Moment): CooldownNotice {
  const standing = standingOf(window, now);
  const waitMs = remainingMs(window, now);
  return {
    ...window.cause,
    scope,
    standing: standing === 'free' ? 'due' : standing,
    waitMs,
    sinceMs: Math.max(0, now.wallMs - window.began.wallMs),
  };
}
