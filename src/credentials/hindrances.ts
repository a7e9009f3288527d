import type { Target } from '../routing/target.ts';
import { missingIn } from './capability.ts';
import type { ExplainParts } from './explain-parts.ts';
import type { CooldownNotice, PickRequest } from './pool.ts';
import type { QuotaWindow } from './quota/quota-window.ts';
import { inWords, type Reason } from './reason.ts';

/** Tells what speaks against somebody. */
export interface Hindrances {
  /** What keeps it from being asked at all. */
  hard(target: Target, request: PickRequest): readonly Reason[];
  /** What only puts it behind others. */
  soft(target: Target, request: PickRequest): readonly Reason[];
}

/** Reads the state that picks go by. */
export function createHindrances(parts: ExplainParts): Hindrances {
  const { chooser, cooldowns, limits, health, inFlight, quotas, clock } = parts;

  function cooling(target: Target): readonly Reason[] {
    const notice = cooldowns.noticeOf(target);
    const spent = quotas.windows(target.credential.id).find((window) => isSpent(window, target));
    if (notice === undefined || notice.standing === 'due') return [];
    if (notice.standing === 'tested')
      return [{ code: 'tested', message: 'another request finds out whether it is well', cooldown: notice }];
    const { code: error, waitMs } = notice;
    const isQuota = spent !== undefined && error === 'upstream_rate_limited';
    const message = isQuota
      ? `the limit "${spent.name}" is used up; it starts anew in ${inWords(spent.resetsAtMs - clock.now())}`
      : coolingText(notice);
    return [{ code: isQuota ? 'quota' : 'cooling', message, waitMs, cooldown: notice, error }];
  }

  function crowded(target: Target, { cost }: PickRequest): readonly Reason[] {
    const most = target.credential.maxInFlight ?? limits.settings.maxInFlight;
    const busy = inFlight.of(target.credential.id);
    const reasons: Reason[] = [];
    if (most > 0 && busy >= most) reasons.push({ code: 'full', message: `${busy} of ${most} requests at a time` });
    if (limits.isTooLarge(target, cost)) {
      const message = `limits.max-tokens-per-request allows ${limits.mostTokens(target) ?? 0} tokens`;
      reasons.push({ code: 'too-large', message });
    }
    const waitMs = limits.waitMs(target, cost, { requests: 0, tokens: 0 }) ?? 0;
    if (waitMs > 0)
      reasons.push({ code: 'limit', message: `the configured limits have room in ${inWords(waitMs)}`, waitMs });
    return reasons;
  }

  /** What keeps it from being asked at all. */
  function hard(target: Target, request: PickRequest): readonly Reason[] {
    const isUnused = chooser.spread === 'by-weight' && target.credential.weight <= 0;
    const weight: Reason = { code: 'weight', message: `its weight is ${target.credential.weight}: never used` };
    return [...cooling(target), ...crowded(target, request), ...(isUnused ? [weight] : [])];
  }

  /** What only puts it behind others. */
  function soft(target: Target, request: PickRequest): readonly Reason[] {
    const missing = request.needs === undefined ? [] : missingIn(target.info, request.needs());
    const sick = health.isWell(target) ? [] : ['its server does not answer'];
    return [
      ...sick.map((message): Reason => ({ code: 'unhealthy', message })),
      ...missing.map((what): Reason => ({ code: 'incapable', message: `the model has no ${what}` })),
    ];
  }

  return { hard, soft };
}

function isSpent({ model, usedFraction }: QuotaWindow, target: Target): boolean {
  return usedFraction >= 1 && (model === undefined || model === target.model);
}

const scopes: Readonly<Record<CooldownNotice['scope'], string>> = {
  model: 'this model of it',
  credential: 'it',
  provider: 'its provider',
};

function coolingText({ scope, standing, waitMs, sinceMs, code, status, message }: CooldownNotice): string {
  const until = `${scopes[scope]} is paused for ${inWords(waitMs)}${standing === 'guessed' ? ' (a guess)' : ''}`;
  return `${until} since ${code}, ${status}, ${inWords(sinceMs)} ago${message === '' ? '' : `: ${shortened(message)}`}`;
}

const MOST_CHARACTERS = 80;

function shortened(message: string): string {
  return message.length <= MOST_CHARACTERS ? message : `${message.slice(0, MOST_CHARACTERS)}...`;
}
