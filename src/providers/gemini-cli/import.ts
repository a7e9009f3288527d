/** Taking over the login of Gemini CLI on this machine. https://github.com/google-gemini/gemini-cli */
import { join } from 'node:path';
import { GOOGLE_TOKEN_URL } from '../../auth/google/google-account.ts';
import type { AccountImport, ImportedFile, ImportPlaces, LoginIo, NewAccount } from '../../auth/login.ts';
import { refreshTokens } from '../../auth/oauth-refresh.ts';
import { isVendorFields, type VendorFields, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import { type GoogleGrant, newAccount } from './login.ts';
import { CLIENT } from './record.ts';

const LOGIN_FILE = 'oauth_creds.json';
/** Where package managers put programs, below their own folders. */
const PACKAGE = ['node_modules', '@google', 'gemini-cli'];
/** A token that ends sooner is renewed first. */
const SOON_MS = 60_000;

/** What Gemini CLI keeps in `~/.gemini`, and the program itself: its code names the app that the login was given to. */
export const geminiCliLogin: AccountImport = {
  id: 'gemini-cli',
  label: 'Gemini CLI',
  files: (places) => [join(homeOf(places), LOGIN_FILE)],
  program: { files: programFiles, words: 'OAUTH_CLIENT_SECRET = ' },
  async read(files, io) {
    const file = files.find(({ path }) => path.endsWith(LOGIN_FILE));
    if (file === undefined) return [];
    const kept = parsed(file);
    const refreshToken = vendorText(kept['refresh_token']);
    if (refreshToken === undefined) throw new ProxyError('invalid_request', `${file.path} holds no refresh token`);
    return [await taken(kept, refreshToken, clientIn(files, io), io)];
  },
};

interface InstalledClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

async function taken(
  kept: VendorFields,
  refreshToken: string,
  client: InstalledClient,
  io: LoginIo,
): Promise<NewAccount> {
  const accessToken = vendorText(kept['access_token']);
  const endsAtMs = vendorNumber(kept['expiry_date']) ?? 0;
  if (accessToken !== undefined && endsAtMs > io.now() + SOON_MS) {
    return newAccount({ accessToken, refreshToken, expiresAtMs: endsAtMs, ...client }, io);
  }
  return newAccount({ ...(await renewed(refreshToken, client, io)), ...client }, io);
}

async function renewed(
  refreshToken: string,
  { clientId, clientSecret }: InstalledClient,
  io: LoginIo,
): Promise<Omit<GoogleGrant, 'clientId'>> {
  const grant = { url: GOOGLE_TOKEN_URL, clientId, clientSecret, encoding: 'form' } as const;
  const nowMs = io.now();
  const { fetch, signal } = io;
  const fields = await refreshTokens({ refresh_token: refreshToken }, grant, { fetch, signal, nowMs });
  return {
    accessToken: vendorText(fields['access_token']) ?? '',
    refreshToken: vendorText(fields['refresh_token']) ?? refreshToken,
    expiresAtMs: Date.parse(vendorText(fields['expired']) ?? '') || nowMs,
  };
}

/** The app that the login belongs to: as the user configured it, else as the installed program names it. */
function clientIn(files: readonly ImportedFile[], io: LoginIo): InstalledClient {
  const { id = CLIENT.clientId, secret } = io.client ?? {};
  if (secret !== undefined) return { clientId: id, clientSecret: secret };
  for (const { path, text } of files) {
    if (!path.endsWith('.js')) continue;
    const clientId = constantIn(text, 'OAUTH_CLIENT_ID');
    const clientSecret = constantIn(text, 'OAUTH_CLIENT_SECRET');
    if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  }
  throw new ProxyError(
    'invalid_config',
    'the login of Gemini CLI can be renewed only with the secret of its app, and no installed Gemini CLI was found: install it (npm install -g @google/gemini-cli), or set oauth-clients.gemini-cli.secret',
  );
}

function constantIn(code: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*["']([^"'\\s]{8,200})["']`).exec(code)?.[1];
}

function homeOf({ home, env }: ImportPlaces): string {
  return join(env['GEMINI_CLI_HOME'] ?? home, '.gemini');
}

function programFiles({ home, env, platform }: ImportPlaces): readonly string[] {
  const isWindows = platform === 'win32';
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(isWindows ? ';' : ':').filter((folder) => folder !== '');
  const roots = isWindows
    ? [join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'npm'), ...onPath]
    : [
        ...onPath.filter((folder) => folder.endsWith('/bin')).map((folder) => join(folder, '..', 'lib')),
        '/usr/local/lib',
        '/usr/lib',
        '/opt/homebrew/lib',
        '/opt/homebrew/opt/gemini-cli/libexec/lib',
        '/home/linuxbrew/.linuxbrew/opt/gemini-cli/libexec/lib',
        join(home, '.npm-global', 'lib'),
        join(home, '.local', 'lib'),
      ];
  return [...new Set(roots)].flatMap((root) => {
    const program = join(root, ...PACKAGE);
    return [
      join(program, 'bundle', '*.js'),
      join(program, 'node_modules', '@google', 'gemini-cli-core', 'dist', 'src', 'code_assist', 'oauth2.js'),
    ];
  });
}

function parsed({ path, text }: ImportedFile): VendorFields {
  try {
    const value: unknown = JSON.parse(text);
    if (isVendorFields(value)) return value;
  } catch {
    // As below: the text holds tokens, and must not be in the error.
  }
  throw new ProxyError('invalid_request', `${path} is no JSON object`);
}
