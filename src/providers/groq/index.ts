/** Groq: open models on LPU hardware. https://console.groq.com/docs/openai */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const groq: Manifest = defineProvider({
  id: 'groq',
  label: 'Groq',
  kind: 'aggregator',
  auth: [bearerKey('GROQ_API_KEY')],
  baseUrl: 'https://api.groq.com/openai/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: {
    maxTokensField: 'max_completion_tokens',
    noCustomTools: true,
    reasoningField: 'reasoning',
    // Answered with 400 when present.
    rejects: ['logprobs', 'logit_bias', 'top_logprobs'],
  },
  models,
});
