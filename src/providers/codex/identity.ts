import { createHash } from 'node:crypto';
import { unverifiedClaims } from '../../auth/claims.ts';
import { planPart, recordId } from '../../auth/record-id.ts';
import { isVendorFields, type VendorFields, vendorText } from '../../auth/vendor-api.ts';

/** Whom a ChatGPT login is of; undefined: the token does not say. */
export interface Identity {
  readonly email: string | undefined;
  /** Of the workspace that was chosen at the login. */
  readonly accountId: string | undefined;
  /** `plus`, `pro`, `team`, ... in the vendor's spelling. */
  readonly plan: string | undefined;
  /** The workspace is served only where the law demands it. */
  readonly fedRamp: boolean;
}

const CLAIM = 'https://api.openai.com/auth';

/** What the id token says of the person, and the access token where that says nothing. */
export function identityOf(idToken: unknown, accessToken?: unknown): Identity {
  const [id, access] = [unverifiedClaims(vendorText(idToken)), unverifiedClaims(vendorText(accessToken))];
  const own = [id, access].map((claims) => (isVendorFields(claims[CLAIM]) ? claims[CLAIM] : {}));
  const first = (name: string): string | undefined => own.map((claim) => vendorText(claim[name])).find(isText);
  return {
    email: vendorText(id['email']) ?? emailOf(access),
    accountId: first('chatgpt_account_id'),
    plan: first('chatgpt_plan_type'),
    fedRamp: own.some((claim) => claim['chatgpt_account_is_fedramp'] === true),
  };
}

/** Id of the record: one person may be in several workspaces, with a plan in each. */
export function recordIdOf({ email, accountId, plan }: Identity, accessToken: string | undefined): string {
  // Tokens that say nothing: whatever tells two logins apart.
  const known = accountId ?? (email === undefined ? accessToken : undefined);
  const hash = known === undefined ? undefined : createHash('sha256').update(known).digest('hex').slice(0, 8);
  return recordId('codex', hash, email ?? 'account', planPart(plan ?? ''));
}

function emailOf(claims: VendorFields): string | undefined {
  const profile = claims['https://api.openai.com/profile'];
  return isVendorFields(profile) ? vendorText(profile['email']) : undefined;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
