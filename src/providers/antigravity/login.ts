/** Logging in with Google, as https://developers.google.com/identity/protocols/oauth2/native-app has it. */
import { type CodeAssistService, type Credits, readyAccount } from '../../auth/google/code-assist-account.ts';
import {
  GOOGLE_AUTHORIZE_URL,
  GOOGLE_SCOPES,
  GOOGLE_TOKEN_URL,
  googleEmail,
  googleScope,
} from '../../auth/google/google-account.ts';
import type { AccountFields, BrowserLogin } from '../../auth/login.ts';
import { browserLogin } from '../../auth/oauth-pkce.ts';
import { recordId } from '../../auth/record-id.ts';

/** The app that Antigravity is at Google; its secret is not part of llmproxy. */
export const CLIENT = {
  provider: 'antigravity',
  clientId: '1071006060591-tmhssin2h21lcre235vtolojh4g403ep.apps.googleusercontent.com',
  needsSecret: true,
} as const;

/** Where requests go first, and where when that fails. */
export const DAILY_URL = 'https://daily-cloudcode-pa.googleapis.com';
export const PRODUCTION_URL = 'https://cloudcode-pa.googleapis.com';

/** Code Assist, as Antigravity asks it. */
export const SERVICE: CodeAssistService = {
  baseUrl: DAILY_URL,
  metadata: { ideType: 'ANTIGRAVITY' },
  usualTier: 'free-tier',
  attempts: 5,
  waitMs: 2000,
};

/** The login with the browser. */
export const login: BrowserLogin = browserLogin({
  ...CLIENT,
  id: 'browser',
  label: 'with Google in the browser',
  callback: { host: 'localhost', port: 51_121, path: '/oauth-callback' },
  authorizeUrl: GOOGLE_AUTHORIZE_URL,
  tokenUrl: GOOGLE_TOKEN_URL,
  scopes: [...GOOGLE_SCOPES, googleScope('cclog'), googleScope('experimentsandconfigs')],
  // Without them there is no refresh token, or only at the very first login.
  authorizeParams: { access_type: 'offline', prompt: 'consent' },
  encoding: 'form',
  async toAccount({ accessToken, fields, body }, io) {
    const email = await googleEmail(accessToken, io);
    io.progress(`logged in as ${email}; looking for the project that serves it`);
    const { project, status } = await readyAccount(SERVICE, accessToken, undefined, io);
    return {
      recordId: recordId('antigravity', email),
      fields: {
        type: 'antigravity',
        ...fields,
        ...timesOf(body['expires_in'], io.now()),
        email,
        project_id: project,
        ...creditFields(status.credits),
      },
      label: email,
      notes: [
        `served in the project ${project}${status.plan === undefined ? '' : `, plan ${status.plan}`}`,
        ...status.credits.map(({ type, amount }) => `${amount} credits (${type})`),
      ],
    };
  },
});

/** As the reference writes them, beside `expired`. */
export function timesOf(expiresIn: unknown, nowMs: number): AccountFields {
  const seconds = Number(expiresIn);
  return seconds > 0 ? { expires_in: seconds, timestamp: nowMs } : {};
}

/** What is kept of an account's credits: a hint whether it makes sense to spend them. */
export function creditFields(credits: readonly Credits[]): AccountFields {
  return { available_credits: credits.map(({ type, amount, minimum }) => ({ type, amount, minimum })) };
}
