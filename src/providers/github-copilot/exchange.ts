import { hideSecrets } from '../../auth/hide-secrets.ts';
import { momentOf } from '../../auth/token-request.ts';
import type { VendorAnswer, VendorCall } from '../../auth/vendor-api.ts';
import { callVendor, isVendorFields, vendorNumber, vendorRefusal, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo } from '../provider.ts';
import { clientHeaders, product } from './headers.ts';

/** Where accounts are served whose plan names no other place. */
export const USUAL_API = 'https://api.githubcopilot.com';
/** GitHub's own API. */
export const GITHUB_API = 'https://api.github.com';
const EXCHANGE = `${GITHUB_API}/copilot_internal/v2/token`;
const USUAL_LIFE_MS = 25 * 60_000;

/** What a call to GitHub about an account takes along. */
export function githubHeaders(fields: AccountFields): Readonly<Record<string, string>> {
  return { authorization: `token ${githubToken(fields)}`, 'user-agent': product, ...clientHeaders(fields) };
}

/** The token that the login brought; it does not end by itself. */
export function githubToken({ access_token: token }: AccountFields): string {
  if (typeof token === 'string' && token.trim() !== '') return token.trim();
  throw new ProxyError('upstream_unauthorized', 'the account has no GitHub token; log in again');
}

/**
 * Exchanges the GitHub token for a short-lived one of Copilot and resolves with the members that change. Throws
 * ProxyError: `upstream_unauthorized` when GitHub does not take the token any more, `upstream_forbidden` when the account
 * has no Copilot, others when a later try may succeed.
 */
export async function exchange(
  fields: AccountFields,
  io: Pick<AccountIo, 'fetch' | 'signal' | 'nowMs'>,
): Promise<AccountFields> {
  const call: VendorCall = { url: EXCHANGE, headers: githubHeaders(fields), secrets: [githubToken(fields)] };
  const answer = await callVendor(call, io);
  if (!answer.ok) throw refusal(call, answer);
  const body = isVendorFields(answer.body) ? answer.body : {};
  const token = vendorText(body['token']);
  if (token === undefined) throw withoutToken(body['error_details'], call);
  const endsS = vendorNumber(body['expires_at']);
  const api = isVendorFields(body['endpoints']) ? vendorText(body['endpoints']['api']) : undefined;
  return {
    copilot_token: token,
    copilot_expires_at: momentOf(endsS === undefined ? io.nowMs + USUAL_LIFE_MS : endsS * 1000),
    copilot_api: checkedApi(api),
    last_refresh: momentOf(io.nowMs),
  };
}

function refusal(call: VendorCall, answer: VendorAnswer): ProxyError {
  const told = vendorRefusal(call, answer);
  const isLimited = answer.headers.get('x-ratelimit-remaining') === '0';
  if (isLimited) return new ProxyError('upstream_rate_limited', told.message, { status: answer.status, cause: told });
  if (answer.status !== 403 && answer.status !== 404) return told;
  const details = isVendorFields(answer.body) ? answer.body['error_details'] : undefined;
  return notEntitled(wordsOf(details, call) ?? told.message, answer.status);
}

function withoutToken(details: unknown, call: VendorCall): ProxyError {
  const words = wordsOf(details, call);
  if (words !== undefined) return notEntitled(words, 403);
  return new ProxyError('upstream_invalid_response', 'api.github.com answered without a Copilot token');
}

function notEntitled(words: string, status: number): ProxyError {
  return new ProxyError('upstream_forbidden', `this GitHub account cannot use Copilot: ${words}`, { status });
}

function wordsOf(details: unknown, { secrets = [] }: VendorCall): string | undefined {
  const words = isVendorFields(details) ? vendorText(details['message']) : undefined;
  return words === undefined ? undefined : hideSecrets(words, secrets);
}

/** A token goes over no open line, and to nobody but GitHub. */
function checkedApi(api: string | undefined): string {
  const { protocol, hostname } = api !== undefined && URL.canParse(api) ? new URL(api) : { protocol: '', hostname: '' };
  const isGithub = /(^|\.)(githubcopilot\.com|github\.com|ghe\.com)$/.test(hostname);
  return api !== undefined && protocol === 'https:' && isGithub ? api.replace(/\/+$/, '') : USUAL_API;
}
