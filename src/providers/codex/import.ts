import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AccountImport, NewAccount } from '../../auth/login.ts';
import { isVendorFields, vendorText } from '../../auth/vendor-api.ts';
import { invalidRequest } from '../../errors.ts';
import { codexAccount } from './login.ts';

/** The login of OpenAI's Codex: `auth.json` under `~/.codex`, or under `CODEX_HOME`. */
export const codexImport: AccountImport = {
  id: 'codex',
  label: 'Codex',
  files: ({ home, env }) => [join(env['CODEX_HOME'] ?? join(home, '.codex'), 'auth.json')],
  read: async (files) => files.flatMap(({ path, text }) => readLogin(path, text)),
};

/** Codex may have been logged in with ChatGPT, with a key, or (older ones) with a key made at a ChatGPT login. */
function readLogin(path: string, text: string): NewAccount[] {
  const file = parse(text);
  if (file === undefined) throw invalidRequest(path, 'is no login of Codex: expected a JSON object');
  const key = vendorText(file['OPENAI_API_KEY']);
  const tokens = isVendorFields(file['tokens']) ? file['tokens'] : {};
  const login = vendorText(tokens['access_token']) === undefined ? [] : [fromTokens(tokens, file['last_refresh'])];
  return key === undefined ? login : [...login, fromKey(key)];
}

function fromTokens(tokens: Readonly<Record<string, unknown>>, lastRefresh: unknown): NewAccount {
  const names = ['id_token', 'access_token', 'refresh_token', 'account_id'];
  const kept = names.flatMap((name) => {
    const value = vendorText(tokens[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const account = codexAccount({
    ...Object.fromEntries(kept),
    ...(vendorText(lastRefresh) === undefined ? {} : { last_refresh: lastRefresh }),
  });
  return {
    ...account,
    notes: [
      ...(account.notes ?? []),
      'Codex and llmproxy now share one refresh token, which works once: whoever renews it first logs the other out. Log in again in one of them.',
    ],
  };
}

function fromKey(key: string): NewAccount {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    recordId: `codex-key-${hash}.json`,
    fields: { type: 'codex', auth_kind: 'api_key', api_key: key },
    label: 'OpenAI API key of Codex',
    notes: ['It is billed as an API key, not to the ChatGPT plan.'],
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isVendorFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
