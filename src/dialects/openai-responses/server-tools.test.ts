import { describe, expect, test } from 'vitest';
import type { JsonObject, ServerToolPart } from '../../ir/index.ts';
import { decodeServerTool, serverToolItem, serverToolPrefix } from './server-tools.ts';

const url = 'https://a.test';

describe('what the provider ran', () => {
  test.each<[JsonObject, object]>([
    [{ type: 'web_search_call', id: 'ws_1' }, { tool: 'web-search' }],
    [{ type: 'web_search_call', id: 'ws_1', action: 'x' }, { tool: 'web-search' }],
    [
      { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'q' } },
      { tool: 'web-search', queries: ['q'] },
    ],
    [
      { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: '', queries: ['a', '', 7, null, 'b'] } },
      { tool: 'web-search', queries: ['a', 'b'] },
    ],
    [
      { type: 'web_search_call', id: 'ws_1', action: { query: '', sources: [{ url }, { url: '' }, {}, 7] } },
      { tool: 'web-search', results: [{ url }] },
    ],
    [
      { type: 'web_search_call', id: 'ws_1', action: { type: 'open_page', url } },
      { tool: 'url-context', urls: [url] },
    ],
    [
      { type: 'web_search_call', id: 'ws_1', action: { type: 'find_in_page', url, pattern: 'x' } },
      { tool: 'url-context', urls: [url] },
    ],
    [
      { type: 'code_interpreter_call', id: 'ci_1', code: '1+1' },
      { tool: 'code-execution', language: 'python', code: '1+1' },
    ],
    [
      {
        type: 'code_interpreter_call',
        id: 'ci_1',
        outputs: [
          { type: 'logs', logs: '2' },
          { type: 'image', url },
          { type: 'logs', logs: '3' },
        ],
      },
      { tool: 'code-execution', language: 'python', code: '', output: '2\n3' },
    ],
    [{ type: 'image_generation_call', id: 'ig_1' }, { tool: 'image-generation' }],
    [
      { type: 'image_generation_call', id: 'ig_1', result: 'AA==', revised_prompt: 'a cat', output_format: 'webp' },
      {
        tool: 'image-generation',
        image: { type: 'base64', mediaType: 'image/webp', data: 'AA==' },
        prompt: 'a cat',
      },
    ],
    [
      { type: 'image_generation_call', id: 'ig_1', result: 'AA==' },
      { tool: 'image-generation', image: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
    ],
  ])('%j', (item, part) => {
    const { id } = item;
    const own = { type: 'server-tool', phase: 'whole', id, origin: 'openai-responses', value: item };
    expect(decodeServerTool(item)).toStrictEqual({ ...own, ...part });
  });

  test.each([{ type: 'mcp_call' }, { type: 'file_search_call' }, {}])('%j is known to this dialect alone', (item) => {
    expect(decodeServerTool(item)).toBe(undefined);
  });
});

describe('what another provider ran', () => {
  const ran = (tool: ServerToolPart['tool'], more: Partial<ServerToolPart> = {}): ServerToolPart => ({
    ...{ type: 'server-tool', phase: 'whole', id: 'x', origin: 'gemini', tool },
    ...more,
  });

  test.each<[ServerToolPart, string, JsonObject | undefined]>([
    [ran('web-search'), 'ws', { type: 'web_search_call', action: { type: 'search', query: '' } }],
    [
      ran('web-search', { queries: ['q'], results: [{ url, title: 'T' }] }),
      'ws',
      { type: 'web_search_call', action: { type: 'search', query: 'q', sources: [{ type: 'url', url }] } },
    ],
    [
      ran('web-search', { queries: ['q', 'r'] }),
      'ws',
      { type: 'web_search_call', action: { type: 'search', query: 'q', queries: ['q', 'r'] } },
    ],
    [ran('url-context'), 'ws', { type: 'web_search_call', action: { type: 'open_page', url: null } }],
    [ran('url-context', { urls: [url] }), 'ws', { type: 'web_search_call', action: { type: 'open_page', url } }],
    [ran('code-execution'), 'ci', { type: 'code_interpreter_call', code: '', container_id: '', outputs: null }],
    [
      ran('code-execution', { code: '1', output: '' }),
      'ci',
      { type: 'code_interpreter_call', code: '1', container_id: '', outputs: [{ type: 'logs', logs: '' }] },
    ],
    [ran('image-generation'), 'ws', undefined],
  ])('%j', (part, prefix, item) => {
    expect(serverToolPrefix(part)).toBe(prefix);
    const whole = item && { id: 'i', status: 'completed', ...item };
    expect(serverToolItem(part, 'i', 'completed')).toStrictEqual(whole);
  });
});
