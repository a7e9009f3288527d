/** https://cloud.siliconflow.cn/models */
import type { ModelInfo } from '../../models/model-info.ts';
import { openModel } from '../provider.ts';

export const models: readonly ModelInfo[] = [
  openModel('deepseek-ai/DeepSeek-V3.1'),
  openModel('deepseek-ai/DeepSeek-R1'),
  openModel('moonshotai/Kimi-K2-Instruct-0905'),
  openModel('Qwen/Qwen3-235B-A22B-Instruct-2507'),
  openModel('Qwen/Qwen3-Coder-480B-A35B-Instruct'),
  openModel('zai-org/GLM-4.6'),
];
