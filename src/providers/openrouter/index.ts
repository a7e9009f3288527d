/** OpenRouter: many makers behind one key. https://openrouter.ai/docs/api-reference/overview */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const openrouter: Manifest = defineProvider({
  id: 'openrouter',
  label: 'OpenRouter',
  kind: 'aggregator',
  auth: [bearerKey('OPENROUTER_API_KEY')],
  baseUrl: 'https://openrouter.ai/api/v1',
  endpoints: [
    { dialect: 'openai-chat', path: '/chat/completions' },
    { dialect: 'anthropic-messages', path: '/messages' },
    { dialect: 'openai-responses', path: '/responses' },
  ],
  quirks: {
    reasoningField: 'reasoning',
    reasoningObject: true,
    noCustomTools: true,
    forwardHeaders: ['http-referer', 'x-title'],
  },
  models,
  modelPrefixes: [
    'openrouter/',
    'anthropic/',
    'openai/',
    'google/',
    'meta-llama/',
    'deepseek/',
    'mistralai/',
    'moonshotai/',
    'qwen/',
    'x-ai/',
    'z-ai/',
    'minimax/',
    'nvidia/',
    'amazon/',
    'cohere/',
    'microsoft/',
    'nousresearch/',
    'perplexity/',
  ],
});
