import { expect, it } from 'vitest';
import { resourceBaseUrl } from './resource-url.ts';

it.each([
  [undefined, 'https://dashscope.aliyuncs.com/compatible-mode/v1'],
  ['portal.qwen.ai', 'https://portal.qwen.ai/v1'],
  ['portal.qwen.ai/', 'https://portal.qwen.ai/v1'],
  ['portal.qwen.ai/v1', 'https://portal.qwen.ai/v1'],
  ['https://portal.qwen.ai/v1/', 'https://portal.qwen.ai/v1'],
  ['https://x.aliyuncs.com/compatible-mode', 'https://x.aliyuncs.com/compatible-mode/v1'],
  ['http://portal.qwen.ai', 'https://portal.qwen.ai/v1'],
  ['http://127.0.0.1:9/v1', 'http://127.0.0.1:9/v1'],
  ['https://user@portal.qwen.ai', 'https://dashscope.aliyuncs.com/compatible-mode/v1'],
  ['not a host', 'https://dashscope.aliyuncs.com/compatible-mode/v1'],
])('%s means %s', (resource, url) => expect(resourceBaseUrl(resource)).toBe(url));
