/** Codex models over Responses with an API key, usually at a base URL of the user's. https://developers.openai.com/codex */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const codex: Manifest = defineProvider({
  id: 'codex',
  label: 'Codex (API key)',
  kind: 'direct',
  auth: [bearerKey('CODEX_API_KEY')],
  baseUrl: 'https://api.openai.com/v1',
  endpoints: [{ dialect: 'openai-responses', path: '/responses' }],
  quirks: {
    forwardHeaders: [
      'originator',
      'session-id',
      'session_id',
      'thread-id',
      'user-agent',
      'version',
      'x-client-request-id',
      'x-codex-*',
    ],
  },
  models,
  modelPrefixes: ['gpt-', 'codex-'],
  configSection: 'codex-api-key',
});
