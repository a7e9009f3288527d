/** Accounts of Google Antigravity. */
import { callCodeAssist, codeAssistStatus, readyAccount } from '../../auth/google/code-assist-account.ts';
import { GOOGLE_TOKEN_URL } from '../../auth/google/google-account.ts';
import type { AccountFields, QuotaReading } from '../../auth/login.ts';
import { oauthClient } from '../../auth/oauth-client.ts';
import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { isVendorFields, type VendorFields, vendorList, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { AccountIo, AccountRules, ServedAccount } from '../provider.ts';
import { CLIENT, creditFields, login, PRODUCTION_URL, SERVICE } from './login.ts';
import { models } from './models.ts';

const CREDIT_TYPE = 'GOOGLE_ONE_AI';
const MINUTE_MS = 60_000;

/** How accounts are kept and served. */
export const account: AccountRules = {
  types: ['antigravity'],
  recordName: 'antigravity-<e-mail>.json',
  header: { type: 'bearer' },
  fallbackBaseUrls: [PRODUCTION_URL],
  refreshLeadMs: 5 * MINUTE_MS,
  logins: [login],
  notices: [
    'It is your own Google account, under the terms of Google Antigravity; Google may restrict accounts that other programs use.',
    'The same models are there for everybody with a key of Google AI Studio: set GEMINI_API_KEY.',
  ],
  serve,
  refresh,
  quota,
  listModels,
};

/** One that has no project gets it together with its next token. */
function serve(fields: AccountFields): ServedAccount {
  const project = vendorText(fields['project_id']);
  if (project === undefined) return { secret: null };
  const parameters = { project };
  const last = { ...parameters, creditType: CREDIT_TYPE };
  return {
    parameters,
    ...(mayHaveCredits(fields)
      ? {
          parts: [
            { id: '', parameters },
            { id: 'credits', parameters: last, spendsCredits: true },
          ],
        }
      : {}),
  };
}

/** Unless it is known that there are none. */
function mayHaveCredits(fields: AccountFields): boolean {
  if (!Array.isArray(fields['available_credits'])) return true;
  return vendorList(fields['available_credits']).some((credit) => {
    const amount = vendorNumber(credit['amount']) ?? 0;
    return credit['type'] === CREDIT_TYPE && amount > 0 && amount >= (vendorNumber(credit['minimum']) ?? 0);
  });
}

async function refresh(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  const { id, secret } = oauthClient(CLIENT, io.client);
  const grant = { url: GOOGLE_TOKEN_URL, clientId: id, clientSecret: secret, encoding: 'form' } as const;
  const renewed = await refreshTokens(fields, grant, io);
  const seconds = Math.round((Date.parse(vendorText(renewed['expired']) ?? '') - io.nowMs) / 1000);
  const times = seconds > 0 ? { expires_in: seconds, timestamp: io.nowMs } : {};
  return { ...renewed, ...times, ...(await standing(fields, vendorText(renewed['access_token']) ?? '', io)) };
}

/** The project of an account that has none yet, and what is left of its credits. The token counts even without them. */
async function standing(fields: AccountFields, token: string, io: AccountIo): Promise<AccountFields> {
  const known = vendorText(fields['project_id']);
  if (known === undefined) {
    const { project, status } = await readyAccount(SERVICE, token, undefined, io);
    return { project_id: project, ...creditFields(status.credits) };
  }
  try {
    return creditFields((await codeAssistStatus(SERVICE, token, undefined, io)).credits);
  } catch {
    return {};
  }
}

async function quota(fields: AccountFields, io: AccountIo): Promise<readonly QuotaReading[]> {
  const [offered, status] = await Promise.all([
    availableModels(fields, io),
    codeAssistStatus(SERVICE, tokenOf(fields), undefined, io),
  ]);
  const perModel = offered.flatMap(([name, { quotaInfo }]): QuotaReading[] => {
    const info = isVendorFields(quotaInfo) ? quotaInfo : {};
    const remaining = vendorNumber(info['remainingFraction']);
    const resetsAtMs = Date.parse(vendorText(info['resetTime']) ?? '');
    // A quota that is used up is told by the moment at which it comes back alone.
    if (remaining === undefined && Number.isNaN(resetsAtMs)) return [];
    return [{ name, remaining: remaining ?? 0, ...(Number.isNaN(resetsAtMs) ? {} : { resetsAtMs }) }];
  });
  const credits = status.credits.map(({ type, amount }) => ({ name: `credits (${type})`, unit: `${amount} left` }));
  return [...perModel, ...credits];
}

/** Those that Google offers the account; what is not told of them is as in the catalogue. */
async function listModels(fields: AccountFields, io: AccountIo): Promise<readonly ModelInfo[]> {
  const offered = await availableModels(fields, io);
  return offered.map(([id, model]) => {
    const known = models.find((other) => other.id === id) ?? { id };
    const displayName = vendorText(model['displayName']);
    return displayName === undefined ? known : { ...known, displayName };
  });
}

async function availableModels(
  fields: AccountFields,
  io: AccountIo,
): Promise<readonly (readonly [string, VendorFields])[]> {
  const project = vendorText(fields['project_id']);
  const body = project === undefined ? {} : { project };
  const answer = await callCodeAssist(SERVICE, 'fetchAvailableModels', tokenOf(fields), body, io);
  const listed = isVendorFields(answer['models']) ? answer['models'] : {};
  return Object.entries(listed).flatMap(([id, model]) => (isVendorFields(model) ? [[id, model] as const] : []));
}

function tokenOf(fields: AccountFields): string {
  const token = vendorText(fields['access_token']);
  if (token === undefined) throw new ProxyError('upstream_unauthorized', 'the account has no token; log in again');
  return token;
}
