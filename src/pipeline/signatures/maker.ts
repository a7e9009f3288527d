import { hash } from 'node:crypto';
import type { Credential } from '../../credentials/credential.ts';
import type { Manifest } from '../../providers/provider.ts';

/** What decides who can verify a signature. */
export interface MakerSource {
  readonly credential: Credential;
  readonly provider: Manifest;
}

const known = new WeakMap<Credential, string>();

/**
 * Who makes the signatures of a target's answers, and the only one to whom they may be sent back: the provider's family,
 * with a short reference of the account where only that account can read them. Another server than the provider's own
 * is a family of its own.
 */
export function makerOf({ credential, provider }: MakerSource): string {
  let maker = known.get(credential);
  if (maker === undefined) {
    maker = describe(credential, provider);
    known.set(credential, maker);
  }
  return maker;
}

/** Whether the credential leads to the provider's own server. */
export function isOwnServer({ credential, provider }: MakerSource): boolean {
  return credential.baseUrl === undefined || credential.baseUrl === provider.baseUrl;
}

function describe(credential: Credential, provider: Manifest): string {
  const { family = provider.id, sameAccount } = provider.signatures ?? {};
  if (!isOwnServer({ credential, provider })) return `${family}-${digest(credential.baseUrl ?? '')}`;
  if (sameAccount === undefined) return family;
  const named = sameAccount.header === undefined ? undefined : credential.headers[sameAccount.header];
  return `${family}~${digest(named ?? credential.id)}`;
}

/** Eight digits: enough to tell accounts apart, too few to say anything about them. */
function digest(text: string): string {
  return hash('sha256', `llmproxy signature maker\n${text}`, 'hex').slice(0, 8);
}
