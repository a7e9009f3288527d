import { ProxyError } from '../errors.ts';
import type { AccessOutcome, AccessProvider, AccessRequest, Authenticated } from './provider.ts';

/** The verdict on a request: who it is, or the error to answer with. */
export type AccessDecision = Authenticated | ProxyError;

/** Asks access providers in order; the first that knows the caller wins. */
export interface AccessManager {
  /** A promise only when a provider answered with one. */
  authenticate(request: AccessRequest): AccessDecision | Promise<AccessDecision>;
  /** Swaps the providers; requests under way keep the old ones. */
  replace(providers: readonly AccessProvider[]): void;
}

type Verdict = 'no_credentials' | 'invalid_credential';

const anyone: Authenticated = { ok: true, principal: undefined, source: 'anyone', metadata: {} };

/** Without any provider everyone is let in: the configuration allows that on loopback only. */
export function createAccessManager(initial: readonly AccessProvider[]): AccessManager {
  let providers = initial;
  return {
    authenticate: (request) => (providers.length === 0 ? anyone : ask(providers, 0, request, 'no_credentials')),
    replace(next) {
      providers = next;
    },
  };
}

function ask(
  providers: readonly AccessProvider[],
  from: number,
  request: AccessRequest,
  before: Verdict,
): AccessDecision | Promise<AccessDecision> {
  let verdict = before;
  for (let index = from; index < providers.length; index++) {
    const outcome = askOne(providers[index], request);
    if (outcome instanceof Promise) {
      const [known, next] = [verdict, index + 1];
      return outcome.then((late) => settle(late) ?? ask(providers, next, request, worse(late, known)), failed);
    }
    const decision = settle(outcome);
    if (decision !== undefined) return decision;
    verdict = worse(outcome, verdict);
  }
  return verdict === 'invalid_credential'
    ? new ProxyError('unauthorized', 'invalid API key: it must be one of api-keys in the configuration of llmproxy')
    : new ProxyError('unauthorized', 'missing API key: send it as "Authorization: Bearer <key>" or "x-api-key: <key>"');
}

function askOne(provider: AccessProvider | undefined, request: AccessRequest): AccessOutcome | Promise<AccessOutcome> {
  try {
    return provider?.authenticate(request) ?? { ok: false, code: 'not_handled' };
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

/** The decision when this outcome ends the search. */
function settle(outcome: AccessOutcome): AccessDecision | undefined {
  if (outcome.ok) return outcome;
  switch (outcome.code) {
    case 'internal':
      return failed(undefined);
    case 'foreign_origin':
      return new ProxyError(
        'forbidden',
        'web pages from other hosts may not use this proxy without a client key; set api-keys in the configuration',
      );
    case 'not_handled':
    case 'no_credentials':
    case 'invalid_credential':
      return undefined;
  }
}

/** A wrong key is worth more to the caller than the news that another provider saw none. */
function worse(outcome: AccessOutcome, before: Verdict): Verdict {
  return !outcome.ok && outcome.code === 'invalid_credential' ? 'invalid_credential' : before;
}

function failed(cause: unknown): ProxyError {
  return new ProxyError('internal', 'the access check failed; see the log of llmproxy for details', { cause });
}
