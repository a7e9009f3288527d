import { createHash } from 'node:crypto';
import type { LoginIo, LoginMethod, NewAccount, SecretLogin } from '../../auth/login.ts';
import { type LoginTokens, whileLogin } from '../../auth/login-tokens.ts';
import { browserLogin } from '../../auth/oauth-pkce.ts';
import { recordId } from '../../auth/record-id.ts';
import { isVendorFields, vendorText } from '../../auth/vendor-api.ts';
import { invalidRequest } from '../../errors.ts';
import { askProfile, type Profile } from './profile.ts';

/** The public app of Claude Code. */
export const CLIENT_ID = '9d1c250a-e61b-44d9-88ed-5944d1962f5e';
/** Where codes and refresh tokens are exchanged. */
export const TOKEN_URL: string = 'https://platform.claude.com/v1/oauth/token';
const SCOPES: readonly string[] = [
  'user:profile',
  'user:inference',
  'user:sessions:claude_code',
  'user:mcp_servers',
  'user:file_upload',
];

/** Plans that people have for themselves; in others, one e-mail address may have several accounts. */
const PERSONAL: ReadonlySet<string | undefined> = new Set([undefined, 'free', 'pro', 'max']);

/** The record of a login; `fields`: its tokens. */
export function claudeAccount(fields: Readonly<Record<string, unknown>>, profile: Profile): NewAccount {
  const { email, accountUuid, organizationUuid, organizationName, plan } = profile;
  const workspace = PERSONAL.has(plan) ? undefined : hashOf(organizationUuid);
  return {
    recordId: recordId('claude', email ?? hashOf(accountUuid ?? vendorText(fields['access_token'])), workspace),
    fields: {
      id_token: '',
      ...fields,
      type: 'claude',
      ...(email === undefined ? {} : { email }),
      ...(accountUuid === undefined ? {} : { account_uuid: accountUuid }),
      ...(organizationUuid === undefined ? {} : { organization_uuid: organizationUuid }),
      ...(organizationName === undefined ? {} : { organization_name: organizationName }),
      ...(plan === undefined ? {} : { plan }),
    },
    label: email ?? 'Claude account',
    notes: [
      ...(plan === undefined ? [] : [`Plan: ${plan}.`]),
      ...(organizationName === undefined ? [] : [`Organisation: ${organizationName}.`]),
    ],
  };
}

/** Ways to log in with a Claude plan. https://docs.claude.com/en/docs/claude-code/iam */
export const logins: readonly LoginMethod[] = [
  browserLogin({
    id: 'browser',
    label: 'with the browser (Claude plan)',
    provider: 'claude',
    clientId: CLIENT_ID,
    callback: { host: 'localhost', port: 54_545, path: '/callback' },
    authorizeUrl: 'https://claude.ai/oauth/authorize',
    tokenUrl: TOKEN_URL,
    scopes: SCOPES,
    authorizeParams: { code: 'true' },
    encoding: 'json',
    sendsState: true,
    toAccount,
  }),
  setupToken(),
];

async function toAccount({ fields, body }: LoginTokens, io: LoginIo): Promise<NewAccount> {
  const told = ofTokens(body);
  try {
    const profile = await whileLogin(io, (signal) => askProfile(fields, { fetch: io.fetch, signal }));
    return claudeAccount(fields, { ...told, ...profile });
  } catch (error) {
    if (io.signal.aborted || told.email === undefined) throw error;
    io.progress('the profile could not be read: the plan is unknown');
    return claudeAccount(fields, told);
  }
}

/** The answer of the exchange knows whom it is for. */
function ofTokens({ account, organization }: Readonly<Record<string, unknown>>): Profile {
  const [person, group] = [account, organization].map((value) => (isVendorFields(value) ? value : {}));
  const email = vendorText(person?.['email_address']);
  const accountUuid = vendorText(person?.['uuid']);
  const organizationUuid = vendorText(group?.['uuid']);
  const organizationName = vendorText(group?.['name']);
  return {
    ...(email === undefined ? {} : { email }),
    ...(accountUuid === undefined ? {} : { accountUuid }),
    ...(organizationUuid === undefined ? {} : { organizationUuid }),
    ...(organizationName === undefined ? {} : { organizationName }),
  };
}

/** A token for a year, which says nothing of whose it is and cannot be renewed. */
function setupToken(): SecretLogin {
  return {
    type: 'secret',
    id: 'setup-token',
    label: 'with a setup token (claude setup-token)',
    prompt: 'the token that "claude setup-token" printed (sk-ant-oat...)',
    finish(_io, text) {
      const token = text.replaceAll(/\s+/g, '');
      if (!/^sk-ant-oat[\w-]{10,}$/.test(token))
        return Promise.reject(invalidRequest('token', 'is no setup token: those begin with sk-ant-oat'));
      const hash = hashOf(token);
      return Promise.resolve({
        recordId: recordId('claude', 'setup-token', hash),
        fields: { id_token: '', access_token: token, type: 'claude' },
        label: `Claude setup token ${hash}`,
        notes: ['It ends a year after it was made and cannot be renewed, and its quota cannot be read.'],
      });
    },
  };
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex').slice(0, 8);
}
