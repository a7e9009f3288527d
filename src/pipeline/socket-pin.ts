import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

/** The credential that answered a WebSocket client before, as long as it is fit to be asked: it knows the context. */
export function pickForTurn(
  { exchange, options, model }: Job,
  targets: readonly Target[],
  tried: ReadonlySet<string>,
): Target | undefined {
  const session = exchange.turn?.session;
  if (session?.credentialId === undefined) return undefined;
  const own = targets.filter(({ credential }) => credential.id === session.credentialId);
  // With nobody else in sight the pool would name it even while it is cooling down.
  if (own.length === 0 || tried.has(session.credentialId) || options.pool.retryAfterMs(own) > 0) return undefined;
  return options.pool.pick({ model, targets: own, tried });
}

/** Remembers who answered. */
export function keepForTurn({ exchange }: Job, { credential }: Target): void {
  if (exchange.turn !== undefined) exchange.turn.session.credentialId = credential.id;
}
