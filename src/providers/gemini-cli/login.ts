/** Logging in with Google, as https://developers.google.com/identity/protocols/oauth2/native-app has it. */
import { type CodeAssistService, codeAssistStatus, readyAccount } from '../../auth/google/code-assist-account.ts';
import {
  enableGoogleApi,
  GOOGLE_AUTHORIZE_URL,
  GOOGLE_SCOPES,
  GOOGLE_TOKEN_URL,
  type GoogleProject,
  googleEmail,
  googleProjects,
} from '../../auth/google/google-account.ts';
import type { AccountFields, BrowserLogin, LoginIo, NewAccount } from '../../auth/login.ts';
import { browserLogin } from '../../auth/oauth-pkce.ts';
import { recordId } from '../../auth/record-id.ts';
import { momentOf } from '../../auth/token-request.ts';
import { ProxyError } from '../../errors.ts';
import { CLIENT } from './record.ts';

/** Code Assist, as Gemini CLI asks it. */
export const SERVICE: CodeAssistService = {
  baseUrl: 'https://cloudcode-pa.googleapis.com',
  metadata: { ideType: 'IDE_UNSPECIFIED', platform: 'PLATFORM_UNSPECIFIED', pluginType: 'GEMINI' },
  usualTier: 'legacy-tier',
  attempts: 12,
  waitMs: 5000,
};

const ALL = 'ALL';
/** Google provides one. */
const PROVIDED = '';

/** Tokens and the app that they belong to, before anything is known of the person. */
export interface GoogleGrant {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresAtMs: number;
  readonly clientId: string;
  /** Kept only where it came with the tokens. */
  readonly clientSecret?: string;
}

const browser = browserLogin({
  ...CLIENT,
  id: 'browser',
  label: 'with Google in the browser',
  callback: { host: 'localhost', port: 8085, path: '/oauth2callback', anyPort: true },
  authorizeUrl: GOOGLE_AUTHORIZE_URL,
  tokenUrl: GOOGLE_TOKEN_URL,
  scopes: GOOGLE_SCOPES,
  // Without them there is no refresh token, or only at the very first login.
  authorizeParams: { access_type: 'offline', prompt: 'consent' },
  encoding: 'form',
  toAccount(tokens, io) {
    const lifeS = Number(tokens.body['expires_in'] ?? 3600);
    const { accessToken, refreshToken } = tokens;
    const clientId = io.client?.id ?? CLIENT.clientId;
    return newAccount({ accessToken, refreshToken, expiresAtMs: io.now() + lifeS * 1000, clientId }, io);
  },
});

/** The login with the browser. */
export const login: BrowserLogin = {
  ...browser,
  asks: [{ name: 'project', label: 'Google Cloud project, or ALL', example: 'my-project' }],
};

/** Finds out who the tokens belong to, and in which projects they are served. Throws ProxyError. */
export async function newAccount(grant: GoogleGrant, io: LoginIo): Promise<NewAccount> {
  if (grant.refreshToken === undefined) {
    throw new ProxyError('upstream_invalid_response', 'Google gave no refresh token; log in again');
  }
  const token = grant.accessToken;
  const email = await googleEmail(token, io);
  io.progress(`logged in as ${email}; looking for the project that serves it`);
  const wanted = await wantedProjects(token, io);
  const notes: string[] = [];
  const projects = await setUp(wanted.projects, token, notes, io);
  const place = projects.length > 1 ? 'all' : projects[0];
  return {
    recordId: recordId('gemini', email, place),
    fields: {
      type: 'gemini',
      email,
      project_id: projects.join(','),
      auto: wanted.auto,
      checked: true,
      token: tokenMember(grant),
    },
    label: `${email} (${projects.join(', ')})`,
    notes: [`served in the project ${projects.join(', ')}`, ...notes],
  };
}

function tokenMember(grant: GoogleGrant): AccountFields {
  return {
    access_token: grant.accessToken,
    refresh_token: grant.refreshToken,
    token_type: 'Bearer',
    expiry: momentOf(grant.expiresAtMs),
    token_uri: GOOGLE_TOKEN_URL,
    client_id: grant.clientId,
    ...(grant.clientSecret === undefined ? {} : { client_secret: grant.clientSecret }),
    scopes: GOOGLE_SCOPES,
    universe_domain: 'googleapis.com',
  };
}

/** In which of them the account is served; with several wanted, those that are not are left out. */
async function setUp(
  wanted: readonly string[],
  token: string,
  notes: string[],
  io: LoginIo,
): Promise<readonly string[]> {
  const ready: string[] = [];
  for (const name of wanted) {
    const asked = name === PROVIDED ? undefined : name;
    try {
      const { project } = await readyAccount(SERVICE, token, asked, io);
      if (asked !== undefined) await enableGoogleApi(project, 'cloudaicompanion.googleapis.com', token, io);
      if (!ready.includes(project)) ready.push(project);
    } catch (error) {
      if (!(error instanceof ProxyError) || wanted.length === 1 || io.signal.aborted) throw error;
      notes.push(`the project ${name} is left out: ${error.message}`);
    }
  }
  if (ready.length === 0) throw new ProxyError('upstream_forbidden', `no project serves it: ${notes.join('; ')}`);
  return ready;
}

interface Wanted {
  readonly projects: readonly string[];
  /** Nobody chose. */
  readonly auto: boolean;
}

/** As the person said beforehand, or says now; else Google's own, or the first one. */
async function wantedProjects(token: string, io: LoginIo): Promise<Wanted> {
  const said = (io.options['project'] ?? io.options['project_id'] ?? '').trim();
  const listed = await googleProjects(token, io);
  if (said !== '') return { projects: named(said, listed), auto: false };
  if (io.choose === undefined || listed.length === 0) {
    const own = await codeAssistStatus(SERVICE, token, undefined, io);
    const isServed = own.tier !== undefined && own.project !== undefined;
    return { projects: [isServed ? PROVIDED : (listed[0]?.id ?? PROVIDED)], auto: true };
  }
  const choices = [
    ...listed.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` })),
    { value: ALL, label: 'all of them, one after the other' },
    { value: PROVIDED, label: 'one that Google provides' },
  ];
  const chosen = await io.choose('Which Google Cloud project is to be used?', choices);
  return { projects: chosen === PROVIDED ? [PROVIDED] : named(chosen, listed), auto: false };
}

/** Ids with commas between them, or ALL. Throws ProxyError for one that the person does not have. */
function named(text: string, listed: readonly GoogleProject[]): readonly string[] {
  if (text.toUpperCase() === ALL) {
    if (listed.length > 0) return listed.map(({ id }) => id);
    throw new ProxyError('invalid_request', 'Google lists no projects of this account');
  }
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== '');
  const unknown = ids.find((id) => listed.length > 0 && !listed.some((project) => project.id === id));
  if (unknown === undefined) return ids;
  const known = listed.map(({ id }) => id).join(', ');
  throw new ProxyError('invalid_request', `this account has no project "${unknown}", but ${known}`);
}
