import { expect, test } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

const context = {
  model: 'm',
  request: openaiResponses.decodeRequest({ input: 'hi' }, { model: 'm', stream: false }),
  nowS: 1,
  newId: (prefix: string) => `${prefix}1`,
  framing: 'sse',
} as const;

const page = (url?: string): JsonObject => ({
  type: 'web_search_call',
  id: 'ws_1',
  status: 'completed',
  action: { type: 'open_page', ...(url !== undefined && { url }) },
});

/** What a Claude client gets of an answer, whole and streamed. */
function told(item: JsonObject): { blocks: unknown; paths: string[]; usage: unknown; stream: string } {
  const response = openaiResponses.decodeResponse({ id: 'r', model: 'm', status: 'completed', output: [item] });
  // cast: what Claude's encoder writes
  const { value, warnings } = anthropicMessages.encodeResponse(response, context) as never as {
    value: { content: { type: string }[]; usage: { server_tool_use: unknown } };
    warnings: { path: string }[];
  };
  const decoder = openaiResponses.createStreamDecoder();
  const encoder = anthropicMessages.createStreamEncoder({ ...context });
  const event = { type: 'response.completed', response: { id: 'r', model: 'm', status: 'completed', output: [item] } };
  const events = decoder.push({ event: undefined, data: JSON.stringify(event) });
  const stream = events.map((one) => encoder.push(one)).join('');
  expect(encoder.warnings?.().map(({ path }) => path)).toEqual(warnings.map(({ path }) => path));
  return {
    blocks: value.content.map(({ type }) => type),
    paths: warnings.map(({ path }) => path),
    usage: value.usage.server_tool_use,
    stream,
  };
}

test('a page that the model opened is a page that was fetched', () => {
  const { stream, ...rest } = told(page('https://example.com'));
  expect(rest).toEqual({
    blocks: ['server_tool_use', 'web_fetch_tool_result'],
    paths: [],
    usage: { web_search_requests: 0, web_fetch_requests: 1 },
  });
  expect(stream).toContain('"name":"web_fetch"');
});

test('a page without an address is not told, not counted and no loss', () => {
  const { stream, ...rest } = told(page());
  expect(rest).toEqual({ blocks: [], paths: [], usage: null });
  expect(stream).not.toContain('content_block');
});
