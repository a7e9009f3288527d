/** An upstream that reports an error amid its stream: told in the client's own shape, and never as a finished answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import { dialects, sseEvents } from './model.ts';

const MESSAGE = 'The scripted model is overloaded';
const clients = [chatClient, responsesClient, messagesClient, geminiClient];

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({
    fault: 'error-event',
    after: 5,
    answer: { text: 'It begins, and goes on for a while.' },
    message: MESSAGE,
  }));
  // The errors would cool the credentials down.
  proxy = await createTestProxy(`${fourDialectConfig(upstream.origin)}\ndisable-cooling: true\n`);
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** The error as each dialect's SDKs look for it; undefined when there is none. */
function errorOf(dialect: UpstreamDialect, events: readonly { event: string | undefined; data: Wire }[]): Wire {
  switch (dialect) {
    case 'openai-chat':
    case 'gemini':
      return events.find(({ data }) => data.error)?.data.error;
    case 'openai-responses':
      return events.find(({ event, data }) => event === 'error' && data.type === 'error')?.data;
    case 'anthropic-messages':
      return events.find(({ event, data }) => event === 'error' && data.type === 'error')?.data.error;
  }
}

const TERMINAL = /\[DONE\]|"response\.completed"|"message_stop"|"finishReason"|"finish_reason":"/;

describe.for(clients)('$dialect client', (client) => {
  test.for(dialects)('%s upstream', async (target) => {
    const { path, body } = client.build({ turns: [{ role: 'user', text: 'hi' }] }, upstreamModels[target], true);
    const text = await (await proxy.post(path, body)).text();
    expect(text).not.toMatch(TERMINAL);
    const events = sseEvents(text).map(({ event, data }) => ({ event, data: JSON.parse(data) }));
    const error = errorOf(client.dialect, events);
    expect(error?.message).toContain(MESSAGE);
    if (client.dialect !== 'gemini') expect(typeof (error.type ?? error.code)).toBe('string');
    else expect(error).toMatchObject({ code: expect.any(Number), status: expect.any(String) });
  });
});
