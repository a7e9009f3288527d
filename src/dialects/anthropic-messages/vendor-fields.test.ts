/** Fields that the official SDK's types demand and other providers know nothing of. */
import { describe, expect, it } from 'vitest';
import { emptyUsage, type GenerationEvent, type GenerationResponse, type ServerToolPart } from '../../ir/index.ts';
import { anthropicMessages } from './index.ts';

const context = {
  model: 'claude-x',
  request: { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 1,
  newId: (prefix: string) => `${prefix}new`,
  framing: 'sse',
} as const;
const search: ServerToolPart = {
  type: 'server-tool',
  tool: 'web-search',
  phase: 'whole',
  id: 'a',
  origin: 'gemini',
  queries: ['q'],
  results: [{ url: 'https://example.com', title: 't' }],
};
const page: ServerToolPart = {
  type: 'server-tool',
  tool: 'url-context',
  phase: 'whole',
  id: 'b',
  origin: 'gemini',
  urls: ['https://example.com'],
  output: 'text',
};
const noVendor = { cache_creation: null, inference_geo: null, speed: null, service_tier: null };
const noCounts = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
  output_tokens_details: null,
};

function frames(events: readonly GenerationEvent[]): unknown[] {
  const encoder = anthropicMessages.createStreamEncoder(context);
  const text = events.map((event) => encoder.push(event)).join('');
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
}

describe('vendor fields', () => {
  it('stand in a whole answer, and server tools say who called them', () => {
    const response: GenerationResponse = {
      id: 'msg_1',
      model: 'm',
      candidates: [{ content: [search, page], finishReason: 'stop' }],
      usage: emptyUsage,
      extensions: {},
    };
    const caller = { type: 'direct' };
    const [call, found, fetch, fetched] = ['a', 'a', 'b', 'b'].map((id) => `srvtoolu_llmproxy_${id}`);
    expect(anthropicMessages.encodeResponse(response, context).value).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-x',
      content: [
        { type: 'server_tool_use', id: call, name: 'web_search', input: { query: 'q' }, caller },
        {
          type: 'web_search_tool_result',
          tool_use_id: found,
          content: [
            {
              type: 'web_search_result',
              url: 'https://example.com',
              title: 't',
              encrypted_content: expect.stringMatching(/^llmproxy\./),
              page_age: null,
            },
          ],
          caller,
        },
        { type: 'server_tool_use', id: fetch, name: 'web_fetch', input: { url: 'https://example.com' }, caller },
        {
          type: 'web_fetch_tool_result',
          tool_use_id: fetched,
          content: {
            type: 'web_fetch_result',
            url: 'https://example.com',
            content: {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'text' },
              title: null,
              citations: null,
            },
            retrieved_at: null,
          },
          caller,
        },
      ],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: { ...noVendor, ...noCounts, server_tool_use: { web_search_requests: 1, web_fetch_requests: 1 } },
    });
  });

  it('stand in the first and the last event of a stream', () => {
    const place = { block: 0, candidate: 0 };
    const events = frames([
      { type: 'response-start', id: 'msg_1', model: 'm', usage: emptyUsage },
      { type: 'server-tool', ...place, part: { ...page, phase: 'call' } },
      { type: 'server-tool', ...place, part: { ...page, phase: 'result' } },
      { type: 'response-end', usage: emptyUsage },
    ]);
    const ends = { stop_sequence: null, stop_details: null, container: null };
    expect(events.at(0)).toEqual({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-x',
        content: [],
        stop_reason: null,
        ...ends,
        diagnostics: null,
        usage: { ...noVendor, ...noCounts, server_tool_use: null },
      },
    });
    expect(events.slice(-2)).toEqual([
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', ...ends },
        usage: { ...noCounts, server_tool_use: { web_search_requests: 0, web_fetch_requests: 1 } },
      },
      { type: 'message_stop' },
    ]);
  });
});
