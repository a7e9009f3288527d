import type { UpstreamCodec } from '../../dialects/codec.ts';
import type { GenerationRequest } from '../../ir/index.ts';
import type { Target } from '../../routing/target.ts';
import type { Job } from '../job.ts';
import { ledgerScope } from './keeper.ts';
import { makerOf } from './maker.ts';
import { keysOf, restoreTurns } from './restore-turns.ts';
import { type Settled, withoutSignatures } from './settle-signatures.ts';

/**
 * The request with the signatures that its target made and no others: what the client lost is given back, what others
 * made is taken out. After a refusal all of them are.
 */
export function settleRequest(request: GenerationRequest, job: Job, target: Target, codec: UpstreamCodec): Settled {
  if (job.unsignedFor === target) {
    const reason = `${target.provider.label} could not verify the signatures of earlier reasoning; sent without them`;
    return withoutSignatures(request, codec.id, () => true, reason);
  }
  const { signatures } = job.options;
  const maker = makerOf(target);
  const isForeign: Parameters<typeof withoutSignatures>[2] = (signature) =>
    signatures === undefined
      ? signature.maker !== undefined && signature.maker !== maker
      : signatures.provenance.isForeign(signature, codec.signatureMembers, target);
  const reason = `made by another provider or account than ${target.provider.label}, which could not verify it`;
  return withoutSignatures(restored(request, job, maker), codec.id, isForeign, reason);
}

function restored(request: GenerationRequest, { exchange, options }: Job, maker: string): GenerationRequest {
  const ledger = options.signatures?.ledger;
  const scope = ledgerScope(exchange.principal, maker);
  if (ledger?.knows(scope) !== true) return request;
  const messages = restoreTurns(request.messages, (key) => ledger.find(scope, key));
  return messages === request.messages ? request : { ...request, messages };
}

/** Forgets what was remembered of this conversation: its maker refused it. */
export function forgetTurns(job: Job, target: Target): void {
  const ledger = job.options.signatures?.ledger;
  const scope = ledgerScope(job.exchange.principal, makerOf(target));
  if (ledger?.knows(scope) === true) ledger.forget(scope, keysOf(job.request().messages));
}

/** Whether a body in the target's own dialect cannot go through as it is because of the signatures in it. */
export function mustSettle({ exchange, options, unsignedFor }: Job, target: Target): boolean {
  const { body, codec } = exchange;
  if (unsignedFor === target) return true;
  const members = options.upstreamCodecs.get(codec.id)?.signatureMembers ?? [];
  return options.signatures?.provenance.holdsForeign(body, codec.id, members, target) === true;
}
