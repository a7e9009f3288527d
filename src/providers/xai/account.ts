import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountIo, AccountRules } from '../provider.ts';

const MINUTE_MS = 60_000;
const DISCOVERY = 'https://auth.x.ai/.well-known/openid-configuration';

/** Logins with an xAI account; they are served where API keys are. */
export const account: AccountRules = {
  types: ['xai'],
  refreshLeadMs: 5 * MINUTE_MS,
  refresh: async (fields, io) =>
    refreshTokens(
      fields,
      { url: await tokenEndpoint(fields, io), clientId: 'b1a00492-073a-47ea-816f-4c329264a828', encoding: 'form' },
      io,
    ),
};

/** The one that the login was made with, or the provider's own today. */
async function tokenEndpoint({ token_endpoint: written }: AccountFields, io: AccountIo): Promise<string> {
  if (typeof written === 'string' && written.trim() !== '') return checked(written.trim(), 'token_endpoint');
  try {
    const response = await io.fetch(DISCOVERY, { redirect: 'error', signal: io.signal });
    const found: unknown = await response.json();
    const endpoint = typeof found === 'object' && found !== null && 'token_endpoint' in found && found.token_endpoint;
    if (typeof endpoint === 'string') return checked(endpoint, DISCOVERY);
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    throw new ProxyError('upstream_unreachable', `${DISCOVERY} cannot be read`, { cause: error });
  }
  throw new ProxyError('upstream_invalid_response', `${DISCOVERY} names no token endpoint`);
}

/** A refresh token goes over no open line. */
function checked(url: string, source: string): string {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return url;
  throw new ProxyError('upstream_rejected', `${source} is not used: expected an https URL`);
}
