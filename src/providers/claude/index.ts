/** Anthropic's own Claude API. https://docs.claude.com/en/api/overview */
import { defineProvider, headerKey, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const claude: Manifest = defineProvider({
  id: 'claude',
  label: 'Anthropic Claude',
  kind: 'direct',
  // Servers that copy this API under another address take bearer tokens.
  auth: [{ ...headerKey('x-api-key', 'ANTHROPIC_API_KEY', 'CLAUDE_API_KEY'), foreignHeader: { type: 'bearer' } }],
  baseUrl: 'https://api.anthropic.com',
  endpoints: [{ dialect: 'anthropic-messages', path: '/v1/messages', countTokensPath: '/v1/messages/count_tokens' }],
  headers: { 'anthropic-version': '2023-06-01' },
  quirks: {
    forwardHeaders: [
      'anthropic-beta',
      'anthropic-version',
      'user-agent',
      'x-anthropic-additional-protection',
      'x-app',
      'x-claude-code-*',
      'x-claude-remote-*',
      'x-client-app',
      'x-client-request-id',
    ],
  },
  models,
  modelPrefixes: ['claude-'],
  account,
  configSection: 'claude-api-key',
});
