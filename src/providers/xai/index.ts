/** xAI Grok. https://docs.x.ai/docs/api-reference */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const xai: Manifest = defineProvider({
  id: 'xai',
  label: 'xAI Grok',
  kind: 'direct',
  auth: [bearerKey('XAI_API_KEY')],
  baseUrl: 'https://api.x.ai/v1',
  endpoints: [
    { dialect: 'openai-chat', path: '/chat/completions' },
    {
      dialect: 'openai-responses',
      path: '/responses',
      websocket: 'no-warm-up',
      keepsResponses: true,
      compactPath: '/responses/compact',
    },
  ],
  quirks: {
    promptCacheKey: { 'openai-chat': 'x-grok-conv-id', 'openai-responses': 'prompt_cache_key' },
    // Others answer 422: https://docs.x.ai/developers/tools/overview
    noCustomTools: true,
    plainTools: [
      'web_search',
      'x_search',
      'code_interpreter',
      'code_execution',
      'file_search',
      'collections_search',
      'mcp',
    ],
    // The first three: 400 from every reasoning model. The others: unknown to its Responses endpoint.
    rejects: ['presence_penalty', 'frequency_penalty', 'stop', 'prompt_cache_retention', 'safety_identifier'],
  },
  // OpenAI's dialects, but not its levels: what Grok lacks is moved to the nearest it has.
  reasoningFamily: 'xai',
  models,
  modelPrefixes: ['grok-'],
  account,
  configSection: 'xai-api-key',
});
