/** Together AI: open models. https://docs.together.ai/reference/chat-completions-1 */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const together: Manifest = defineProvider({
  id: 'together',
  label: 'Together AI',
  kind: 'aggregator',
  auth: [bearerKey('TOGETHER_API_KEY')],
  baseUrl: 'https://api.together.xyz/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['deepseek-ai/', 'meta-llama/', 'Qwen/', 'zai-org/'],
});
