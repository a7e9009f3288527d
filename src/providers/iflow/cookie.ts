import { hideSecrets } from '../../auth/hide-secrets.ts';
import { momentOf } from '../../auth/token-request.ts';
import { askVendor, isVendorFields, type VendorFields, vendorText } from '../../auth/vendor-api.ts';
import { invalidRequest, ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo } from '../provider.ts';

const PLATFORM = 'https://platform.iflow.cn';
const API_KEY = `${PLATFORM}/api/openapi/apikey`;
/** Where iFlow is. */
const CHINA_MS = 8 * 60 * 60_000;

/** The one cookie that counts; others stay with the person. Throws ProxyError when it is missing. */
export function readCookie(text: string): string {
  const value = /(?:^|;)\s*BXAuth=([^;]+)/.exec(text.replaceAll(/\s+/g, ' ').trim())?.[1]?.trim();
  if (value === undefined || value === '') throw invalidRequest('cookie', 'expected a cookie with BXAuth= in it');
  return `BXAuth=${value};`;
}

/** Has a new key issued for the account of the cookie: `api_key`, `email`, `expired`. */
export async function cookieKey(
  cookie: string,
  io: Pick<AccountIo, 'fetch' | 'signal' | 'nowMs'>,
): Promise<AccountFields> {
  const headers = { cookie, origin: PLATFORM, referer: `${PLATFORM}/` };
  const secrets = [cookie, cookie.replace(/^BXAuth=|;$/g, '')];
  const name = vendorText(dataOf(await askVendor({ url: API_KEY, headers, secrets }, io), secrets)['name']);
  if (name === undefined)
    throw new ProxyError('upstream_invalid_response', 'platform.iflow.cn names no key of the account');
  const data = dataOf(await askVendor({ url: API_KEY, headers, json: { name }, secrets }, io), secrets);
  const key = vendorText(data['apiKey']);
  if (key === undefined) throw new ProxyError('upstream_invalid_response', 'platform.iflow.cn issued no key');
  const endMs = expiryOf(vendorText(data['expireTime']));
  return {
    api_key: key,
    email: name,
    ...(endMs === undefined ? {} : { expired: momentOf(endMs) }),
    last_refresh: momentOf(io.nowMs),
  };
}

/** A refusal comes with status 200 as well. */
function dataOf({ success, message, code, data }: VendorFields, secrets: readonly string[]): VendorFields {
  if (success !== false && isVendorFields(data)) return data;
  const words = hideSecrets(vendorText(message) ?? String(code ?? 'no reason'), secrets);
  throw new ProxyError('upstream_unauthorized', `platform.iflow.cn does not take the cookie (${words}); log in again`);
}

/** `2026-04-17 23:59`, as clocks in China have it. */
function expiryOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text)) return undefined;
  const ms = Date.parse(`${text.slice(0, 16).replace(' ', 'T')}:00Z`);
  return Number.isNaN(ms) ? undefined : ms - CHINA_MS;
}
