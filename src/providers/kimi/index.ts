/** Kimi Code by Moonshot AI. https://www.kimi.com/code/docs */
import { kimiChat, kimiMessages } from '../../envelopes/kimi.ts';
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';

export const kimi: Manifest = defineProvider({
  id: 'kimi',
  label: 'Kimi Code',
  kind: 'direct',
  auth: [bearerKey('KIMI_API_KEY')],
  baseUrl: 'https://api.kimi.com/coding',
  endpoints: [
    { dialect: 'openai-chat', path: '/v1/chat/completions', envelope: kimiChat },
    {
      dialect: 'anthropic-messages',
      path: '/v1/messages',
      countTokensPath: '/v1/messages/count_tokens',
      envelope: kimiMessages,
    },
  ],
  quirks: { thinkingObject: true, noCustomTools: true },
  reasoningFamily: 'kimi',
  models,
  modelPrefixes: ['kimi-'],
  account,
});
