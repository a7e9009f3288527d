/** OpenAI's own API: Chat Completions and Responses. https://platform.openai.com/docs/api-reference */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const openai: Manifest = defineProvider({
  id: 'openai',
  label: 'OpenAI',
  kind: 'direct',
  auth: [bearerKey('OPENAI_API_KEY')],
  baseUrl: 'https://api.openai.com',
  endpoints: [
    { dialect: 'openai-chat', path: '/v1/chat/completions' },
    { dialect: 'openai-responses', path: '/v1/responses' },
  ],
  quirks: {
    // Reasoning models answer `max_tokens` with 400; the others take either.
    maxTokensField: 'max_completion_tokens',
    // Chat takes no reasoning text back.
    reasoningField: 'none',
    forwardHeaders: ['openai-organization', 'openai-project'],
  },
  models,
  modelPrefixes: ['gpt-', 'chatgpt-', 'o1', 'o3', 'o4', 'codex-'],
});
