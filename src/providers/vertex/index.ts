/** Vertex AI with an API key (express mode) or a service account. https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview */
import { defineProvider, headerKey, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const vertex: Manifest = defineProvider({
  id: 'vertex',
  label: 'Google Vertex AI',
  kind: 'direct',
  auth: [headerKey('x-goog-api-key', 'VERTEX_API_KEY', 'GOOGLE_VERTEX_API_KEY')],
  baseUrl: 'https://aiplatform.googleapis.com',
  endpoints: [
    {
      dialect: 'gemini',
      path: '/v1/publishers/google/models/{model}:generateContent',
      streamPath: '/v1/publishers/google/models/{model}:streamGenerateContent?alt=sse',
      countTokensPath: '/v1/publishers/google/models/{model}:countTokens',
      countTokensFlat: true,
    },
  ],
  // The same models as Google's other API, with the same signatures.
  signatures: { family: 'gemini' },
  models,
  modelPrefixes: ['gemini-'],
  configSection: 'vertex-api-key',
  account,
});
