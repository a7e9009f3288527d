import { findMember } from '../json-splice.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

/**
 * Whether members of the body that only one account understands (a thread that it stores) get to that account: the
 * provider's own server, and no other credential that the next request could land on. True for a body without any.
 */
export function reachesItsAccount({ exchange, body, targets }: Job, { credential, provider }: Target): boolean {
  const members = exchange.codec.accountMembers ?? [];
  if (!members.some((name) => findMember(body, name) !== undefined)) return true;
  const isOwn = credential.baseUrl === undefined || credential.baseUrl === provider.baseUrl;
  return isOwn && targets.every((other) => other.credential.id === credential.id);
}
