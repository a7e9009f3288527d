import { ProxyError } from '../errors.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt } from './answer-writer.ts';
import { compactPathOf } from './exchange-state.ts';
import type { Job } from './job.ts';
import { preparePassThrough } from './passthrough.ts';

/** A conversation to be summed up by a provider that has an endpoint for it; the bytes go through. */
export function prepareCompact(job: Job, target: Target): PreparedAttempt {
  const endpoint = selectEndpoint(target, job.exchange.codec.id);
  const path = compactPathOf(target, endpoint);
  if (path === undefined) throw new ProxyError('not_found', `${target.provider.label} does not sum up conversations`);
  return preparePassThrough(job, target, { ...endpoint, path }, job.codecOf(endpoint.dialect));
}
