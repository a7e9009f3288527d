import type { UpstreamCodec } from '../../dialects/codec.ts';
import type { ProxyError } from '../../errors.ts';
import type { Target } from '../../routing/target.ts';
import type { Job } from '../job.ts';
import { forgetTurns, settleRequest } from './request-signatures.ts';
import { holdsSignatures } from './settle-signatures.ts';

/**
 * Whether a failed attempt is to be made once more at the same target, without the signatures of the history: the
 * upstream could not verify one, or misses one in a body that went through as it was, which the encoder knows how to
 * write without. The credential is not to blame.
 */
export function retriesUnsigned(job: Job, target: Target, error: ProxyError): boolean {
  const codec = job.dialect === undefined ? undefined : job.options.upstreamCodecs.get(job.dialect);
  if (codec === undefined || job.strict || job.unsignedFor === target || job.exchange.operation === 'compact') {
    return false;
  }
  if (!refusesSignature(codec, error) || !canChange(job, target, codec)) return false;
  forgetTurns(job, target);
  job.unsignedFor = target;
  return true;
}

function refusesSignature({ signatureRefusals }: UpstreamCodec, { upstream }: ProxyError): boolean {
  if (upstream === undefined) return false;
  const { message, code = '' } = upstream;
  return signatureRefusals.some((pattern) => pattern.test(message) || pattern.test(code));
}

function canChange(job: Job, target: Target, codec: UpstreamCodec): boolean {
  try {
    const { request } = settleRequest(job.request(), job, target, codec);
    return codec.id === job.exchange.codec.id || holdsSignatures(request.messages, codec.id);
  } catch {
    // Passed through as it was, and only the upstream understands it.
    return false;
  }
}
