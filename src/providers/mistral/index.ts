/** Mistral AI. https://docs.mistral.ai/api */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const mistral: Manifest = defineProvider({
  id: 'mistral',
  label: 'Mistral AI',
  kind: 'direct',
  auth: [bearerKey('MISTRAL_API_KEY')],
  baseUrl: 'https://api.mistral.ai/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: {
    maxTokensField: 'max_tokens',
    noDeveloperRole: true,
    // Assistant messages with an unknown field are a 422 as well.
    reasoningField: 'none',
    noCustomTools: true,
    // Usage comes in the last chunk unasked; the option is answered with 422.
    noStreamOptions: true,
    // Strict schema: an unknown field is a 422 ("Extra inputs are not permitted").
    rejects: ['logit_bias', 'logprobs', 'top_logprobs', 'seed', 'service_tier', 'store', 'user', 'verbosity'],
  },
  models,
  modelPrefixes: [
    'mistral-',
    'magistral-',
    'codestral-',
    'devstral-',
    'ministral-',
    'pixtral-',
    'open-mistral-',
    'open-mixtral-',
  ],
});
