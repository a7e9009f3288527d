import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo, AccountRules, ServedAccount } from '../provider.ts';
import { cookieKey } from './cookie.ts';
import { appOf, askKey, basicHeader, browser, CLIENT_ID, cookie, TOKEN_URL } from './login.ts';

const HOUR_MS = 60 * 60_000;

/** Logins with an iFlow account: requests are sent with the key that the login brought, not with its token. */
export const account: AccountRules = {
  types: ['iflow'],
  recordName: 'iflow-<e-mail>.json',
  header: { type: 'bearer' },
  refreshLeadMs: 48 * HOUR_MS,
  serve,
  refresh,
  logins: [browser, cookie],
  notices: [
    'iFlow closed its service on 2026-04-17 and sent its users to Qoder: neither logins nor requests are likely to work.',
    "The models that it resold are served by their makers with API keys, e.g. Qwen's (DASHSCOPE_API_KEY), Kimi's (KIMI_API_KEY) or DeepSeek's (DEEPSEEK_API_KEY).",
    "You use your own account, under iFlow's terms.",
  ],
};

function serve(fields: AccountFields): ServedAccount {
  const key = vendorText(fields['api_key']);
  const isLogin = ['access_token', 'refresh_token', 'cookie'].some((name) => vendorText(fields[name]) !== undefined);
  if (!isLogin || /^api[-_ ]?key$/i.test(vendorText(fields['auth_kind']) ?? '')) return {};
  return { secret: key ?? null };
}

async function refresh(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  const kept = vendorText(fields['cookie']);
  if (kept !== undefined && vendorText(fields['refresh_token']) === undefined) return cookieKey(kept, io);
  const app = appOf(io.client);
  const grant = { url: TOKEN_URL, clientId: CLIENT_ID, encoding: 'form', headers: basicHeader(app) } as const;
  const changed = await refreshTokens(fields, grant, io);
  const accessToken = vendorText(changed['access_token']);
  if (accessToken === undefined) throw new ProxyError('upstream_invalid_response', 'iflow.cn answered without a token');
  return { ...changed, ...(await askKey(accessToken, io)) };
}
