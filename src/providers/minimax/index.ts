/** MiniMax; base URL https://api.minimaxi.com in China. https://platform.minimax.io/docs/api-reference/text-intro */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const minimax: Manifest = defineProvider({
  id: 'minimax',
  label: 'MiniMax',
  kind: 'direct',
  auth: [bearerKey('MINIMAX_API_KEY')],
  baseUrl: 'https://api.minimax.io',
  endpoints: [
    { dialect: 'openai-chat', path: '/v1/chat/completions' },
    { dialect: 'anthropic-messages', path: '/anthropic/v1/messages' },
  ],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['MiniMax-'],
});
