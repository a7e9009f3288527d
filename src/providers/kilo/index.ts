/** Kilo Gateway. https://kilo.ai/docs/gateway */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const kilo: Manifest = defineProvider({
  id: 'kilo',
  label: 'Kilo Gateway',
  kind: 'aggregator',
  auth: [bearerKey('KILO_API_KEY', 'KILOCODE_API_KEY')],
  baseUrl: 'https://api.kilo.ai/api/gateway',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: { forwardHeaders: ['x-kilocode-organizationid'] },
  models,
  modelPrefixes: ['kilo/'],
  account,
});
