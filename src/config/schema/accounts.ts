import { z } from 'zod';
import { field, type Shape, section } from './field.ts';

/** Where logged-in accounts lie when the configuration does not say. */
export const DEFAULT_AUTH_DIR = '~/.llmproxy/auths';

/** Where logged-in accounts lie, and how. */
export interface AccountsConfig {
  readonly 'auth-dir': string;
  readonly 'auth-encryption': { readonly 'key-file': string };
}

/** Keys of the directory of accounts. */
export const accountsShape: Shape<AccountsConfig> = {
  'auth-dir': field(
    z
      .string()
      .trim()
      .transform((text) => (text === '' ? DEFAULT_AUTH_DIR : text))
      .default(DEFAULT_AUTH_DIR),
    'now',
    "Directory of logged-in accounts, one JSON file each; a directory of CLIProxyAPI's works as it is. ~ is the home directory.",
  ),
  'auth-encryption': field(
    section<AccountsConfig['auth-encryption']>({
      'key-file': field(
        z.string().trim().default(''),
        'now',
        'File with the key that encrypts account files, made by llmproxy keys new. LLMPROXY_SECRET_KEY and LLMPROXY_SECRET_KEY_FILE come first. Empty: they are not encrypted.',
      ),
    }),
    'now',
    'Encryption of account files.',
  ),
};
