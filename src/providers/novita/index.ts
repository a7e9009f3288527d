/** Novita AI: open models. https://novita.ai/docs/api-reference/model-apis-llm-create-chat-completion */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const novita: Manifest = defineProvider({
  id: 'novita',
  label: 'Novita AI',
  kind: 'aggregator',
  auth: [bearerKey('NOVITA_API_KEY')],
  baseUrl: 'https://api.novita.ai/openai/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['zai-org/'],
});
