/** Codex models over Responses: with a ChatGPT account, or with an API key, then usually at a base URL of the user's. https://developers.openai.com/codex */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';
import { quirks } from './quirks.ts';

export const codex: Manifest = defineProvider({
  id: 'codex',
  label: 'OpenAI Codex',
  kind: 'direct',
  auth: [bearerKey('CODEX_API_KEY')],
  baseUrl: 'https://api.openai.com/v1',
  endpoints: [
    {
      dialect: 'openai-responses',
      path: '/responses',
      countTokensPath: '/responses/input_tokens',
      websocket: 'full',
      keepsResponses: true,
      compactPath: '/responses/compact',
    },
  ],
  quirks,
  signatures: {
    family: 'openai',
    // The encryption belongs to the organisation. Tokens are Fernet: version byte 0x80, then a time in seconds.
    sameAccount: { header: 'openai-organization' },
    prefix: 'gAAAA',
  },
  models,
  modelPrefixes: ['gpt-', 'codex-'],
  account,
  configSection: 'codex-api-key',
});
