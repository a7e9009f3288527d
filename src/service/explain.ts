import { principalOf } from '../access/config-api-key.ts';
import type { Candidate } from '../credentials/explain.ts';
import type { PickRequest } from '../credentials/pool.ts';
import { ProxyError } from '../errors.ts';
import { type GivenUp, nextModel } from '../routing/fallback.ts';
import type { Resolution } from '../routing/route.ts';
import { namedSession, type SessionKey } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import type { Accounts } from './accounts.ts';
import { othersOf } from './explain-others.ts';
import type {
  ExplainedBinding,
  ExplainedCandidate,
  ExplainedFallback,
  ExplainQuestion,
  Explanation,
} from './explanation.ts';
import type { Runtime } from './runtime.ts';
import type { Snapshot } from './snapshot.ts';

/** What an explanation is read from. */
export interface ExplainSource {
  readonly snapshot: Snapshot;
  readonly accounts: Pick<Accounts, 'readings' | 'problems'> | undefined;
  readonly runtime: Runtime;
  readonly from: Explanation['from'];
}

/**
 * Who would serve the next request for a model, and why nobody else; changes nothing. Throws the `model_not_found` that
 * clients get, unless other models may answer instead.
 */
export function explainModel(question: ExplainQuestion, source: ExplainSource): Explanation {
  const { model, session } = question;
  const { snapshot, runtime, from } = source;
  const { config } = snapshot;
  const key = session === undefined ? undefined : sessionKey(session, source);
  const fallbacks = fallbacksOf(question, key, source);
  const found = resolve(model, fallbacks.length > 0, snapshot);
  const pick = found && runtime.manager.explain(pickRequest(model, found.targets, question, key));
  const candidates = (pick?.candidates ?? []).map(candidateOf);
  const [first] = candidates;
  return {
    model,
    from,
    ...(found && { name: nameOf(found) }),
    strategy: config.routing.strategy,
    ...(key && session !== undefined && { session: { name: session, bindings: bindingsOf(key, source) } }),
    ...(pick?.chosen && first && { chosen: first }),
    fallbacksFirst: (pick?.chosen === undefined || isSpared(pick.chosen, runtime)) && fallbacks.some(isReady),
    waitMs: pick?.waitMs ?? 0,
    candidates,
    others: othersOf(model, found, source),
    afterwards: {
      fallbacks,
      rounds: config['request-retry'],
      maxWaitSeconds: config['max-retry-interval'],
      maxCredentials: config['max-retry-credentials'],
      attemptBudget: config['attempt-budget'],
      deadlineSeconds: config['request-deadline-seconds'],
    },
  };
}

function resolve(model: string, mayFail: boolean, { roster }: Snapshot): Resolution | undefined {
  try {
    return roster.router.resolve(model);
  } catch (error) {
    if (mayFail && error instanceof ProxyError && error.code === 'model_not_found') return undefined;
    throw error;
  }
}

function pickRequest(
  model: string,
  targets: readonly Target[],
  { stream = false, tools = false, vision = false, tokens }: ExplainQuestion,
  session: SessionKey | undefined,
): PickRequest {
  return {
    model,
    targets,
    tried: new Set(),
    session: () => session,
    needs: () => ({ stream, tools, vision, inputTokens: tokens ?? 0 }),
    ...(tokens === undefined ? {} : { cost: { inputTokens: () => tokens, tokens: () => tokens } }),
  };
}

/** Every client has conversations of its own: the one of this name that was used last. */
function sessionKey(name: string, { snapshot, runtime }: ExplainSource): SessionKey {
  const { affinity } = runtime.manager;
  const principals = ['', ...snapshot.config['api-keys'].map(principalOf)];
  const keys = principals.map((principal) => namedSession(principal, name));
  const usedAt = ({ key }: SessionKey): number => Math.max(0, ...affinity.of(key).map(({ usedAtMs }) => usedAtMs));
  return keys.reduce((one, other) => (usedAt(other) > usedAt(one) ? other : one));
}

function bindingsOf({ key }: SessionKey, { snapshot, runtime }: ExplainSource): readonly ExplainedBinding[] {
  const nowMs = runtime.clock.now();
  return runtime.manager.affinity
    .of(key)
    .filter(({ usedAtMs, ttlMs }) => nowMs - usedAtMs <= ttlMs)
    .map(({ credentialId, model, boundAtMs, usedAtMs }) => ({
      credential: snapshot.roster.credentials.get(credentialId)?.label ?? credentialId,
      model,
      since: isoTime(boundAtMs),
      idleMs: Math.max(0, nowMs - usedAtMs),
    }));
}

/** The models after the asked one, if everybody fails with what the rules are for. */
function fallbacksOf(
  question: ExplainQuestion,
  session: SessionKey | undefined,
  { snapshot, runtime }: ExplainSource,
): readonly ExplainedFallback[] {
  const givenUp: GivenUp[] = [{ model: question.model, cause: 'cooling' }];
  const fallbacks: ExplainedFallback[] = [];
  for (;;) {
    const model = nextModel(snapshot.config.fallbacks, givenUp);
    if (model === undefined) return fallbacks;
    const found = resolve(model, true, snapshot);
    givenUp.push({ model, cause: found === undefined ? 'unavailable' : 'cooling' });
    const { chosen } =
      found === undefined ? {} : runtime.manager.explain(pickRequest(model, found.targets, question, session));
    fallbacks.push({ model, ...(chosen && { first: shortOf(chosen) }) });
  }
}

/** A pool names somebody who is paused when there is nobody else; a fallback is somebody else. */
function isSpared({ target }: Candidate, { manager }: Runtime): boolean {
  return manager.retryAfterMs([target]) > 0;
}

function isReady({ first }: ExplainedFallback): boolean {
  return first !== undefined;
}

function shortOf({ target }: Candidate): NonNullable<ExplainedFallback['first']> {
  return { credential: target.credential.label, provider: target.provider.label, model: target.model };
}

function nameOf({ by, base, targets }: Resolution): NonNullable<Explanation['name']> {
  const models = [...new Set(targets.map(({ model }) => model))];
  const isAlias = by === 'name' && !models.includes(base);
  return { by: isAlias ? aliasOrPrefix(base, targets) : by, base, models };
}

function aliasOrPrefix(base: string, targets: readonly Target[]): 'alias' | 'prefix' {
  return targets.every(({ credential, model }) => base === `${credential.prefix ?? ''}/${model}`) ? 'prefix' : 'alias';
}

function candidateOf({ target, tier, place, reasons, inFlight, quotas }: Candidate): ExplainedCandidate {
  const { credential, provider, model } = target;
  return {
    ...(place === undefined ? {} : { place }),
    credential: credential.label,
    id: credential.id,
    source: credential.source,
    provider: provider.label,
    model,
    tier,
    priority: credential.priority,
    weight: credential.weight,
    inFlight,
    quotas: quotas.map(({ name, usedFraction, resetsAtMs }) => ({
      name,
      usedPercent: Math.round(usedFraction * 100),
      resetsAt: isoTime(resetsAtMs),
    })),
    reasons,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
