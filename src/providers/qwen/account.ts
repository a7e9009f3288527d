import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deviceLogin } from '../../auth/device-code.ts';
import { expiredCode } from '../../auth/device-poll.ts';
import type { AccountImport, DeviceLogin, NewAccount } from '../../auth/login.ts';
import { recordId } from '../../auth/record-id.ts';
import { grantedTokens, momentOf, postForTokens } from '../../auth/token-request.ts';
import { vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { qwen } from '../../envelopes/qwen.ts';
import { ProxyError } from '../../errors.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { AccountFields, AccountIo, AccountRules, Endpoint } from '../provider.ts';
import { accountModels } from './models.ts';
import { resourceBaseUrl } from './resource-url.ts';

const AUTH = 'https://chat.qwen.ai/api/v1/oauth2';
const CLIENT = 'f0304373b74a44d2b584a3fb70ca9e56';
const HOUR_MS = 60 * 60_000;
const MAX_INTERVAL_MS = 10_000;

const device = deviceLogin({
  id: 'device',
  label: 'with a code on chat.qwen.ai',
  provider: 'qwen',
  clientId: CLIENT,
  deviceUrl: `${AUTH}/device/code`,
  tokenUrl: `${AUTH}/token`,
  scopes: ['openid', 'profile', 'email', 'model.completion'],
  encoding: 'form',
  pkce: true,
  slower: (intervalMs) => Math.min(intervalMs * 1.5, MAX_INTERVAL_MS),
  readAnswer(answer) {
    // The code is no longer known.
    if (answer.status === 401) throw expiredCode();
    return answer;
  },
  toAccount: async ({ fields, body }, io) => {
    const name = vendorText(io.options['name']);
    return newAccount({ ...fields, ...resourceOf(body) }, io.now(), name);
  },
});

const login: DeviceLogin = {
  ...device,
  asks: [{ name: 'name', label: 'E-mail address or name to know the account by; Qwen tells none', example: 'work' }],
};

/** Qwen does not say who the account is: the person does, or the moment and the token tell accounts apart. */
function newAccount(fields: AccountFields, nowMs: number, name: string | undefined): NewAccount {
  const print = createHash('sha256').update(String(fields['refresh_token'])).digest('hex').slice(0, 8);
  const label = name ?? `qwen-${nowMs}`;
  return {
    recordId: name === undefined ? recordId('qwen', String(nowMs), print) : recordId('qwen', name),
    fields: { type: 'qwen', ...fields, email: label },
    label,
  };
}

function resourceOf(body: AccountFields): AccountFields {
  const resource = vendorText(body['resource_url']);
  return resource === undefined ? {} : { resource_url: resource };
}

/** The login of Qwen Code. */
const cliImport: AccountImport = {
  id: 'qwen-code',
  label: 'Qwen Code',
  files: ({ home }) => [join(home, '.qwen', 'oauth_creds.json')],
  async read(files, io) {
    return files.map(({ path, text }) => {
      const own = parseJsonObject(text) ?? {};
      const refreshToken = vendorText(own['refresh_token']);
      const accessToken = vendorText(own['access_token']);
      if (refreshToken === undefined || accessToken === undefined)
        throw new ProxyError('invalid_request', `${path} holds no login; log in with Qwen Code first`);
      const endMs = vendorNumber(own['expiry_date']);
      const fields = {
        access_token: accessToken,
        refresh_token: refreshToken,
        ...resourceOf(own),
        ...(endMs === undefined ? {} : { expired: momentOf(endMs) }),
      };
      return newAccount(fields, io.now(), vendorText(io.options['name']));
    });
  },
};

/** Where accounts are served: as API keys are, but for the words of an allowance that is spent. */
const endpoints: readonly Endpoint[] = [{ dialect: 'openai-chat', path: '/chat/completions', envelope: qwen }];

/** Logins of Qwen Code. https://qwenlm.github.io/qwen-code-docs */
export const account: AccountRules = {
  types: ['qwen'],
  recordName: 'qwen-<name>.json',
  header: { type: 'bearer' },
  headers: { 'x-dashscope-cachecontrol': 'enable', 'x-dashscope-authtype': 'qwen-oauth' },
  endpoints,
  refreshLeadMs: 3 * HOUR_MS,
  serve: (fields) => ({ baseUrl: resourceBaseUrl(vendorText(fields['resource_url'])) }),
  refresh,
  logins: [login],
  imports: [cliImport],
  notices: [
    'Qwen closed logins of Qwen Code and their free allowance on 2026-04-15: a login is likely to be refused.',
    'Use an API key of Alibaba Cloud Model Studio instead (DASHSCOPE_API_KEY); the guide lists the addresses of its plans.',
    "You use your own account, under Alibaba's terms.",
  ],
  models: () => accountModels,
};

/** The answer may name another address for requests, too. */
async function refresh(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  const refreshToken = vendorText(fields['refresh_token']);
  if (refreshToken === undefined)
    throw new ProxyError('upstream_unauthorized', 'the account has no refresh token; log in again');
  const clientId = io.client?.id ?? CLIENT;
  const members = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
  const answer = await postForTokens({ url: `${AUTH}/token`, encoding: 'form', members }, io);
  try {
    return { ...grantedTokens(answer, io.nowMs), ...resourceOf(answer.body) };
  } catch (error) {
    // Every 400 is final here, whatever its words.
    if (answer.status !== 400 || !(error instanceof ProxyError)) throw error;
    throw new ProxyError('upstream_unauthorized', error.message, { status: 400, cause: error });
  }
}
