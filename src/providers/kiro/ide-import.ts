/** The login of the Kiro IDE on this machine. */
import { basename, join } from 'node:path';
import type { AccountImport, ImportedFile, LoginIo, NewAccount } from '../../auth/login.ts';
import { isVendorFields, type VendorFields, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import { identified } from './identity.ts';
import { BUILDER_START_URL } from './places.ts';

const TOKEN_FILE = 'kiro-auth-token.json';

/** Reads `kiro-auth-token.json`, and the file of the app that it was made with. */
export const ideImport: AccountImport = {
  id: 'kiro-ide',
  label: 'Kiro IDE',
  // The app's file is named by a hash that only the other one tells.
  files: ({ home }) => [join(home, '.aws', 'sso', 'cache', '*.json'), join(home, '.kiro', TOKEN_FILE)],
  async read(files, io): Promise<readonly NewAccount[]> {
    const file = files.find(({ path }) => basename(path) === TOKEN_FILE);
    return file === undefined ? [] : [await takeOver(file, files, io)];
  },
};

async function takeOver(file: ImportedFile, files: readonly ImportedFile[], io: LoginIo): Promise<NewAccount> {
  const own = parse(file);
  const read = (name: string, other: string): string | undefined => vendorText(own[name]) ?? vendorText(own[other]);
  const refresh = read('refreshToken', 'refresh_token');
  if (refresh === undefined)
    throw new ProxyError('invalid_request', `${file.path} has no refresh token: log in to the Kiro IDE again`);
  const provider = read('provider', 'provider');
  const app = appOf(own, files);
  const isAmazon = app.id !== undefined && app.secret !== undefined;
  const method = read('authMethod', 'auth_method')?.toLowerCase() ?? (isAmazon ? 'idc' : 'social');
  const isBuilder = provider?.toLowerCase() === 'builderid';
  const members = {
    access_token: read('accessToken', 'access_token'),
    refresh_token: refresh,
    profile_arn: read('profileArn', 'profile_arn'),
    expires_at: read('expiresAt', 'expires_at'),
    auth_method: isBuilder ? 'builder-id' : method,
    provider,
    client_id: app.id,
    client_secret: app.secret,
    region: read('region', 'region'),
    start_url: read('startUrl', 'start_url') ?? (isBuilder ? BUILDER_START_URL : undefined),
    email: read('email', 'email'),
  };
  if (method !== 'social' && !isAmazon)
    throw new ProxyError('invalid_request', `${file.path} belongs to an app whose file is not there: ${app.file}`);
  return identified(Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)), io);
}

interface App {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  /** Where it should be. */
  readonly file: string;
}

function appOf(own: VendorFields, files: readonly ImportedFile[]): App {
  const hash = vendorText(own['clientIdHash']) ?? vendorText(own['client_id_hash']) ?? '';
  // It becomes a part of a path.
  const isName = /^[A-Za-z0-9_-]+$/.test(hash);
  const companion = isName ? files.find(({ path }) => basename(path) === `${hash}.json`) : undefined;
  const found = companion === undefined ? {} : parse(companion);
  const read = (name: string, other: string): string | undefined =>
    vendorText(own[name]) ?? vendorText(own[other]) ?? vendorText(found[name]) ?? vendorText(found[other]);
  return {
    id: read('clientId', 'client_id'),
    secret: read('clientSecret', 'client_secret'),
    file: isName ? `${hash}.json` : 'its name is not told',
  };
}

function parse({ path, text }: ImportedFile): VendorFields {
  try {
    const value: unknown = JSON.parse(text);
    if (isVendorFields(value)) return value;
  } catch {
    // Said below: nothing of the text may be shown.
  }
  throw new ProxyError('invalid_request', `${path} is no JSON object`);
}
