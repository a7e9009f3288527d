/** Codex models over Responses with an API key, usually at a base URL of the user's. https://developers.openai.com/codex */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const codex: Manifest = defineProvider({
  id: 'codex',
  label: 'Codex (API key)',
  kind: 'direct',
  auth: [bearerKey('CODEX_API_KEY')],
  baseUrl: 'https://api.openai.com/v1',
  endpoints: [
    {
      dialect: 'openai-responses',
      path: '/responses',
      countTokensPath: '/responses/input_tokens',
      websocket: 'full',
      keepsResponses: true,
      compactPath: '/responses/compact',
    },
  ],
  quirks: {
    promptCacheKey: { 'openai-responses': 'prompt_cache_key' },
    forwardHeaders: [
      'originator',
      'session-id',
      'session_id',
      'thread-id',
      'user-agent',
      'version',
      'x-client-request-id',
      'x-codex-*',
      // The client's word for a shorter form of the protocol, after which its body is made.
      'x-openai-internal-codex-responses-lite',
    ],
  },
  signatures: {
    family: 'openai',
    // The encryption belongs to the organisation. Tokens are Fernet: version byte 0x80, then a time in seconds.
    sameAccount: { header: 'openai-organization' },
    prefix: 'gAAAA',
  },
  models,
  modelPrefixes: ['gpt-', 'codex-'],
  configSection: 'codex-api-key',
});
