/** Blocks of server tools in Claude's words and out of them. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, ServerToolPart } from '../../ir/index.ts';
import { decodeServerTool, encodeServerTool, encodeServerUsage, ServerToolIds } from './server-tools.ts';

const DIALECT = 'anthropic-messages';
const part = (fields: Partial<ServerToolPart> & Pick<ServerToolPart, 'tool' | 'phase'>): ServerToolPart => ({
  type: 'server-tool',
  id: '',
  origin: 'gemini',
  ...fields,
});

describe('read', () => {
  const use = (name: unknown, input: unknown): JsonObject =>
    JSON.parse(JSON.stringify({ type: 'server_tool_use', id: 's', name, input }));
  const result = (type: string, content: unknown): JsonObject =>
    JSON.parse(JSON.stringify({ type, tool_use_id: 's', content }));
  const search = { tool: 'web-search', phase: 'result' };
  const fetched = { tool: 'url-context', phase: 'result' };
  const ran = { tool: 'code-execution', phase: 'result' };
  const code = { tool: 'code-execution', phase: 'call', language: 'python' };

  it.each<[JsonObject, object]>([
    [use('web_search', { query: 'q' }), { tool: 'web-search', phase: 'call', queries: ['q'] }],
    [use('web_search', { query: '' }), { tool: 'web-search', phase: 'call', queries: [] }],
    [use('web_search', { query: 1 }), { tool: 'web-search', phase: 'call', queries: [] }],
    [use('web_search', 'q'), { tool: 'web-search', phase: 'call', queries: [] }],
    [use('web_fetch', { url: 'u' }), { tool: 'url-context', phase: 'call', urls: ['u'] }],
    [use('code_execution', { code: 'c' }), { ...code, code: 'c' }],
    [use('code_execution', {}), { ...code, code: '' }],
    [use('bash_code_execution', { command: 'ls' }), { ...code, language: 'bash', code: 'ls' }],
    [result('web_search_tool_result', []), search],
    [
      result('web_search_tool_result', [{ url: 'u', title: 't' }, { url: 'v' }, { title: 'x' }, 'y', null]),
      { ...search, results: [{ url: 'u', title: 't' }, { url: 'v' }] },
    ],
    [
      result('web_search_tool_result', { error_code: 'unavailable' }),
      { ...search, output: 'unavailable', isError: true },
    ],
    [result('web_search_tool_result', 'text'), search],
    [result('web_fetch_tool_result', { url: 'u' }), { ...fetched, urls: ['u'] }],
    [result('web_fetch_tool_result', { error_code: 'e' }), { ...fetched, urls: [], output: 'e', isError: true }],
    [result('web_fetch_tool_result', 'text'), { ...fetched, urls: [] }],
    [result('code_execution_tool_result', { stdout: 'a', stderr: 'b', return_code: 0 }), { ...ran, output: 'a\nb' }],
    [
      result('bash_code_execution_tool_result', { stdout: '', stderr: 'b', return_code: 1 }),
      { ...ran, output: 'b', isError: true },
    ],
    [result('code_execution_tool_result', { stdout: '', return_code: null }), ran],
    [result('code_execution_tool_result', null), ran],
    [result('code_execution_tool_result', { error_code: 'e' }), { ...ran, output: 'e', isError: true }],
  ])('%j', (block, expected) => {
    const own = { type: 'server-tool', id: 's', origin: DIALECT, value: block };
    expect(decodeServerTool(block)).toStrictEqual({ ...own, ...expected });
  });

  it.each<[JsonObject]>([
    [use('later', {})],
    [use(undefined, {})],
    [result('mcp_tool_result', [])],
    [{ content: [] }],
    [{ type: 1 }],
  ])('%j is none', (block) => expect(decodeServerTool(block)).toBeUndefined());

  it.each<[JsonObject, string]>([
    [{ ...use('web_search', {}), id: 'srvtoolu_llmproxy_1' }, 'unknown'],
    [{ ...use('web_search', {}), id: 'srvtoolu_1' }, DIALECT],
    [{ ...use('web_search', {}), id: 1 }, DIALECT],
    [{ ...result('web_fetch_tool_result', {}), tool_use_id: 'srvtoolu_llmproxy_1' }, 'unknown'],
    [{ ...result('code_execution_tool_result', {}), tool_use_id: 'x_srvtoolu_llmproxy_' }, DIALECT],
    [{ ...result('web_search_tool_result', []), tool_use_id: 'srvtoolu_llmproxy_1' }, 'unknown'],
    [result('web_search_tool_result', [{ encrypted_content: 'llmproxy.gemini.result' }]), 'gemini'],
    [result('web_search_tool_result', [{ encrypted_content: 'sealed' }]), DIALECT],
    [
      {
        ...result('web_search_tool_result', [{ encrypted_content: 'sealed' }]),
        tool_use_id: 'srvtoolu_llmproxy_1',
      },
      DIALECT,
    ],
    [result('web_fetch_tool_result', [{ encrypted_content: 'llmproxy.gemini.result' }]), DIALECT],
  ])('whose it is: %j', (block, origin) => {
    const read = decodeServerTool(block);
    expect(read?.origin).toBe(origin);
    expect(read?.value).toEqual(origin === DIALECT ? block : undefined);
  });
});

describe('written', () => {
  const caller = { type: 'direct' };
  const use = (name: string, input: JsonObject) => ({ type: 'server_tool_use', id: 'i', caller, name, input });
  const output = (stdout: string, stderr: string, return_code: number) => ({
    type: 'code_execution_tool_result',
    tool_use_id: 'i',
    content: { type: 'code_execution_result', stdout, stderr, return_code, content: [] },
  });
  const page = (url: string, data: string) => ({
    type: 'web_fetch_tool_result',
    tool_use_id: 'i',
    content: {
      type: 'web_fetch_result',
      url,
      content: {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data },
        title: null,
        citations: null,
      },
      retrieved_at: null,
    },
    caller,
  });
  const found = { type: 'web_search_tool_result', tool_use_id: 'i', content: [], caller };

  it.each<[ServerToolPart, object[]]>([
    [part({ tool: 'web-search', phase: 'call' }), [use('web_search', { query: '' })]],
    [part({ tool: 'web-search', phase: 'call', queries: ['a', 'b'] }), [use('web_search', { query: 'a; b' })]],
    [part({ tool: 'web-search', phase: 'result' }), [found]],
    [part({ tool: 'web-search', phase: 'whole' }), [use('web_search', { query: '' }), found]],
    [part({ tool: 'code-execution', phase: 'call' }), [use('code_execution', { code: '' })]],
    [part({ tool: 'code-execution', phase: 'result' }), [output('', '', 0)]],
    [part({ tool: 'code-execution', phase: 'result', output: 'o' }), [output('o', '', 0)]],
    [part({ tool: 'code-execution', phase: 'result', output: 'o', isError: true }), [output('', 'o', 1)]],
    [part({ tool: 'url-context', phase: 'call', urls: ['u', 'v'] }), [use('web_fetch', { url: 'u' })]],
    [part({ tool: 'url-context', phase: 'call', output: 'o' }), [use('web_fetch', { url: '' })]],
    [part({ tool: 'url-context', phase: 'result', output: 'o' }), [page('', 'o')]],
    [part({ tool: 'url-context', phase: 'result', urls: ['u'] }), [page('u', '')]],
    [part({ tool: 'url-context', phase: 'result', urls: [], output: '' }), []],
    [part({ tool: 'image-generation', phase: 'whole' }), []],
    [part({ tool: 'web-search', phase: 'call', origin: DIALECT }), []],
    [part({ tool: 'web-search', phase: 'call', origin: DIALECT, value: { type: 'own' } }), [{ type: 'own' }]],
    [part({ tool: 'web-search', phase: 'call', value: { type: 'own' } }), [use('web_search', { query: '' })]],
  ])('%j', (tool, expected) => expect(encodeServerTool(tool, () => 'i')).toStrictEqual(expected));
});

it('a result without an id belongs to the call before it', () => {
  const ids = new ServerToolIds();
  const idFor = (phase: ServerToolPart['phase'], id = '') => ids.idFor(part({ tool: 'web-search', phase, id }), 'r:1');
  expect([idFor('call'), idFor('result'), idFor('whole'), idFor('call', 'a b'), idFor('call')]).toEqual(
    ['r_1_1', 'r_1_1', 'r_1_2', 'a_b', 'r_1_4'].map((id) => `srvtoolu_llmproxy_${id}`),
  );
});

it.each<[ServerToolPart[], [number, number] | undefined]>([
  [[], undefined],
  [[part({ tool: 'code-execution', phase: 'call' })], undefined],
  [[part({ tool: 'web-search', phase: 'result' })], undefined],
  [[part({ tool: 'url-context', phase: 'call' })], undefined],
  [
    [part({ tool: 'web-search', phase: 'call' }), part({ tool: 'web-search', phase: 'whole' })],
    [2, 0],
  ],
  [[part({ tool: 'url-context', phase: 'call', urls: ['u'] })], [0, 1]],
])('searches and fetches of %j are counted', (parts, counts) => {
  const [web_search_requests, web_fetch_requests] = counts ?? [];
  const expected = counts === undefined ? {} : { server_tool_use: { web_search_requests, web_fetch_requests } };
  expect(encodeServerUsage([{ type: 'text', text: 'a' }, ...parts])).toStrictEqual(expected);
});
