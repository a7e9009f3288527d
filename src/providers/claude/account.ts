import { refreshTokens } from '../../auth/oauth-refresh.ts';
import type { AccountRules } from '../provider.ts';
import { claudeCodeImport } from './import.ts';
import { CLIENT_ID, logins, TOKEN_URL } from './login.ts';
import { askUsage, OAUTH_BETA } from './profile.ts';

const HOUR_MS = 60 * 60_000;

/** Logins with a Claude plan. https://docs.claude.com/en/docs/claude-code/iam */
export const account: AccountRules = {
  types: ['claude'],
  recordName: 'claude-<e-mail>.json',
  header: { type: 'bearer' },
  headers: { 'anthropic-beta': OAUTH_BETA },
  refreshLeadMs: 4 * HOUR_MS,
  // Without scopes: a login that was taken over may have fewer than one of ours.
  refresh: (fields, io) => refreshTokens(fields, { url: TOKEN_URL, clientId: CLIENT_ID, encoding: 'json' }, io),
  logins,
  imports: [claudeCodeImport],
  notices: [
    "Your own Claude plan is used, under Anthropic's terms and the limits of the plan; do not share it with others.",
    'Anthropic may refuse plan logins to programs that are not its own, and bill or block them: an API key has no such limits.',
    'Requests say that llmproxy sends them; nothing of Claude Code is imitated.',
  ],
  quota: askUsage,
};
