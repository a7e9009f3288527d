/** Google Antigravity: models of three makers on one plan; by login only. https://antigravity.google */
import { antigravityCodeAssist } from '../../envelopes/code-assist.ts';
import { defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { SERVICE } from './login.ts';
import { models } from './models.ts';

const limits: ReadonlyMap<string, number | undefined> = new Map(
  models.map((model) => [model.id, model.maxOutputTokens]),
);

export const antigravity: Manifest = defineProvider({
  id: 'antigravity',
  label: 'Google Antigravity',
  kind: 'aggregator',
  auth: [],
  baseUrl: SERVICE.baseUrl,
  endpoints: [
    {
      dialect: 'gemini',
      path: '/v1internal:generateContent',
      streamPath: '/v1internal:streamGenerateContent?alt=sse',
      countTokensPath: '/v1internal:countTokens',
      countTokensFlat: true,
      envelope: antigravityCodeAssist({ userAgent: 'llmproxy', maxOutputTokens: (model) => limits.get(model) }),
    },
  ],
  models,
  account,
});
