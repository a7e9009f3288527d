/** What a provider's own tool did, read from each dialect. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, ServerToolPart } from '../ir/index.ts';
import { decodeServerTool as readClaude } from './anthropic-messages/server-tools.ts';
import { metadataTools, decodeServerTool as readGemini } from './gemini/server-tools.ts';
import { decodeServerTool as readResponses } from './openai-responses/server-tools.ts';

describe('Claude reads', () => {
  const use = (name: string, input: JsonObject): JsonObject => ({ type: 'server_tool_use', id: 's1', name, input });
  it.each<[string, JsonObject, Partial<ServerToolPart>]>([
    ['a search', use('web_search', { query: 'q' }), { tool: 'web-search', phase: 'call', queries: ['q'] }],
    ['a search without words', use('web_search', {}), { tool: 'web-search', phase: 'call', queries: [] }],
    ['a fetch', use('web_fetch', { url: 'u' }), { tool: 'url-context', phase: 'call', urls: ['u'] }],
    [
      'code',
      use('code_execution', { code: 'c' }),
      { tool: 'code-execution', phase: 'call', language: 'python', code: 'c' },
    ],
    [
      'a shell',
      use('bash_code_execution', { command: 'ls' }),
      { tool: 'code-execution', phase: 'call', language: 'bash', code: 'ls' },
    ],
  ])('%s', (_, block, expected) => {
    expect(readClaude(block)).toEqual({
      type: 'server-tool',
      id: 's1',
      origin: 'anthropic-messages',
      value: block,
      ...expected,
    });
  });

  const result = (type: string, content: JsonObject | readonly JsonObject[]): JsonObject => ({
    type,
    tool_use_id: 's1',
    content,
  });
  it.each<[string, JsonObject, Partial<ServerToolPart>]>([
    [
      'pages',
      result('web_search_tool_result', [
        { url: 'u', title: 't', encrypted_content: 'E' },
        { url: 'v' },
        { title: 'no url' },
      ]),
      { tool: 'web-search', results: [{ url: 'u', title: 't' }, { url: 'v' }] },
    ],
    ['no pages', result('web_search_tool_result', []), { tool: 'web-search' }],
    [
      'a failed search',
      result('web_search_tool_result', { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' }),
      { tool: 'web-search', output: 'max_uses_exceeded', isError: true },
    ],
    [
      'a fetched page',
      result('web_fetch_tool_result', { type: 'web_fetch_result', url: 'u' }),
      { tool: 'url-context', urls: ['u'] },
    ],
    [
      'output',
      result('code_execution_tool_result', { stdout: 'a', stderr: 'b', return_code: 0 }),
      { tool: 'code-execution', output: 'a\nb' },
    ],
    [
      'no output',
      result('bash_code_execution_tool_result', { stdout: '', return_code: 0 }),
      { tool: 'code-execution' },
    ],
    [
      'a failure',
      result('bash_code_execution_tool_result', { stdout: '', stderr: 'b', return_code: 2 }),
      { tool: 'code-execution', output: 'b', isError: true },
    ],
  ])('%s', (_, block, expected) => {
    expect(readClaude(block)).toEqual({
      type: 'server-tool',
      phase: 'result',
      id: 's1',
      origin: 'anthropic-messages',
      value: block,
      ...expected,
    });
  });

  it('nothing that other dialects do not have', () => {
    expect(readClaude(use('tool_search_tool_regex', {}))).toBeUndefined();
    expect(readClaude(result('mcp_tool_result', []))).toBeUndefined();
  });

  it('what was written for another provider as that', () => {
    const sealed = [{ url: 'u', encrypted_content: 'llmproxy.gemini.result' }];
    const found = readClaude(result('web_search_tool_result', sealed));
    expect(found?.origin).toBe('gemini');
    expect(found && 'value' in found).toBe(false);
    const id = 'srvtoolu_llmproxy_1';
    expect(readClaude({ ...use('web_search', {}), id })?.origin).toBe('unknown');
    expect(readClaude({ type: 'web_search_tool_result', tool_use_id: id, content: [] })?.origin).toBe('unknown');
    expect(readClaude({ type: 'code_execution_tool_result', tool_use_id: id, content: {} })?.origin).toBe('unknown');
  });
});

describe('Responses reads', () => {
  const own = { type: 'server-tool', phase: 'whole', id: 'i', origin: 'openai-responses' };
  it.each<[string, JsonObject, Partial<ServerToolPart>]>([
    [
      'a search',
      { type: 'web_search_call', action: { type: 'search', query: 'q' } },
      { tool: 'web-search', queries: ['q'] },
    ],
    [
      'several searches',
      {
        type: 'web_search_call',
        action: { query: 'a', queries: ['a', '', 'b'], sources: [{ url: 'u' }, { type: 'api' }] },
      },
      { tool: 'web-search', queries: ['a', 'b'], results: [{ url: 'u' }] },
    ],
    [
      'an opened page',
      { type: 'web_search_call', action: { type: 'open_page', url: 'u' } },
      { tool: 'url-context', urls: ['u'] },
    ],
    [
      'a page that was looked through',
      { type: 'web_search_call', action: { type: 'find_in_page', url: 'u', pattern: 'p' } },
      { tool: 'url-context', urls: ['u'] },
    ],
    ['a page that is not named', { type: 'web_search_call', action: { type: 'open_page' } }, { tool: 'url-context' }],
    ['a search of which nothing is said', { type: 'web_search_call' }, { tool: 'web-search' }],
    [
      'code',
      {
        type: 'code_interpreter_call',
        code: 'c',
        outputs: [{ logs: 'a' }, { type: 'image', url: 'u' }, { logs: 'b' }],
      },
      { tool: 'code-execution', language: 'python', code: 'c', output: 'a\nb' },
    ],
    [
      'code without output',
      { type: 'code_interpreter_call', code: 'c', outputs: null },
      { tool: 'code-execution', language: 'python', code: 'c' },
    ],
    [
      'an image',
      { type: 'image_generation_call', result: 'AAAA', output_format: 'webp', revised_prompt: 'a cat' },
      { tool: 'image-generation', prompt: 'a cat', image: { type: 'base64', mediaType: 'image/webp', data: 'AAAA' } },
    ],
    ['an image to come', { type: 'image_generation_call' }, { tool: 'image-generation' }],
  ])('%s', (_, fields, expected) => {
    const value = { id: 'i', ...fields };
    expect(readResponses(value)).toEqual({ ...own, value, ...expected });
  });

  it('nothing that other dialects do not have', () => {
    expect(readResponses({ type: 'file_search_call' })).toBeUndefined();
  });
});

describe('Gemini reads', () => {
  const read = (part: JsonObject) => readGemini(part, part);
  it('code and its output', () => {
    const code = { executableCode: { id: 'x', language: 'PYTHON', code: 'c' } };
    const own = { type: 'server-tool', tool: 'code-execution', origin: 'gemini' };
    expect(read(code)).toEqual({ ...own, phase: 'call', id: 'x', language: 'python', code: 'c', value: code });
    const done = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: 'o' } };
    expect(read(done)).toEqual({ ...own, phase: 'result', id: '', output: 'o', value: done });
    const failed = { codeExecutionResult: { outcome: 'OUTCOME_FAILED' } };
    expect(read(failed)).toEqual({ ...own, phase: 'result', id: '', output: '', isError: true, value: failed });
    expect(read({ executableCode: {} })).toMatchObject({ id: '', language: 'python', code: '' });
    expect(read({ codeExecutionResult: {} })).not.toHaveProperty('isError');
    expect(read({ novel: {} })).toBeUndefined();
  });

  it('searches and pages out of the metadata', () => {
    const own = { type: 'server-tool', phase: 'whole', id: '', origin: 'gemini' };
    const groundingMetadata = {
      webSearchQueries: ['q', 1],
      groundingChunks: [{ web: { uri: 'u', title: 't' } }, { web: { uri: 'v' } }, { web: { uri: '' } }, { maps: {} }],
    };
    expect(metadataTools({ groundingMetadata })).toEqual([
      { ...own, tool: 'web-search', queries: ['q'], results: [{ url: 'u', title: 't' }, { url: 'v' }] },
    ]);
    expect(metadataTools({ groundingMetadata: { webSearchQueries: ['q'] } })).toEqual([
      { ...own, tool: 'web-search', queries: ['q'] },
    ]);
    expect(metadataTools({ groundingMetadata: { searchEntryPoint: {} } })).toEqual([]);
    const urlContextMetadata = { urlMetadata: [{ retrievedUrl: 'a' }, {}, { retrievedUrl: 'b' }] };
    expect(metadataTools({ urlContextMetadata })).toEqual([
      { ...own, tool: 'url-context', urls: ['a'] },
      { ...own, tool: 'url-context', urls: ['b'] },
    ]);
  });
});
