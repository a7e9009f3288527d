/** Records of accounts, in the reference's spelling. */
import { createHash } from 'node:crypto';
import { textClaim, unverifiedClaims } from '../../auth/claims.ts';
import type { NewAccount } from '../../auth/login.ts';
import { recordId } from '../../auth/record-id.ts';
import { momentOf } from '../../auth/token-request.ts';
import { vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import type { AccountFields } from '../provider.ts';
import { BUILDER_START_URL, checkedRegion, regionOfArn } from './places.ts';

/** Where the answer does not say how long a token lives. */
const LIFE_S = 3600;

/** Amazon's accounts; everything else is Kiro's own login with Google or GitHub. */
export function isAmazon(fields: AccountFields): boolean {
  const method = vendorText(fields['auth_method'])?.toLowerCase();
  if (method === 'builder-id' || method === 'idc') return true;
  if (vendorText(fields['auth_type']) === 'aws_sso_oidc') return true;
  return vendorText(fields['client_id']) !== undefined && vendorText(fields['client_secret']) !== undefined;
}

/** Where the account's requests go. Throws ProxyError. */
export function apiRegion(fields: AccountFields): string {
  const own = vendorText(fields['api_region']);
  return checkedRegion(own ?? regionOfArn(vendorText(fields['profile_arn'])));
}

/** The profile to name in requests: Amazon refuses it for its own accounts. */
export function profileOf(fields: AccountFields): string | undefined {
  return isAmazon(fields) ? undefined : vendorText(fields['profile_arn']);
}

/** Members of a record out of an answer with tokens, in Amazon's spelling or any other. What it does not say is left out. */
export function tokenMembers(answer: AccountFields, nowMs: number): AccountFields {
  const access = vendorText(answer['accessToken']) ?? vendorText(answer['access_token']);
  const refresh = vendorText(answer['refreshToken']) ?? vendorText(answer['refresh_token']);
  const profile = vendorText(answer['profileArn']) ?? vendorText(answer['profile_arn']);
  const lifeS = vendorNumber(answer['expiresIn'] ?? answer['expires_in']) ?? 0;
  return {
    ...(access !== undefined && { access_token: access }),
    ...(refresh !== undefined && { refresh_token: refresh }),
    ...(profile !== undefined && { profile_arn: profile }),
    expires_at: momentOf(nowMs + (lifeS > 0 ? lifeS : LIFE_S) * 1000),
    last_refresh: momentOf(nowMs),
  };
}

/** The account that a record is of. Two of them have never one name, though nobody may have told a person's. */
export function newAccount(fields: AccountFields, notes: readonly string[] = []): NewAccount {
  const method = vendorText(fields['auth_method']) ?? 'social';
  const email = emailOf(fields);
  const provider = method === 'social' ? vendorText(fields['provider'])?.toLowerCase() : undefined;
  const who = email ?? subjectOf(fields);
  return {
    recordId: recordId('kiro', method, provider, organisation(fields), who),
    fields: { type: 'kiro', ...fields, ...(email !== undefined && { email }) },
    label: email ?? [method, provider, organisation(fields)].filter(Boolean).join(' '),
    ...(notes.length > 0 && { notes }),
  };
}

function emailOf(fields: AccountFields): string | undefined {
  const claims = unverifiedClaims(vendorText(fields['access_token']));
  return vendorText(fields['email']) ?? textClaim(claims, 'email') ?? textClaim(claims, 'preferred_username');
}

/** One person may have accounts in several organisations. */
function organisation(fields: AccountFields): string | undefined {
  const url = vendorText(fields['start_url']);
  if (url === undefined || url === BUILDER_START_URL) return undefined;
  return URL.parse(url)?.hostname.split('.')[0];
}

/** Something that only this account has. */
function subjectOf(fields: AccountFields): string {
  const subject = textClaim(unverifiedClaims(vendorText(fields['access_token'])), 'sub');
  const own = subject ?? vendorText(fields['user_id']) ?? vendorText(fields['refresh_token']) ?? '';
  return createHash('sha256').update(own).digest('hex').slice(0, 10);
}
