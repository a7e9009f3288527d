/** SiliconFlow: open models; base URL https://api.siliconflow.com/v1 outside China. https://docs.siliconflow.cn */
import { bearerKey, defineProvider, type Manifest } from '../provider.ts';
import { models } from './models.ts';

export const siliconflow: Manifest = defineProvider({
  id: 'siliconflow',
  label: 'SiliconFlow',
  kind: 'aggregator',
  auth: [bearerKey('SILICONFLOW_API_KEY')],
  baseUrl: 'https://api.siliconflow.cn/v1',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  quirks: { maxTokensField: 'max_tokens', noDeveloperRole: true, noCustomTools: true },
  models,
  modelPrefixes: ['deepseek-ai/', 'Qwen/', 'zai-org/', 'THUDM/', 'Pro/'],
});
