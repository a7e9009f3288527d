import { join } from 'node:path';
import type { AccountImport, ImportedFile, LoginIo, NewAccount } from '../../auth/login.ts';
import { whileLogin } from '../../auth/login-tokens.ts';
import { momentOf } from '../../auth/token-request.ts';
import { isVendorFields, type VendorFields, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { invalidRequest } from '../../errors.ts';
import { claudeAccount } from './login.ts';
import { askProfile, type Profile } from './profile.ts';

const TOKENS = '.credentials.json';
const KEYCHAIN = 'security find-generic-password -s "Claude Code-credentials" -w > ~/.claude/.credentials.json';

/** The login of Claude Code: its tokens in `.credentials.json`, whose they are in `.claude.json`. */
export const claudeCodeImport: AccountImport = {
  id: 'claude-code',
  label: 'Claude Code',
  files({ home, env }) {
    const own = env['CLAUDE_CONFIG_DIR'];
    const folder = own === undefined || own === '' ? join(home, '.claude') : own;
    return [
      join(folder, TOKENS),
      own === undefined || own === '' ? join(home, '.claude.json') : join(own, '.claude.json'),
    ];
  },
  async read(files, io) {
    const tokenFile = files.find(({ path }) => path.endsWith(TOKENS));
    const person = personOf(files.find((file) => file !== tokenFile));
    if (tokenFile === undefined) {
      if (person.email === undefined) return [];
      // A Mac: another program's secrets are not taken out of the keychain behind its user's back.
      throw invalidRequest(
        TOKENS,
        `is not there: on a Mac, Claude Code keeps its tokens in the keychain. To take them over, write them out yourself: ${KEYCHAIN}`,
      );
    }
    const login = parse(tokenFile)['claudeAiOauth'];
    if (!isVendorFields(login) || vendorText(login['accessToken']) === undefined) return [];
    return [await accountOf(login, person, io)];
  },
};

async function accountOf(login: VendorFields, person: Profile, io: LoginIo): Promise<NewAccount> {
  const refreshToken = vendorText(login['refreshToken']);
  const endMs = vendorNumber(login['expiresAt']);
  const fields = {
    access_token: vendorText(login['accessToken']) ?? '',
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(endMs === undefined || endMs <= 0 ? {} : { expired: momentOf(endMs) }),
  };
  const plan = vendorText(login['subscriptionType']);
  const accountUuid = vendorText(login['accountUuid']);
  const known = {
    ...(accountUuid === undefined ? {} : { accountUuid }),
    ...person,
    ...(plan === undefined ? {} : { plan }),
  };
  const profile = person.email === undefined ? { ...known, ...(await profileOf(fields, io)) } : known;
  const account = claudeAccount(fields, profile);
  const shared =
    'Claude Code and llmproxy now share one login: whoever renews it first may log the other out. Log in again in one of them, or use a setup token.';
  return { ...account, notes: [...(account.notes ?? []), shared] };
}

/** The tokens may have ended: that is no reason not to take them over, they can be renewed. */
async function profileOf(fields: VendorFields, io: LoginIo): Promise<Profile> {
  try {
    return await whileLogin(io, (signal) => askProfile(fields, { fetch: io.fetch, signal }));
  } catch (error) {
    if (io.signal.aborted) throw error;
    io.progress('the profile could not be read: the account has no name yet');
    return {};
  }
}

function personOf(file: ImportedFile | undefined): Profile {
  const account = file === undefined ? undefined : parse(file)['oauthAccount'];
  if (!isVendorFields(account)) return {};
  const known = {
    email: vendorText(account['emailAddress']),
    accountUuid: vendorText(account['accountUuid']),
    organizationUuid: vendorText(account['organizationUuid']),
    organizationName: vendorText(account['organizationName']),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

function parse({ path, text }: ImportedFile): VendorFields {
  try {
    const value: unknown = JSON.parse(text);
    if (isVendorFields(value)) return value;
  } catch {
    // Told below: what stands in the file may be a secret.
  }
  throw invalidRequest(path, 'is no file of Claude Code: expected a JSON object');
}
