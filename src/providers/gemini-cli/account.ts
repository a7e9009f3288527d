/** Accounts of Google's Code Assist, as Gemini CLI logs in. */
import { callCodeAssist } from '../../auth/google/code-assist-account.ts';
import { GOOGLE_TOKEN_URL } from '../../auth/google/google-account.ts';
import type { AccountFields, QuotaReading } from '../../auth/login.ts';
import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { isVendorFields, type VendorFields, vendorList, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { AccountIo, AccountRules } from '../provider.ts';
import { geminiCliLogin } from './import.ts';
import { login, SERVICE } from './login.ts';
import { models } from './models.ts';
import { clientOf, projectsOf, serve, tokenOf } from './record.ts';

/** How accounts are kept and served. */
export const account: AccountRules = {
  types: ['gemini', 'gemini-cli'],
  recordName: 'gemini-<e-mail>-<project>.json',
  header: { type: 'bearer' },
  refreshLeadMs: 5 * 60_000,
  relays: ['loadCodeAssist', 'retrieveUserQuota'],
  logins: [login],
  imports: [geminiCliLogin],
  notices: [
    'It is your own Google account, under the terms of Gemini Code Assist.',
    'Since 2026-06-18 Google refuses the accounts of individuals here, whether free, AI Pro or Ultra; those of companies with Code Assist Standard or Enterprise are served.',
    'Everybody can use the same models with a key of Google AI Studio: set GEMINI_API_KEY.',
  ],
  serve,
  refresh,
  quota,
  listModels,
};

async function refresh(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  const { refreshToken } = tokenOf(fields);
  const { id, secret } = clientOf(fields, io.client);
  const grant = { url: GOOGLE_TOKEN_URL, clientId: id, clientSecret: secret, encoding: 'form' } as const;
  const renewed = await refreshTokens({ refresh_token: refreshToken }, grant, io);
  const members = {
    access_token: renewed['access_token'],
    ...(renewed['refresh_token'] === undefined ? {} : { refresh_token: renewed['refresh_token'] }),
    ...(renewed['expired'] === undefined ? {} : { expiry: renewed['expired'] }),
  };
  const token = { ...(isVendorFields(fields['token']) ? fields['token'] : {}), ...members };
  // What other programs wrote beside it must not become stale.
  const beside = fields['access_token'] === undefined ? {} : members;
  return { ...beside, token, last_refresh: renewed['last_refresh'] };
}

/** The catalogue, and what else Google counts requests of. */
async function listModels(fields: AccountFields, io: AccountIo): Promise<readonly ModelInfo[]> {
  const known = new Set(models.map(({ id }) => id));
  const counted = (await quota(fields, io)).map(({ name }) => name).filter((name) => !known.has(name));
  return [...models, ...[...new Set(counted)].map((id) => ({ id, ownedBy: 'google' }))];
}

/** What is left per model; Google tells it as a fraction, and sometimes as a number. */
async function quota(fields: AccountFields, io: AccountIo): Promise<readonly QuotaReading[]> {
  const { accessToken } = tokenOf(fields);
  if (accessToken === undefined)
    throw new ProxyError('upstream_unauthorized', 'the account has no token; log in again');
  const [project] = projectsOf(fields);
  const body = project === undefined ? {} : { project };
  const answer = await callCodeAssist(SERVICE, 'retrieveUserQuota', accessToken, body, io);
  return vendorList(answer['buckets']).flatMap((bucket) => readingOf(bucket) ?? []);
}

function readingOf(bucket: VendorFields): QuotaReading | undefined {
  const name = vendorText(bucket['modelId']);
  const remaining = vendorNumber(bucket['remainingFraction']);
  if (name === undefined || remaining === undefined) return undefined;
  const left = vendorNumber(bucket['remainingAmount']);
  const limit = left === undefined || remaining <= 0 ? undefined : Math.round(left / remaining);
  const resetsAtMs = Date.parse(vendorText(bucket['resetTime']) ?? '');
  const unit = vendorText(bucket['tokenType'])?.toLowerCase();
  return {
    name,
    remaining,
    ...(limit === undefined || left === undefined ? {} : { limit, used: limit - left }),
    ...(unit === undefined ? {} : { unit }),
    ...(Number.isNaN(resetsAtMs) ? {} : { resetsAtMs }),
  };
}
