import { z } from 'zod';
import { field, type Shape, section, whole } from './field.ts';

/** Where state of credentials is kept. */
export interface StateStoreConfig {
  readonly file: string;
  readonly 'max-entries': number;
}

/** What outlives the process, and how tokens are kept fresh. */
export interface StateConfig {
  readonly 'state-store': StateStoreConfig;
  readonly 'save-cooldown-status': boolean;
  readonly 'auth-auto-refresh-workers': number;
}

/** Keys of state and of tokens. */
export const stateShape: Shape<StateConfig> = {
  'state-store': field(
    section<StateStoreConfig>({
      file: field(
        z.string().trim().default('~/.llmproxy/state.sqlite'),
        'now',
        'SQLite file, created when there is something to keep. ~ is the home directory. Empty: in memory only, gone at the end.',
      ),
      'max-entries': field(
        whole(100, 10_000_000).default(50_000),
        'now',
        'The most entries of each kind that are kept; beyond that those that end first go.',
      ),
    }),
    'now',
    'Cooldowns, quota windows, conversations bound to accounts, and counts, kept over a restart.',
  ),
  'save-cooldown-status': field(z.boolean().default(true), 'now', 'Keep cooldowns over a restart.'),
  'auth-auto-refresh-workers': field(
    whole(0, 1024).default(16),
    'now',
    'Tokens of accounts that are renewed at the same time; 0 means 16.',
  ),
};
