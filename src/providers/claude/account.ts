import { refreshTokens } from '../../auth/oauth-refresh.ts';
import type { AccountRules } from '../provider.ts';

const HOUR_MS = 60 * 60_000;

/** Logins with a Claude plan. https://docs.claude.com/en/docs/claude-code/iam */
export const account: AccountRules = {
  types: ['claude'],
  header: { type: 'bearer' },
  // Tokens of a login are refused without it.
  headers: { 'anthropic-beta': 'oauth-2025-04-20' },
  refreshLeadMs: 4 * HOUR_MS,
  refresh: (fields, io) =>
    refreshTokens(
      fields,
      {
        url: 'https://platform.claude.com/v1/oauth/token',
        clientId: '9d1c250a-e61b-44d9-88ed-5944d1962f5e',
        encoding: 'json',
      },
      io,
    ),
};
