/** Roo Code Cloud router. https://docs.roocode.com/roo-code-cloud/overview */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const roocode: Manifest = defineProvider({
  id: 'roocode',
  label: 'Roo Code Cloud',
  kind: 'aggregator',
  auth: [bearerKey('ROO_API_KEY', 'ROOCODE_API_KEY')],
  baseUrl: 'https://api.roocode.com/proxy/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: { noDeveloperRole: true },
  models,
  modelPrefixes: ['roo/'],
});
