import { type DevicePoll, deviceLogin } from '../../auth/device-code.ts';
import { deniedLogin, expiredCode, type PollVerdict } from '../../auth/device-poll.ts';
import type { DeviceLogin, LoginIo, NewAccount } from '../../auth/login.ts';
import { recordId } from '../../auth/record-id.ts';
import type { TokenAnswer } from '../../auth/token-request.ts';
import {
  askVendor,
  callVendor,
  isVendorFields,
  type VendorFields,
  vendorList,
  vendorRefusal,
  vendorText,
} from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields, AccountRules, ServedAccount } from '../provider.ts';
import { listModels } from './live-models.ts';

const API = 'https://api.kilo.ai/api';
const CODES = `${API}/device-auth/codes`;

const device = deviceLogin({
  id: 'device',
  label: 'with a code on kilo.ai',
  provider: 'kilo',
  // It knows no apps: the request for a code is empty.
  clientId: '',
  names: { client_id: '' },
  deviceUrl: CODES,
  tokenUrl: CODES,
  encoding: 'form',
  readCode: ({ code, verificationUrl, expiresIn }) => ({
    device_code: code,
    user_code: code,
    verification_uri: verificationUrl,
    expires_in: expiresIn,
  }),
  poll,
  toAccount: ({ accessToken, body }, io) => createAccount(accessToken, vendorText(body['userEmail']), io),
});

const login: DeviceLogin = {
  ...device,
  asks: [{ name: 'organization', label: 'Id of the organisation that pays; "personal" for none' }],
};

/** Logins with a Kilo account, served at its OpenRouter-like gateway. https://kilo.ai/docs/gateway */
export const account: AccountRules = {
  types: ['kilo'],
  recordName: 'kilo-<e-mail>.json',
  header: { type: 'bearer' },
  baseUrl: `${API}/openrouter`,
  // Tokens last for years and are given by a login only.
  refreshLeadMs: 0,
  serve,
  logins: [login],
  notices: ["You use your own Kilo account and its credits, under Kilo's terms."],
  listModels: (fields, io) =>
    listModels(`${API}/openrouter/models`, { authorization: `Bearer ${tokenOf(fields)}`, ...headersOf(fields) }, io),
};

/** The status of the code, by HTTP status or in the answer. */
async function poll({ code, fetch, signal }: DevicePoll): Promise<PollVerdict<TokenAnswer>> {
  const call = { url: `${CODES}/${encodeURIComponent(code.device_code)}` };
  const answer = await callVendor(call, { fetch, signal });
  const body = isVendorFields(answer.body) ? answer.body : {};
  const status = vendorText(body['status']);
  if (status === 'denied' || (status === undefined && answer.status === 403)) throw deniedLogin();
  if (status === 'expired' || (status === undefined && answer.status === 410)) throw expiredCode();
  if (!answer.ok) throw vendorRefusal(call, answer);
  if (status !== 'approved') return { state: 'pending' };
  const { ok, headers, text } = answer;
  return { state: 'done', value: { ok, status: 200, headers, text, body: granted(body), secrets: [] } };
}

function granted(body: VendorFields): VendorFields {
  return { access_token: body['token'], userEmail: body['userEmail'] };
}

async function createAccount(token: string, told: string | undefined, io: LoginIo): Promise<NewAccount> {
  const headers = { authorization: `Bearer ${token}` };
  const secrets = [token];
  const profile = await askVendor({ url: `${API}/profile`, headers, secrets }, io);
  const user = isVendorFields(profile['user']) ? profile['user'] : profile;
  const email = vendorText(user['email']) ?? told;
  const organization = await chooseOrganization(vendorList(profile['organizations']), io);
  const place = organization === undefined ? 'defaults' : `organizations/${encodeURIComponent(organization)}/defaults`;
  const defaults = await askVendor({ url: `${API}/${place}`, headers, secrets }, io).catch((): VendorFields => ({}));
  const model = vendorText(defaults['model']) ?? vendorText(defaults['defaultModel']);
  return {
    // One person may use one account for themselves and others for organisations.
    recordId: recordId('kilo', email ?? String(io.now()), organization),
    fields: {
      type: 'kilo',
      kilocodeToken: token,
      kilocodeOrganizationId: organization ?? '',
      kilocodeModel: model ?? '',
      ...(email === undefined ? {} : { email }),
    },
    label: email ?? 'Kilo account',
    ...(model === undefined ? {} : { notes: [`its default model is ${model}`] }),
  };
}

const PERSONAL = 'personal';

/** Id of the one that pays; undefined: the person. */
async function chooseOrganization(organizations: readonly VendorFields[], io: LoginIo): Promise<string | undefined> {
  const known = organizations.flatMap((entry) => {
    const id = vendorText(entry['id']);
    return id === undefined ? [] : [{ value: id, label: vendorText(entry['name']) ?? id }];
  });
  const wanted = io.options['organization']?.trim() ?? '';
  if (wanted !== '' && wanted !== PERSONAL) {
    const found = known.find(({ value, label }) => value === wanted || label === wanted);
    if (found !== undefined) return found.value;
    const others = known.map(({ value }) => value).join(', ');
    throw new ProxyError('invalid_request', `the account is in no organisation ${wanted}, but in: ${others || 'none'}`);
  }
  if (wanted === PERSONAL || known.length === 0 || io.choose === undefined) return undefined;
  const choices = [{ value: PERSONAL, label: 'your own account' }, ...known];
  const chosen = await io.choose('Who pays for the requests of this account?', choices);
  return chosen === PERSONAL ? undefined : chosen;
}

function serve(fields: AccountFields): ServedAccount {
  const own = vendorText(fields['kilocodeToken']);
  return { ...(own === undefined ? {} : { secret: own }), headers: headersOf(fields) };
}

function tokenOf(fields: AccountFields): string {
  return vendorText(fields['kilocodeToken']) ?? vendorText(fields['access_token']) ?? '';
}

function headersOf(fields: AccountFields): Readonly<Record<string, string>> {
  const organization = vendorText(fields['kilocodeOrganizationId']);
  return organization === undefined ? {} : { 'x-kilocode-organizationid': organization };
}
