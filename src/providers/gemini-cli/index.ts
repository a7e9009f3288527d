/** Gemini Code Assist, as Gemini CLI uses it; by login only. https://github.com/google-gemini/gemini-cli */
import { codeAssist } from '../../envelopes/code-assist.ts';
import { defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { SERVICE } from './login.ts';
import { models } from './models.ts';

export const geminiCli: Manifest = defineProvider({
  id: 'gemini-cli',
  label: 'Gemini Code Assist',
  kind: 'direct',
  auth: [],
  baseUrl: SERVICE.baseUrl,
  endpoints: [
    {
      dialect: 'gemini',
      path: '/v1internal:generateContent',
      streamPath: '/v1internal:streamGenerateContent?alt=sse',
      countTokensPath: '/v1internal:countTokens',
      countTokensFlat: true,
      envelope: codeAssist,
    },
  ],
  // What Gemini CLI says of itself.
  quirks: { forwardHeaders: ['x-goog-api-client', 'client-metadata'] },
  // The same models as Google's other APIs, with the same signatures.
  signatures: { family: 'gemini' },
  models,
  account,
});
