/** What a provider's own tool did, in each dialect's words. */
import { describe, expect, it } from 'vitest';
import {
  emptyUsage,
  type GenerationRequest,
  type GenerationResponse,
  type Part,
  type ServerToolPart,
} from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { ClientCodec, ReplyContext } from './codec.ts';
import { clientCodecs } from './index.ts';

const tool = (fields: Partial<ServerToolPart> & Pick<ServerToolPart, 'tool' | 'phase'>): ServerToolPart => ({
  type: 'server-tool',
  id: '',
  origin: 'elsewhere',
  ...fields,
});

const request: GenerationRequest = { model: 'm', stream: true, messages: [], tools: [], sampling: {}, extensions: {} };
const context: ReplyContext = { model: 'm', request, nowS: 1, newId: (prefix) => `${prefix}1`, framing: 'sse' };

function answer(...content: Part[]): GenerationResponse {
  return { id: 'r', model: 'm', candidates: [{ content, finishReason: 'stop' }], usage: emptyUsage, extensions: {} };
}

function write(codec: ClientCodec, ...content: Part[]) {
  const encoder = codec.createStreamEncoder(context);
  const { value, warnings } = codec.encodeResponse(answer(...content), context);
  const stream = replayResponse(answer(...content))
    .map((event) => encoder.push(event))
    .join('');
  expect((encoder.warnings?.() ?? []).map(({ path }) => path)).toEqual(warnings.map(({ path }) => path));
  return { value: JSON.parse(JSON.stringify(value)), stream, lost: warnings.map(({ path }) => path) };
}

const search = tool({ tool: 'web-search', phase: 'call', id: 'a:1', queries: ['q', 'r'] });
const found = tool({
  tool: 'web-search',
  phase: 'result',
  id: 'a:1',
  results: [{ url: 'u', title: 't' }, { url: 'v' }],
});
const run = tool({ tool: 'code-execution', phase: 'call', language: 'bash', code: 'ls' });
const ran = tool({ tool: 'code-execution', phase: 'result', output: 'bad', isError: true });
const page = tool({ tool: 'url-context', phase: 'whole', urls: ['p'] });
const image = tool({ tool: 'image-generation', phase: 'whole', prompt: 'a cat' });

describe('a Claude client is told of', () => {
  it('searches, code and pages, by ids that Claude would accept', () => {
    const { value, stream, lost } = write(clientCodecs.messages, search, found, run, ran, page);
    const encrypted_content = 'llmproxy.elsewhere.result';
    const caller = { type: 'direct' };
    const blocks = [
      { type: 'server_tool_use', id: 'srvtoolu_llmproxy_a_1', caller, name: 'web_search', input: { query: 'q; r' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_llmproxy_a_1',
        content: [
          { type: 'web_search_result', encrypted_content, page_age: null, url: 'u', title: 't' },
          { type: 'web_search_result', encrypted_content, page_age: null, url: 'v', title: '' },
        ],
        caller,
      },
      { type: 'server_tool_use', id: 'srvtoolu_llmproxy_r_2', caller, name: 'code_execution', input: { code: 'ls' } },
      {
        type: 'code_execution_tool_result',
        tool_use_id: 'srvtoolu_llmproxy_r_2',
        content: { type: 'code_execution_result', stdout: '', stderr: 'bad', return_code: 1, content: [] },
      },
      { type: 'server_tool_use', id: 'srvtoolu_llmproxy_r_3', caller, name: 'web_fetch', input: { url: 'p' } },
      {
        type: 'web_fetch_tool_result',
        tool_use_id: 'srvtoolu_llmproxy_r_3',
        content: {
          type: 'web_fetch_result',
          url: 'p',
          content: {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: '' },
            title: null,
            citations: null,
          },
          retrieved_at: null,
        },
        caller,
      },
    ];
    expect(value.content).toEqual(blocks);
    expect(value.usage.server_tool_use).toEqual({ web_search_requests: 1, web_fetch_requests: 1 });
    expect(stream).toContain('"server_tool_use":{"web_search_requests":1,"web_fetch_requests":1}');
    for (const block of blocks)
      expect(stream).toContain(JSON.stringify({ ...block, ...('input' in block && { input: {} }) }));
    expect(lost).toEqual([]);
  });

  it('no image, and says so', () => {
    expect(write(clientCodecs.messages, image)).toMatchObject({
      value: { content: [] },
      lost: ['candidates[0].content[0]'],
    });
  });

  it('no search when there was none', () => {
    const { value, stream } = write(clientCodecs.messages, run, ran);
    expect(JSON.stringify(value.usage)).not.toContain('web_search_requests');
    expect(stream).not.toContain('web_search_requests');
  });
});

describe('a Responses client is told of', () => {
  it('a call and its result in one item', () => {
    const { value, stream, lost } = write(clientCodecs.responses, search, found, run, ran, page);
    const items = [
      {
        id: 'ws_r_0',
        type: 'web_search_call',
        status: 'completed',
        action: {
          type: 'search',
          query: 'q',
          queries: ['q', 'r'],
          sources: [
            { type: 'url', url: 'u' },
            { type: 'url', url: 'v' },
          ],
        },
      },
      {
        id: 'ci_r_1',
        type: 'code_interpreter_call',
        status: 'completed',
        code: 'ls',
        container_id: '',
        outputs: [{ type: 'logs', logs: 'bad' }],
      },
      { id: 'ws_r_2', type: 'web_search_call', status: 'completed', action: { type: 'open_page', url: 'p' } },
    ];
    expect(value.output).toEqual(items);
    expect([...stream.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.web_search_call.in_progress',
      'response.web_search_call.searching',
      'response.web_search_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.code_interpreter_call.in_progress',
      'response.code_interpreter_call.interpreting',
      'response.code_interpreter_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.web_search_call.in_progress',
      'response.web_search_call.searching',
      'response.web_search_call.completed',
      'response.output_item.done',
      'response.completed',
    ]);
    const numbers = [...stream.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index));
    for (const item of items) expect(stream).toContain(JSON.stringify(item));
    expect(lost).toEqual([]);
  });

  it('a call whose result never came, and of a result alone', () => {
    expect(write(clientCodecs.responses, search).value.output).toMatchObject([{ action: { query: 'q' } }]);
    expect(write(clientCodecs.responses, search).stream).toContain('response.web_search_call.completed');
    expect(write(clientCodecs.responses, ran).value.output).toMatchObject([{ outputs: [{ logs: 'bad' }] }]);
  });

  it('no image without its bytes, and says so', () => {
    expect(write(clientCodecs.responses, image)).toMatchObject({
      value: { output: [] },
      lost: ['candidates[0].content[0]'],
    });
  });
});

describe('a Gemini client is told of', () => {
  it('searches and pages in the metadata, code in parts', () => {
    const { value, stream, lost } = write(clientCodecs.gemini, search, found, run, ran, page);
    const { content, groundingMetadata, urlContextMetadata } = value.candidates[0];
    expect(groundingMetadata).toEqual({
      webSearchQueries: ['q', 'r'],
      groundingChunks: [{ web: { uri: 'u', title: 't' } }, { web: { uri: 'v', title: '' } }],
    });
    expect(urlContextMetadata).toEqual({
      urlMetadata: [{ retrievedUrl: 'p', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
    });
    const parts = [
      { executableCode: { language: 'LANGUAGE_UNSPECIFIED', code: 'ls' } },
      { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'bad' } },
    ];
    expect(content.parts).toEqual(parts);
    for (const wire of [...parts, groundingMetadata, urlContextMetadata])
      expect(stream).toContain(JSON.stringify(wire));
    expect(lost).toEqual([]);
  });

  it('an image by its bytes, or says that it is lost', () => {
    const bytes = { type: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
    expect(write(clientCodecs.gemini, { ...image, image: bytes }).value.candidates[0].content.parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    ]);
    expect(write(clientCodecs.gemini, image).lost).toEqual(['candidates[0].content[0]']);
  });
});

it.each(['chat', 'completions'] as const)('a %s client cannot be told, and that is named', (name) => {
  expect(write(clientCodecs[name], search).lost).toHaveLength(1);
});

describe('the prompt of a generated image', () => {
  const source = { type: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
  const made = { type: 'media', kind: 'image', source, revisedPrompt: 'a cat' } as const;

  it('is told to Responses', () => {
    const { value, stream, lost } = write(clientCodecs.responses, made);
    expect(value.output).toMatchObject([{ type: 'image_generation_call', revised_prompt: 'a cat', result: 'AAAA' }]);
    expect(stream).toContain('"revised_prompt":"a cat"');
    expect(lost).toEqual([]);
  });

  it.each([
    ['chat', 'choices[0].message.images'],
    ['gemini', 'candidates[0].content[0].revisedPrompt'],
  ] as const)('has no place in %s, but the image has', (name, path) => {
    const { stream, lost } = write(clientCodecs[name], made);
    expect(lost).toEqual([path]);
    expect(stream).toContain('AAAA');
    expect(write(clientCodecs[name], { type: 'media', kind: 'image', source }).lost).toEqual([]);
  });
});

describe("a dialect's own come back as they were", () => {
  it.each([
    ['messages', 'anthropic-messages', { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
    ['responses', 'openai-responses', { type: 'web_search_call', id: 'w', status: 'completed' }],
    ['gemini', 'gemini', { executableCode: { language: 'PYTHON', code: 'c' } }],
  ] as const)('%s', (name, origin, value) => {
    const { stream, lost } = write(clientCodecs[name], { ...search, origin, value });
    expect(stream).toContain(JSON.stringify(value));
    expect(lost).toEqual([]);
  });
});
