/** Google played for the providers whose accounts are Google's: one identity server, Code Assist in two kinds, Vertex AI. */
import { CodeAssist, type CodeAssistKind, type Fields } from './google/code-assist.ts';
import { type GoogleApp, GoogleIdentity, IDENTITY_HOSTS } from './google/identity.ts';
import { Ledger } from './ledger.ts';
import type { AccountVendor } from './vendor.ts';

export { createVertexVendor } from './google/vertex.ts';

/** Google, and what it lets tests set and see. */
export interface GoogleVendor extends AccountVendor {
  readonly identity: GoogleIdentity;
  readonly codeAssist: CodeAssist;
  /** The secret that users have to configure. */
  readonly clientSecret: string;
}

const PROFILE = ['cloud-platform', 'userinfo.email', 'userinfo.profile'];
const PRODUCTION = 'cloudcode-pa.googleapis.com';

const geminiCli: CodeAssistKind = {
  models: ['gemini-2.5-pro', 'gemini-2.5-flash'],
  ideType: 'IDE_UNSPECIFIED',
  members: ['model', 'project', 'user_prompt_id', 'request', 'enabledCreditTypes', 'enabled_credit_types'],
  check: (_envelope, { sessionId }) => (sessionId === undefined ? undefined : 'Unknown name "sessionId"'),
};

const antigravity: CodeAssistKind = {
  models: ['gemini-3-flash', 'claude-sonnet-4-6', 'gemini-3.1-flash-image'],
  ideType: 'ANTIGRAVITY',
  members: ['model', 'project', 'userAgent', 'requestType', 'requestId', 'request', 'enabledCreditTypes'],
  check: antigravityFault,
};

function antigravityFault(envelope: Fields, request: Fields): string | undefined {
  const { model, userAgent, requestType, requestId } = envelope;
  const config = fieldsIn(request, 'generationConfig');
  // Whoever asks, in his own name.
  if (typeof userAgent !== 'string' || userAgent === '' || userAgent === 'antigravity')
    return `userAgent ${String(userAgent)}`;
  if (!['agent', 'image_gen', 'web_search'].includes(String(requestType))) return `requestType ${String(requestType)}`;
  if (typeof requestId !== 'string' || requestId === '') return 'no requestId';
  if (request['session_id'] !== undefined) return 'Unknown name "session_id"';
  if (request['safetySettings'] !== undefined) return 'safetySettings';
  if (!String(model).startsWith('claude'))
    return config['maxOutputTokens'] === undefined ? undefined : 'maxOutputTokens';
  const { mode } = fieldsIn(fieldsIn(request, 'toolConfig'), 'functionCallingConfig');
  return Array.isArray(request['tools']) && mode === undefined ? 'calls are not validated' : undefined;
}

/** Google as Gemini CLI's accounts see it, with nobody logged in. */
export function createGeminiCliVendor(): GoogleVendor {
  return vendor('gemini-cli', 'gemini-2.5-flash', geminiCli, [PRODUCTION], {
    id: '681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com',
    redirect: /^http:\/\/localhost:\d+\/oauth2callback$/,
    scopes: PROFILE,
  });
}

/** Google as Antigravity's accounts see it, with nobody logged in. */
export function createAntigravityVendor(): GoogleVendor {
  return vendor('antigravity', 'gemini-3-flash', antigravity, [`daily-${PRODUCTION}`, PRODUCTION], {
    id: '1071006060591-tmhssin2h21lcre235vtolojh4g403ep.apps.googleusercontent.com',
    redirect: /^http:\/\/localhost:51121\/oauth-callback$/,
    scopes: [...PROFILE, 'cclog', 'experimentsandconfigs'],
  });
}

function vendor(
  provider: string,
  model: string,
  kind: CodeAssistKind,
  hosts: readonly string[],
  app: Omit<GoogleApp, 'secret'>,
): GoogleVendor {
  const ledger = new Ledger();
  const clientSecret = `fake-secret-of-${provider}`;
  const identity = new GoogleIdentity({ ...app, secret: clientSecret }, ledger);
  const codeAssist = new CodeAssist(kind, identity, ledger);
  const variable = `LLMPROXY_OAUTH_${provider.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
  return {
    provider,
    model,
    env: { [variable]: clientSecret },
    hosts: [...IDENTITY_HOSTS, ...hosts],
    ...ledger.members(),
    identity,
    codeAssist,
    clientSecret,
    approve: async (url, who = 'ann') => identity.approve(url, who),
    expireTokens: () => identity.access.endAll(),
    handle: (request, reply) =>
      hosts.includes(request.host) ? codeAssist.handle(request, reply) : identity.handle(request, reply),
  };
}

function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
