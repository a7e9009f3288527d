/** Service accounts of Google Cloud. https://cloud.google.com/iam/docs/service-account-creds */
import type { AccountFields, LoginIo, NewAccount, SecretLogin } from '../../auth/login.ts';
import { recordId } from '../../auth/record-id.ts';
import { readServiceAccount, type ServiceAccount, serviceAccountTokens } from '../../auth/service-account.ts';
import { isVendorFields, type VendorFields, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountIo, AccountRules, Endpoint, ServedAccount } from '../provider.ts';

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
const USUAL_LOCATION = 'us-central1';
const MODELS = '/v1/projects/{project}/locations/{location}/publishers/google/models/{model}';

const endpoint: Endpoint = {
  dialect: 'gemini',
  path: `${MODELS}:generateContent`,
  streamPath: `${MODELS}:streamGenerateContent?alt=sse`,
  countTokensPath: `${MODELS}:countTokens`,
  countTokensFlat: true,
};

const login: SecretLogin = {
  type: 'file',
  id: 'service-account',
  label: 'with the JSON file of a service account',
  asks: [
    { name: 'location', label: 'Location', example: 'us-central1' },
    { name: 'project', label: 'Project, if it is not the one in the file', example: 'my-project' },
  ],
  prompt: 'the JSON file of a service account (Google Cloud console, IAM, Service accounts, Keys)',
  finish,
};

/** How accounts are kept and served. */
export const account: AccountRules = {
  types: ['vertex'],
  recordName: 'vertex-<project>.json',
  header: { type: 'bearer' },
  endpoints: [endpoint],
  refreshLeadMs: 5 * 60_000,
  logins: [login],
  notices: [
    'It is your own Google Cloud project, under its terms; requests are billed to it.',
    'The private key stays in the record of the account: whoever reads that file can use the service account.',
  ],
  serve,
  refresh,
};

function serve(fields: AccountFields): ServedAccount {
  const project = vendorText(fields['project_id']) ?? vendorText(keyIn(fields)['project_id']);
  if (project === undefined) throw new ProxyError('invalid_config', 'it has no project_id');
  const location = locationOf(fields['location']);
  return {
    secret: vendorText(fields['access_token']) ?? null,
    baseUrl: hostOf(location),
    parameters: { project, location },
  };
}

/** A service account has no refresh token: its key signs for every new token. */
function refresh(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  return serviceAccountTokens(readServiceAccount(keyIn(fields)), SCOPES, io);
}

/** Tries the key before it is kept. */
async function finish(io: LoginIo, text: string): Promise<NewAccount> {
  const json = parsed(text);
  const key = readServiceAccount(json);
  const project = io.options['project'] ?? key.projectId;
  if (project === undefined) throw new ProxyError('invalid_request', 'the service account names no project_id');
  const location = locationOf(io.options['location']);
  const { fetch, signal } = io;
  const tokens = await serviceAccountTokens(key, SCOPES, { fetch, signal, nowMs: io.now() });
  return {
    recordId: recordId('vertex', project),
    fields: {
      type: 'vertex',
      service_account: withCleanKey(json, key),
      project_id: project,
      email: key.clientEmail,
      location,
      ...tokens,
    },
    label: key.clientEmail,
    notes: [`served in the project ${project}, location ${location}`],
  };
}

/** The newlines of copied keys are often not what they were. */
function withCleanKey(json: VendorFields, { privateKey }: ServiceAccount): VendorFields {
  return { ...json, private_key: privateKey };
}

function keyIn(fields: AccountFields): VendorFields {
  const key = fields['service_account'];
  if (!isVendorFields(key)) throw new ProxyError('invalid_config', 'it has no service_account');
  return key;
}

/** Locations are parts of host names. */
function locationOf(value: unknown): string {
  const location = (vendorText(value) ?? USUAL_LOCATION).toLowerCase();
  if (/^[a-z0-9-]{1,40}$/.test(location)) return location;
  throw new ProxyError('invalid_request', 'a location is a name as us-central1, or global');
}

function hostOf(location: string): string {
  return `https://${location === 'global' ? '' : `${location}-`}aiplatform.googleapis.com`;
}

function parsed(text: string): VendorFields {
  try {
    const value: unknown = JSON.parse(text);
    if (isVendorFields(value)) return value;
  } catch {
    // As below: the text may hold the key, and must not be in the error.
  }
  throw new ProxyError('invalid_request', 'the file of a service account is a JSON object; this is none');
}
