import { type CooldownWindow, remainingMs } from './cooldown-window.ts';
import { elapsedMs, type Moment } from './stopwatch.ts';

/** Clients may invent names of models; a credential in trouble remembers about this many. */
const MAX_MODELS = 256;
/** How long a cooldown is remembered after its end when nobody has tried. */
const MEMORY_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

/** Only credentials in trouble have one: a healthy pool costs no look-ups. */
export interface Trouble {
  whole: CooldownWindow | undefined;
  readonly models: Map<string, CooldownWindow>;
  /** How to take the last failure of a model back. */
  readonly undo: Map<string, () => void>;
}

/** A window and whose it is. */
export interface TroubleEntry {
  readonly credentialId: string;
  readonly model: string | undefined;
  readonly window: CooldownWindow;
}

/** The windows of all credentials, by credential and model. */
export class Troubles {
  readonly #troubles = new Map<string, Trouble>();
  readonly #changed = new Set<string>();
  #swept: Moment | undefined;

  get isEmpty(): boolean {
    return this.#troubles.size === 0;
  }

  of(credentialId: string): Trouble | undefined {
    return this.#troubles.get(credentialId);
  }

  windowOf(credentialId: string, model: string | undefined): CooldownWindow | undefined {
    const trouble = this.#troubles.get(credentialId);
    return model === undefined ? trouble?.whole : trouble?.models.get(model);
  }

  /** Returns how to take it back. */
  put(credentialId: string, model: string | undefined, window: CooldownWindow, now: Moment): () => void {
    const before = this.windowOf(credentialId, model);
    if (window === before) return () => {};
    if ((this.#troubles.get(credentialId)?.models.size ?? 0) >= MAX_MODELS) this.#dropEnded(credentialId, now, 0);
    this.#set(credentialId, model, window);
    return () => {
      // Whatever came in between counts for more.
      if (this.windowOf(credentialId, model) === window) this.#set(credentialId, model, before);
    };
  }

  rememberUndo(credentialId: string, model: string, undo: () => void): void {
    this.#troubles.get(credentialId)?.undo.set(model, undo);
  }

  undo(credentialId: string, model: string): void {
    const trouble = this.#troubles.get(credentialId);
    const undo = trouble?.undo.get(model);
    trouble?.undo.delete(model);
    undo?.();
  }

  succeeded(credentialId: string, model: string, now: Moment): void {
    const trouble = this.#troubles.get(credentialId);
    if (trouble === undefined) return;
    trouble.undo.delete(model);
    for (const place of [undefined, model]) {
      const window = this.windowOf(credentialId, place);
      if (window === undefined || (window.holds && remainingMs(window, now) > 0)) continue;
      this.#set(credentialId, place, undefined);
    }
  }

  /** Ends the windows of a credential for which `isMeant` is true. */
  drop(credentialId: string, isMeant: (entry: TroubleEntry) => boolean): void {
    for (const entry of this.listOf(credentialId)) if (isMeant(entry)) this.#set(credentialId, entry.model, undefined);
  }

  dropAll(): void {
    for (const credentialId of this.#troubles.keys()) this.#changed.add(credentialId);
    this.#troubles.clear();
  }

  list(): readonly TroubleEntry[] {
    return [...this.#troubles.keys()].flatMap((credentialId) => this.listOf(credentialId));
  }

  listOf(credentialId: string): readonly TroubleEntry[] {
    const trouble = this.#troubles.get(credentialId);
    if (trouble === undefined) return [];
    const ofModels = [...trouble.models].map(([model, window]) => ({ credentialId, model, window }));
    const { whole } = trouble;
    return whole === undefined ? ofModels : [{ credentialId, model: undefined, window: whole }, ...ofModels];
  }

  /** Forgets what ended long ago, now and then. */
  sweep(now: Moment): void {
    if (this.#swept !== undefined && elapsedMs(this.#swept, now) < SWEEP_MS) return;
    this.#swept = now;
    for (const credentialId of [...this.#troubles.keys()]) this.#dropEnded(credentialId, now, MEMORY_MS);
  }

  /** Credentials whose windows have changed since the last call. */
  takeChanged(): readonly string[] {
    const ids = [...this.#changed];
    this.#changed.clear();
    return ids;
  }

  #set(credentialId: string, model: string | undefined, window: CooldownWindow | undefined): void {
    const trouble = this.#troubles.get(credentialId) ?? { whole: undefined, models: new Map(), undo: new Map() };
    if (model === undefined) trouble.whole = window;
    else if (window === undefined) trouble.models.delete(model);
    else trouble.models.set(model, window);
    if (trouble.whole === undefined && trouble.models.size === 0) this.#troubles.delete(credentialId);
    else this.#troubles.set(credentialId, trouble);
    this.#changed.add(credentialId);
  }

  #dropEnded(credentialId: string, now: Moment, memoryMs: number): void {
    // By the steady clock: one that was set forward must not make everybody's troubles forgotten.
    const isOld = ({ began, durationMs }: CooldownWindow): boolean =>
      now.steadyMs - began.steadyMs > durationMs + memoryMs;
    this.drop(credentialId, ({ window }) => isOld(window));
  }
}
