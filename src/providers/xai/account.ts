import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo, AccountRules } from '../provider.ts';
import { discovered } from './discovery.ts';
import { CLIENT_ID, logins } from './login.ts';

const MINUTE_MS = 60_000;

/** Logins with an xAI account; they are served where API keys are. */
export const account: AccountRules = {
  types: ['xai'],
  recordName: 'xai-<e-mail>.json',
  refreshLeadMs: 5 * MINUTE_MS,
  refresh: async (fields, io) =>
    refreshTokens(fields, { url: await tokenEndpoint(fields, io), clientId: CLIENT_ID, encoding: 'form' }, io),
  logins,
  notices: [
    "Your own xAI account is used, under xAI's terms and the limits of its plan; do not share it with others.",
    "It is served by xAI's API; the address of Grok's own command line takes only programs that say they are it, which llmproxy does not.",
  ],
};

/** The one that the login was made with, or the provider's own today. */
async function tokenEndpoint({ token_endpoint: written }: AccountFields, io: AccountIo): Promise<string> {
  if (typeof written === 'string' && written.trim() !== '') return checked(written.trim(), 'token_endpoint');
  return discovered('token_endpoint', io);
}

/** A refresh token goes over no open line. */
function checked(url: string, source: string): string {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return url;
  throw new ProxyError('upstream_rejected', `${source} is not used: expected an https URL`);
}
