import { unverifiedClaims } from '../../auth/claims.ts';
import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { askVendor, type VendorCall, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import type { AccountFields, AccountRules, ServedAccount } from '../provider.ts';
import { identityOf } from './identity.ts';
import { codexImport } from './import.ts';
import { CATALOGUE_PATH, readModels } from './live-models.ts';
import { CLIENT_ID, logins, TOKEN_URL } from './login.ts';
import { planModels } from './models.ts';
import { quirks } from './quirks.ts';
import { readUsage } from './usage.ts';

const DAY_MS = 24 * 60 * 60_000;
const BACKEND = 'https://chatgpt.com/backend-api';
const BASE_URL = `${BACKEND}/codex`;

/** Logins with a ChatGPT plan. https://developers.openai.com/codex/auth */
export const account: AccountRules = {
  types: ['codex'],
  recordName: 'codex-<account>-<e-mail>-<plan>.json',
  header: { type: 'bearer' },
  baseUrl: BASE_URL,
  endpoints: [
    {
      dialect: 'openai-responses',
      path: '/responses',
      websocket: 'full',
      compactPath: '/responses/compact',
      streamsOnly: true,
      // `codex.rate_limits` and the like: the SDKs of OpenAI break off at an event that they do not know.
      ownEventsFor: 'originator',
    },
  ],
  quirks: {
    ...quirks,
    // 400 to each of them.
    rejects: [
      'background',
      'context_management',
      'max_completion_tokens',
      'max_output_tokens',
      'metadata',
      'prompt_cache_options',
      'prompt_cache_retention',
      'safety_identifier',
      'temperature',
      'top_k',
      'top_logprobs',
      'top_p',
      'truncation',
      'user',
    ],
    onlyValues: {
      service_tier: ['priority'],
      stream_options: [{ reasoning_summary_delivery: 'sequential_cutoff' }],
    },
    // It stores nothing: reasoning that the client is to send again must come with the answer.
    defaults: { instructions: '', include: ['reasoning.encrypted_content'] },
    sets: { store: false, stream: true },
    strictInput: true,
  },
  serve,
  refreshLeadMs: 5 * DAY_MS,
  refresh: (fields, io) =>
    refreshTokens(
      fields,
      { url: TOKEN_URL, clientId: CLIENT_ID, encoding: 'form', extra: { scope: 'openid profile email' } },
      io,
    ),
  logins,
  imports: [codexImport],
  notices: [
    "Your own ChatGPT account is used, under OpenAI's terms and the limits of its plan; do not share it with others.",
    'Requests say that llmproxy sends them; OpenAI may refuse clients that are not its own.',
  ],
  quota: async (fields, io) => readUsage(await askVendor(question(`${BACKEND}/wham/usage`, fields), io), io.nowMs),
  listModels: async (fields, io) => readModels(await askVendor(question(`${BASE_URL}${CATALOGUE_PATH}`, fields), io)),
  models: planModels,
};

function serve(fields: AccountFields): ServedAccount {
  const token = fields['access_token'];
  const endS = vendorNumber(unverifiedClaims(vendorText(token))['exp']);
  const plan = vendorText(fields['plan_type']) ?? identityOf(fields['id_token'], token).plan;
  return {
    headers: accountHeaders(fields),
    ...(endS === undefined ? {} : { expiresAtMs: endS * 1000 }),
    ...(plan === undefined ? {} : { plan }),
  };
}

/** One person has several accounts: a plan of their own, and one in each workspace. */
function accountHeaders(fields: AccountFields): Record<string, string> {
  const identity = identityOf(fields['id_token'], fields['access_token']);
  const id = vendorText(fields['account_id']) ?? identity.accountId;
  return {
    ...(id === undefined ? {} : { 'chatgpt-account-id': id }),
    ...(identity.fedRamp ? { 'x-openai-fedramp': 'true' } : {}),
  };
}

function question(url: string, fields: AccountFields): VendorCall {
  const token = vendorText(fields['access_token']) ?? '';
  return { url, headers: { ...accountHeaders(fields), authorization: `Bearer ${token}` }, secrets: [token] };
}
