import { invalidRequest, ProxyError } from '../errors.ts';
import type { DialectId } from '../ir/index.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';

/** One attempt, as far as it matters to stored conversations. */
export interface StateAttempt {
  readonly target: Target;
  /** The provider stores answers itself. */
  readonly keeps: boolean;
  /** The upstream speaks another dialect than the client. */
  readonly translates: boolean;
}

/** What an exchange has to do with stored conversations. */
export interface ExchangeState {
  /** Only this credential can serve the request: its provider keeps the conversation. */
  readonly credentialId: string | undefined;
  /** A member of the request that only a provider which keeps conversations itself can understand. */
  readonly needsProvider: 'previous_response_id' | 'conversation' | undefined;
  /** Told before each attempt. */
  attempting(attempt: StateAttempt): void;
}

/** Whether a target stores answers itself: only the provider's own server is known to. */
export function keepsResponses({ credential, provider }: Target, endpoint: Endpoint): boolean {
  return endpoint.keepsResponses === true && isOwnServer(credential.baseUrl, provider.baseUrl);
}

/** Whether a target sums up conversations itself. */
export function compactPathOf({ credential, provider }: Target, endpoint: Endpoint): string | undefined {
  return isOwnServer(credential.baseUrl, provider.baseUrl) ? endpoint.compactPath : undefined;
}

function isOwnServer(baseUrl: string | undefined, own: string): boolean {
  return baseUrl === undefined || baseUrl === own;
}

/** The targets that can serve an exchange with this state. Throws when its conversation is out of their reach. */
export function targetsWithState(targets: readonly Target[], state: ExchangeState | undefined): readonly Target[] {
  const credentialId = state?.credentialId;
  if (credentialId === undefined) return targets;
  const reachable = targets.filter((target) => target.credential.id === credentialId);
  if (reachable.length > 0) return reachable;
  throw previousResponseNotFound('it is stored with another provider account, which does not serve this model');
}

/** Throws when the target cannot serve the exchange; tells its state otherwise. */
export function attemptWithState(
  state: ExchangeState,
  target: Target,
  endpoint: Endpoint,
  clientDialect: DialectId,
): void {
  const keeps = keepsResponses(target, endpoint);
  if (!keeps && state.needsProvider === 'conversation') {
    const { label } = target.provider;
    throw invalidRequest(
      'conversation',
      `${label} keeps no conversations; use previous_response_id or send the whole input`,
    );
  }
  if (!keeps && state.needsProvider === 'previous_response_id')
    throw previousResponseNotFound('no such response is stored');
  state.attempting({ target, keeps, translates: endpoint.dialect !== clientDialect });
}

/** The refusal of a `previous_response_id`, in the words by which clients know that they must send everything again. */
export function previousResponseNotFound(why: string): ProxyError {
  return new ProxyError('previous_response_not_found', `previous_response_id: ${why}; send the whole input instead`, {
    path: 'previous_response_id',
  });
}
