import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type DeviceSpec, deviceLogin } from '../../auth/device-code.ts';
import type { AccountImport, DeviceLogin, NewAccount } from '../../auth/login.ts';
import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { recordId } from '../../auth/record-id.ts';
import { momentOf } from '../../auth/token-request.ts';
import { vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { AccountFields, AccountRules } from '../provider.ts';
import { deviceHeaders } from './device.ts';
import { listModels, readUsages } from './usage.ts';

const AUTH = 'https://auth.kimi.com/api/oauth';
const CLIENT = '17e5f671-d194-4dfb-9706-5516cb48c098';

/** The device of a login is made up once, and stays with its account. */
function loginOf(deviceId: string): DeviceSpec {
  return {
    id: 'device',
    label: 'with a code on kimi.com',
    provider: 'kimi',
    clientId: CLIENT,
    deviceUrl: `${AUTH}/device_authorization`,
    tokenUrl: `${AUTH}/token`,
    headers: deviceHeaders({ device_id: deviceId }),
    encoding: 'form',
    toAccount: async ({ fields, body }, io): Promise<NewAccount> => {
      const { token_type: tokenType, scope } = body;
      return newAccount(
        {
          ...fields,
          ...(typeof tokenType === 'string' ? { token_type: tokenType } : {}),
          ...(typeof scope === 'string' ? { scope } : {}),
          device_id: deviceId,
        },
        io.now(),
      );
    },
  };
}

const login: DeviceLogin = {
  ...deviceLogin(loginOf('')),
  begin: (io) => deviceLogin(loginOf(randomUUID())).begin(io),
};

/** Kimi does not say who the account is: the moment of the login and its device tell accounts apart. */
function newAccount(fields: AccountFields, nowMs: number): NewAccount {
  const device = vendorText(fields['device_id'])?.slice(0, 8);
  return {
    recordId: recordId('kimi', String(nowMs), device),
    fields: { type: 'kimi', ...fields },
    label: `Kimi account of ${momentOf(nowMs).slice(0, 10)}`,
  };
}

/** The login of Kimi's own CLI, with the device that it was made for. */
const cliImport: AccountImport = {
  id: 'kimi-cli',
  label: 'Kimi CLI',
  files: ({ home }) => [join(home, '.kimi', 'credentials', 'kimi-code.json'), join(home, '.kimi', 'device_id')],
  async read(files, io) {
    const file = files.find(({ path }) => path.endsWith('.json'));
    if (file === undefined) return [];
    const own = parseJsonObject(file.text) ?? {};
    const [accessToken, refreshToken] = [vendorText(own['access_token']), vendorText(own['refresh_token'])];
    if (accessToken === undefined || refreshToken === undefined)
      throw new ProxyError('invalid_request', `${file.path} holds no login; log in with Kimi CLI first`);
    const device = vendorText(files.find(({ path }) => path.endsWith('device_id'))?.text);
    const endsS = vendorNumber(own['expires_at']);
    const fields = {
      access_token: accessToken,
      refresh_token: refreshToken,
      ...(endsS === undefined ? {} : { expired: momentOf(endsS * 1000) }),
      ...(vendorText(own['scope']) === undefined ? {} : { scope: own['scope'] }),
      token_type: vendorText(own['token_type']) ?? 'Bearer',
      // Without the device that it was made for, none is named.
      ...(device === undefined ? {} : { device_id: device }),
    };
    const notes = [
      'Kimi CLI and llmproxy now share one login: when one renews its token, the other may have to log in',
    ];
    return [{ ...newAccount(fields, io.now()), notes }];
  },
};

/** Logins with a Kimi account; they are served where API keys are. */
export const account: AccountRules = {
  types: ['kimi'],
  recordName: 'kimi-<time>.json',
  header: { type: 'bearer' },
  refreshLeadMs: 300_000,
  serve: (fields) => ({ headers: deviceHeaders(fields) }),
  refresh: (fields, io) =>
    refreshTokens(
      fields,
      { url: `${AUTH}/token`, clientId: CLIENT, encoding: 'form', headers: deviceHeaders(fields) },
      io,
    ),
  logins: [login],
  imports: [cliImport],
  notices: [
    "You use your own Kimi membership, under Moonshot AI's terms; API keys of Kimi Code work as well (KIMI_API_KEY).",
  ],
  quota: readUsages,
  listModels,
};
