/** DeepSeek. https://api-docs.deepseek.com; its Claude endpoint: https://api-docs.deepseek.com/guides/anthropic_api */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const deepseek: Manifest = defineProvider({
  id: 'deepseek',
  label: 'DeepSeek',
  kind: 'direct',
  auth: [bearerKey('DEEPSEEK_API_KEY')],
  baseUrl: 'https://api.deepseek.com',
  endpoints: [
    { dialect: 'openai-chat', path: '/chat/completions' },
    { dialect: 'anthropic-messages', path: '/anthropic/v1/messages' },
  ],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['deepseek-'],
});
