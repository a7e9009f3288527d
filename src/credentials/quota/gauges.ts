import type { Target } from '../../routing/target.ts';
import { MAX_HINT_MS } from '../cooldown.ts';
import type { Headroom } from '../strategies/strategy.ts';
import type { QuotaReading, QuotaWindow } from './quota-window.ts';

/** A gauge is written with every answer: in place. */
interface Gauge {
  usedFraction: number;
  resetsAtMs: number;
  observedAtMs: number;
}

type Named = Map<string, Gauge>;

interface Account {
  readonly whole: Named;
  readonly models: Map<string, Named>;
}

/** Clients may invent names of models. */
const MAX_MODELS = 256;

/** The last known state of every limit, by credential, model and name. */
export class Gauges {
  readonly #accounts = new Map<string, Account>();
  readonly #changed = new Set<string>();

  get isEmpty(): boolean {
    return this.#accounts.size === 0;
  }

  set({ credential, model }: Target, reading: QuotaReading, nowMs: number): void {
    this.write(credential.id, reading.of === 'model' ? model : undefined, { ...reading, observedAtMs: nowMs });
    this.#changed.add(credential.id);
  }

  /** A moment further away than any plan's is a broken clock's. */
  write(credentialId: string, model: string | undefined, window: Omit<QuotaWindow, 'model'>): void {
    const { name, usedFraction, observedAtMs } = window;
    const resetsAtMs = Math.min(window.resetsAtMs, observedAtMs + MAX_HINT_MS);
    const named = this.#named(credentialId, model, observedAtMs);
    const gauge = named.get(name);
    if (gauge === undefined) named.set(name, { usedFraction, resetsAtMs, observedAtMs });
    else Object.assign(gauge, { usedFraction, resetsAtMs, observedAtMs });
  }

  headroom({ credential, model }: Target, nowMs: number): Headroom | undefined {
    const account = this.#accounts.get(credential.id);
    if (account === undefined) return undefined;
    const ofModel = fullest(account.models.get(model), fullest(account.whole, undefined, nowMs), nowMs);
    return ofModel && { leftFraction: 1 - ofModel.usedFraction, resetsAtMs: ofModel.resetsAtMs };
  }

  /** Those that have not ended; the others are forgotten. */
  windows(credentialId: string, nowMs: number): readonly QuotaWindow[] {
    const account = this.#accounts.get(credentialId);
    if (account === undefined) return [];
    dropEnded(account.whole, nowMs);
    for (const [model, named] of account.models) {
      dropEnded(named, nowMs);
      if (named.size === 0) account.models.delete(model);
    }
    if (account.whole.size === 0 && account.models.size === 0) this.#accounts.delete(credentialId);
    const ofModels = [...account.models].flatMap(([model, named]) => windowsOf(model, named));
    return [...windowsOf(undefined, account.whole), ...ofModels];
  }

  all(nowMs: number): readonly (QuotaWindow & { readonly credentialId: string })[] {
    return [...this.#accounts.keys()].flatMap((credentialId) =>
      this.windows(credentialId, nowMs).map((window) => ({ credentialId, ...window })),
    );
  }

  drop(credentialId: string): void {
    if (this.#accounts.delete(credentialId)) this.#changed.add(credentialId);
  }

  /** Credentials of which something was told since the last call. */
  takeChanged(): readonly string[] {
    const ids = [...this.#changed];
    this.#changed.clear();
    return ids;
  }

  #named(credentialId: string, model: string | undefined, nowMs: number): Named {
    let account = this.#accounts.get(credentialId);
    if (account === undefined) {
      account = { whole: new Map(), models: new Map() };
      this.#accounts.set(credentialId, account);
    }
    if (model === undefined) return account.whole;
    const known = account.models.get(model);
    if (known !== undefined) return known;
    if (account.models.size >= MAX_MODELS) makeRoom(account.models, nowMs);
    const named: Named = new Map();
    account.models.set(model, named);
    return named;
  }
}

function isOver({ resetsAtMs, observedAtMs }: Gauge, nowMs: number): boolean {
  // A clock that was set back must not make a window longer than it was.
  return nowMs >= resetsAtMs || nowMs < observedAtMs - (resetsAtMs - observedAtMs);
}

function fullest(named: Named | undefined, other: Gauge | undefined, nowMs: number): Gauge | undefined {
  let most = other;
  if (named !== undefined) {
    for (const gauge of named.values()) {
      if (!isOver(gauge, nowMs) && (most === undefined || gauge.usedFraction > most.usedFraction)) most = gauge;
    }
  }
  return most;
}

function dropEnded(named: Named, nowMs: number): void {
  for (const [name, gauge] of named) if (isOver(gauge, nowMs)) named.delete(name);
}

function makeRoom(models: Map<string, Named>, nowMs: number): void {
  for (const [model, named] of models) {
    dropEnded(named, nowMs);
    if (named.size === 0) models.delete(model);
  }
  const [oldest] = models.keys();
  if (models.size >= MAX_MODELS && oldest !== undefined) models.delete(oldest);
}

function windowsOf(model: string | undefined, named: Named): QuotaWindow[] {
  return [...named].map(([name, gauge]) => ({ name, model, ...gauge }));
}
