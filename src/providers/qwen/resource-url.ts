/** The address of API keys, and of accounts that name no other. */
export const DASHSCOPE = 'https://dashscope.aliyuncs.com/compatible-mode/v1';

/**
 * The base URL that a login's `resource_url` means: `portal.qwen.ai` as well as `https://portal.qwen.ai/v1/`. A token
 * goes over no open line, except on this machine.
 */
export function resourceBaseUrl(resource: string | undefined): string {
  if (resource === undefined) return DASHSCOPE;
  const url = URL.parse(/^https?:\/\//i.test(resource) ? resource : `https://${resource}`);
  if (url === null || url.username !== '') return DASHSCOPE;
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const path = url.pathname.replace(/\/+$/, '');
  return `${isLoopback ? url.protocol : 'https:'}//${url.host}${path.endsWith('/v1') ? path : `${path}/v1`}`;
}
