/** Models without structured output answer through a forced tool; no client can tell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import type { Ask } from './model.ts';

const MODEL = 'claude-sonnet-4-20250514';
const schema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};
const ask: Ask = { turns: [{ role: 'user', text: 'who?' }], schema };
let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(({ tools }) => ({
    toolCalls: [{ name: tools.at(-1)?.name ?? 'none', arguments: { name: 'Ada' } }],
  }));
  proxy = await createTestProxy(`
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
claude-api-key:
  - api-key: sk-up-claude
    base-url: ${upstream.origin}
    models: [{ name: ${MODEL} }]
`);
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

async function run(client: typeof chatClient, one: Ask, stream: boolean) {
  upstream.seen.length = 0;
  const { path, body } = client.build(one, MODEL, stream);
  const response = await proxy.post(path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const dropped = response.headers.get('x-llmproxy-dropped');
  return {
    answer: stream ? client.readStream(text) : client.readJson(JSON.parse(text)),
    dropped,
    seen: upstream.seen[0]?.body as Wire,
  };
}

describe.each([chatClient, responsesClient, messagesClient, geminiClient])('$dialect client', (client) => {
  it.each([false, true])(
    'gets the arguments of the forced tool as the text of the answer (stream: %s)',
    async (stream) => {
      const { answer, dropped, seen } = await run(client, ask, stream);
      expect(seen.tool_choice).toEqual({ type: 'tool', name: 'structured_output', disable_parallel_tool_use: true });
      expect(seen.tools[0].input_schema).toEqual(schema);
      expect(seen.output_config).toBeUndefined();
      expect(JSON.parse(answer.text)).toEqual({ name: 'Ada' });
      expect([answer.calls, answer.finish, dropped]).toEqual([[], 'stop', null]);
    },
  );

  it.each([false, true])('may still call its own tools (stream: %s)', async (stream) => {
    const tools = [{ name: 'find', description: 'Finds', schema }];
    const { answer, seen } = await run(client, { ...ask, tools }, stream);
    expect(seen.tool_choice).toEqual({ type: 'any' });
    expect(seen.tools.map((tool: Wire) => tool.name)).toEqual(['find', 'structured_output']);
    expect(JSON.parse(answer.text)).toEqual({ name: 'Ada' });
    expect(answer.finish).toBe('stop');
  });
});
