/** Gemini API of Google AI Studio. https://ai.google.dev/api */
import { defineProvider, headerKey, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const gemini: Manifest = defineProvider({
  id: 'gemini',
  label: 'Google Gemini',
  kind: 'direct',
  auth: [headerKey('x-goog-api-key', 'GEMINI_API_KEY', 'GOOGLE_API_KEY')],
  baseUrl: 'https://generativelanguage.googleapis.com',
  endpoints: [
    {
      dialect: 'gemini',
      path: '/v1beta/models/{model}:generateContent',
      streamPath: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
      countTokensPath: '/v1beta/models/{model}:countTokens',
    },
  ],
  models,
  modelPrefixes: ['gemini-'],
  configSection: 'gemini-api-key',
});
