/** OpenAI's own API: Chat Completions and Responses. https://platform.openai.com/docs/api-reference */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const openai: Manifest = defineProvider({
  id: 'openai',
  label: 'OpenAI',
  kind: 'direct',
  auth: [bearerKey('OPENAI_API_KEY')],
  baseUrl: 'https://api.openai.com/v1',
  endpoints: [
    { dialect: 'openai-chat', path: '/chat/completions' },
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
    // Clients of other dialects send it; the API answers 400.
    rejects: ['top_k'],
    // Reasoning models answer `max_tokens` with 400; the others take either.
    maxTokensField: 'max_completion_tokens',
    // Chat takes no reasoning text back.
    reasoningField: 'none',
    promptCacheKey: { 'openai-chat': 'prompt_cache_key', 'openai-responses': 'prompt_cache_key' },
    forwardHeaders: ['openai-organization', 'openai-project'],
  },
  signatures: {
    family: 'openai',
    // The encryption belongs to the organisation. Tokens are Fernet: version byte 0x80, then a time in seconds.
    sameAccount: { header: 'openai-organization' },
    prefix: 'gAAAA',
  },
  models,
  modelPrefixes: ['gpt-', 'chatgpt-', 'o1', 'o3', 'o4', 'codex-'],
});
