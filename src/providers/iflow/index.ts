/** iFlow, a reseller of open models that closed on 2026-04-17. */
import { iflow as envelope } from '../../envelopes/iflow.ts';
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const iflow: Manifest = defineProvider({
  id: 'iflow',
  label: 'iFlow',
  kind: 'aggregator',
  auth: [bearerKey('IFLOW_API_KEY')],
  baseUrl: 'https://apis.iflow.cn/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions', envelope }],
  quirks: { noCustomTools: true, noDeveloperRole: true },
  models,
  account,
});
