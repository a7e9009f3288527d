/** Fireworks AI: open models. https://docs.fireworks.ai/api-reference/introduction */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const fireworks: Manifest = defineProvider({
  id: 'fireworks',
  label: 'Fireworks AI',
  kind: 'aggregator',
  auth: [bearerKey('FIREWORKS_API_KEY')],
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  endpoints: [
    { dialect: 'openai-chat', path: '/chat/completions' },
    { dialect: 'anthropic-messages', path: '/messages' },
    { dialect: 'openai-responses', path: '/responses' },
  ],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['accounts/'],
});
