/**
 * Reasoning that nobody can read: Claude's redacted blocks and encrypted reasoning without a summary. Clients of every
 * dialect bring it back to the upstream that made it, as it was, and no other upstream is shown it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { echoClients } from './echo.ts';
import { dialects } from './model.ts';

const HIDDEN = 'RW1vZ0hpZGRlbkRhdGErLz09';
const usage = { input_tokens: 3, output_tokens: 2 };
const event = (value: Wire): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
let count = 0;

function claudeAnswer(): { readonly json: Wire; readonly sse: string } {
  const call = { type: 'tool_use', id: `toolu_${count}`, name: 'get_weather', input: {} };
  const redacted = { type: 'redacted_thinking', data: HIDDEN };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'up', content: [], usage };
  const stop = { stop_reason: 'tool_use', stop_sequence: null };
  const events = [
    { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
    { type: 'content_block_start', index: 0, content_block: redacted },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: call },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: stop, usage },
    { type: 'message_stop' },
  ];
  return { json: { ...message, content: [redacted, call], ...stop }, sse: events.map(event).join('') };
}

function responsesAnswer(): { readonly json: Wire; readonly sse: string } {
  const reasoning = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: HIDDEN };
  const call = {
    id: 'fc_1',
    type: 'function_call',
    status: 'completed',
    call_id: `call_${count}`,
    name: 'get_weather',
    arguments: '{}',
  };
  const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'up' };
  const total = { ...usage, total_tokens: 5 };
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...reasoning, encrypted_content: '' } },
    { type: 'response.output_item.done', output_index: 0, item: reasoning },
    { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
    { type: 'response.function_call_arguments.done', output_index: 1, item_id: 'fc_1', arguments: '{}' },
    { type: 'response.output_item.done', output_index: 1, item: call },
    { type: 'response.completed', response: { ...response, output: [reasoning, call], usage: total } },
  ];
  return {
    json: { ...response, output: [reasoning, call], usage: total },
    sse: events.map((value, n) => event({ ...value, sequence_number: n })).join(''),
  };
}

const answers = { 'anthropic-messages': claudeAnswer, 'openai-responses': responsesAnswer };
const targets = ['anthropic-messages', 'openai-responses'] as const;

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(({ dialect, stream }, index) => {
    if (index > 0 || dialect === 'openai-chat' || dialect === 'gemini') return { text: 'Sunny.' };
    const { json, sse } = answers[dialect]();
    const headers = { 'content-type': stream ? 'text/event-stream' : 'application/json' };
    return { fault: 'status', status: 200, headers, body: stream ? sse : JSON.stringify(json) };
  });
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** What the upstream of the second turn was sent. */
async function secondTurn(client: UpstreamDialect, from: UpstreamDialect, to: UpstreamDialect, stream: boolean) {
  count++;
  upstream.seen.length = 0;
  const { path, first, second } = echoClients[client];
  const answer = await proxy.post(path(upstreamModels[from], stream), first(upstreamModels[from], stream));
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const body = second(upstreamModels[to], stream, text);
  const last = await proxy.post(path(upstreamModels[to], stream), body);
  expect(last.status, await last.text()).toBe(200);
  return upstream.seen[1]?.body;
}

function hiddenIn(target: (typeof targets)[number], body: Wire): Wire[] {
  if (target === 'openai-responses') return body.input.filter((item: Wire) => item.type === 'reasoning');
  const blocks: Wire[] = body.messages.flatMap(({ content }: Wire) => (Array.isArray(content) ? content : []));
  return blocks.filter((block) => block.type.endsWith('thinking'));
}

describe.for(dialects)('%s client', (client) => {
  describe.for(targets)('hidden reasoning of %s', (target) => {
    test.for([false, true])('comes back as it was, stream: %s', async (stream) => {
      const hidden = hiddenIn(target, await secondTurn(client, target, target, stream));
      const expected =
        target === 'anthropic-messages'
          ? { type: 'redacted_thinking', data: HIDDEN }
          : { type: 'reasoning', summary: [], encrypted_content: HIDDEN };
      expect(hidden).toHaveLength(1);
      expect(hidden[0]).toMatchObject(expected);
    });

    test.for(dialects.filter((other) => other !== target))('is nothing to %s', async (other) => {
      expect(JSON.stringify(await secondTurn(client, target, other, false))).not.toContain(HIDDEN);
    });
  });
});
