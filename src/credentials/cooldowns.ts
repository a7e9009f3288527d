import type { Clock } from '../clock.ts';
import type { ErrorCode, ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import { type Cooldown, type CooldownSettings, cooldownFor } from './cooldown.ts';
import type { Credential } from './credential.ts';

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
  blockedUntilMs(target: Target): number;
  /** Of targets that all are blocked, the one that may be tried nevertheless. */
  softest(targets: readonly Target[]): Target | undefined;
  failed(target: Target, error: ProxyError): void;
  succeeded(target: Target): void;
  /** Every cooldown under way. */
  snapshot(): readonly CoolingState[];
  /** Ends every cooldown of a credential. */
  reset(credentialId: string): void;
  configure(settings: CoolingSettings): void;
}

interface State {
  untilMs: number;
  level: number;
  code: ErrorCode;
  /** A live request may test it before it ends, when nothing else is left. */
  soft: boolean;
}

/** Clients may invent names of models; a credential in trouble remembers about this many. */
const MAX_MODELS = 256;

/** Only credentials in trouble have one: a healthy pool costs no look-ups. */
interface Trouble {
  whole: State | undefined;
  readonly models: Map<string, State>;
}

/** No cooldown yet. */
export function createCooldowns(clock: Clock, initial: CoolingSettings): Cooldowns {
  let settings = initial;
  const troubles = new Map<string, Trouble>();

  function isCooled(credential: Credential): boolean {
    return !(credential.disableCooling ?? settings.disableCooling);
  }

  function blockedUntilMs({ credential, model }: Target): number {
    const trouble = troubles.get(credential.id);
    if (trouble === undefined || !isCooled(credential)) return 0;
    return Math.max(trouble.whole?.untilMs ?? 0, trouble.models.get(model)?.untilMs ?? 0);
  }

  function start({ credential, model }: Target, error: ProxyError): void {
    const trouble = troubles.get(credential.id) ?? { whole: undefined, models: new Map() };
    const before = trouble.models.get(model);
    const cooldown = cooldownFor(error, before?.level ?? 0, settings);
    if (cooldown === undefined) return;
    troubles.set(credential.id, trouble);
    if (cooldown.scope === 'credential') trouble.whole = extend(trouble.whole, cooldown, error.code, clock.now());
    else {
      if (trouble.models.size >= MAX_MODELS) dropExpired(trouble.models, clock.now());
      trouble.models.set(model, extend(before, cooldown, error.code, clock.now()));
    }
  }

  return {
    get isEmpty() {
      return troubles.size === 0;
    },
    blockedUntilMs,
    softest: (targets) => softest(targets, troubles, blockedUntilMs, clock.now()),
    failed(target, error) {
      if (isCooled(target.credential)) start(target, error);
    },
    succeeded({ credential, model }) {
      const trouble = troubles.get(credential.id);
      if (trouble === undefined) return;
      trouble.whole = undefined;
      trouble.models.delete(model);
      if (trouble.models.size === 0) troubles.delete(credential.id);
    },
    snapshot: () => [...troubles].flatMap(([id, trouble]) => coolingStates(id, trouble, clock.now())),
    reset: (credentialId) => void troubles.delete(credentialId),
    configure(next) {
      settings = next;
    },
  };
}

/** A window never gets shorter, and requests that fail while it is open do not raise the level again. */
function extend(before: State | undefined, cooldown: Cooldown, code: ErrorCode, nowMs: number): State {
  const untilMs = nowMs + cooldown.ms;
  const level = before?.level ?? 0;
  if (before === undefined || before.untilMs <= nowMs)
    return { untilMs, level: level + (cooldown.raisesLevel ? 1 : 0), code, soft: cooldown.isGuess };
  return before.untilMs >= untilMs || cooldown.raisesLevel ? before : { untilMs, level, code, soft: cooldown.isGuess };
}

/**
 * A pause after a passing failure is a guess of ours, not the provider's word: when nobody else is left, a try serves
 * the user better than a refusal. The target whose pause ends first; one try per request.
 */
function softest(
  targets: readonly Target[],
  troubles: ReadonlyMap<string, Trouble>,
  untilMs: (target: Target) => number,
  nowMs: number,
): Target | undefined {
  return targets
    .filter(({ credential, model }) => {
      const trouble = troubles.get(credential.id);
      return trouble !== undefined && isSoft(trouble.whole, trouble.models.get(model), nowMs);
    })
    .reduce<Target | undefined>((best, next) => (best && untilMs(best) <= untilMs(next) ? best : next), undefined);
}

/** Every pause under way is soft. */
function isSoft(whole: State | undefined, ofModel: State | undefined, nowMs: number): boolean {
  return [whole, ofModel].every((state) => state === undefined || state.soft || state.untilMs <= nowMs);
}

function dropExpired(models: Map<string, State>, nowMs: number): void {
  for (const [model, state] of models) if (state.untilMs <= nowMs) models.delete(model);
}

function coolingStates(credentialId: string, trouble: Trouble, nowMs: number): CoolingState[] {
  const states: [string | undefined, State | undefined][] = [[undefined, trouble.whole], ...trouble.models];
  return states.flatMap(([model, state]) =>
    state === undefined || state.untilMs <= nowMs
      ? []
      : { credentialId, model, untilMs: state.untilMs, code: state.code },
  );
}
