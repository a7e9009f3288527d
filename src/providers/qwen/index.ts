/** Qwen by Alibaba: DashScope by API key; accounts of Qwen Code, which the vendor closed. https://help.aliyun.com/zh/model-studio */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { account } from './account.ts';
import { models } from './models.ts';
import { DASHSCOPE } from './resource-url.ts';

export const qwen: Manifest = defineProvider({
  id: 'qwen',
  label: 'Qwen',
  kind: 'direct',
  auth: [bearerKey('DASHSCOPE_API_KEY')],
  baseUrl: DASHSCOPE,
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  // The free allowance of accounts is that of a day in China.
  quirks: { noCustomTools: true, noDeveloperRole: true, freshAtMidnightOf: 8 },
  models,
  modelPrefixes: ['qwen-', 'qwen2', 'qwen3', 'qwq-'],
  account,
});
