/** Conversations that the server keeps, as the official Anthropic SDK holds them: refused where nobody keeps them, and then sent whole. */
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, upstreamModels } from '../../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../../support/test-proxy.ts';

const SECRET = 'The secret word is swordfish.';
const first = { role: 'user' as const, content: SECRET };
const second = { role: 'user' as const, content: 'Which word?' };

let upstream: ScriptedUpstream;
let proxy: TestProxy;
let client: Anthropic;
/** The `thread` of every request that left the SDK. */
let asked: unknown[];

beforeAll(async () => {
  upstream = await startScriptedUpstream((_seen, index) => ({ text: `answer ${index}` }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
  client = new Anthropic({
    baseURL: 'http://localhost',
    apiKey: CLIENT_KEY,
    maxRetries: 0,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const { thread }: Wire = await request.clone().json();
      asked.push(thread);
      return proxy.fetch(request);
    },
  });
});

beforeEach(() => {
  upstream.seen.length = 0;
  asked = [];
  upstream.script = (_seen, index) => ({ text: `answer ${index}` });
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** The user of another server than Anthropic's own is told as well: the gateway cannot know what that server keeps. */
describe.for(Object.values(upstreamModels))('model %s', (model) => {
  test.for([false, true])('two turns reach the upstream whole, stream: %s', async (stream) => {
    const thread = client.beta.messages.thread({
      model,
      max_tokens: 100,
      unsupportedRequestBehavior: 'continue_unthreaded',
    });
    for (const turn of [first, second]) {
      if (stream) await thread.stream(turn).finalMessage();
      else await thread.send(turn);
    }
    expect(asked).toEqual([{ type: 'create' }, undefined, undefined]);
    expect(upstream.seen).toHaveLength(2);
    const body = JSON.stringify(upstream.seen[1]?.body);
    for (const text of [SECRET, 'answer 0', 'Which word?']) expect(body).toContain(text);
    expect(body).not.toContain('"thread"');
    expect(thread.messages).toHaveLength(4);
  });

  test('who insists on a thread is told at once', async () => {
    const thread = client.beta.messages.thread({ model, max_tokens: 100 });
    const error = await thread.send(first).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error).toMatchObject({
      status: 400,
      error: {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
        },
      },
    });
    expect(upstream.seen).toHaveLength(0);
  });

  test('a tool runner works as it comes', async () => {
    upstream.script = (_seen, index) =>
      index === 0
        ? { text: 'Let me see.', toolCalls: [{ name: 'get_word', arguments: {} }] }
        : { text: `answer ${index}` };
    const tool = betaTool({
      name: 'get_word',
      description: 'Tells the word.',
      inputSchema: { type: 'object', properties: {} },
      run: () => 'swordfish',
    });
    const answer = await client.beta.messages.toolRunner({ model, max_tokens: 100, messages: [first], tools: [tool] });
    expect(answer.content.at(-1)).toMatchObject({ text: 'answer 1' });
    expect(asked).toEqual([{ type: 'create' }, undefined, undefined]);
    const body = JSON.stringify(upstream.seen[1]?.body);
    for (const text of [SECRET, 'get_word', 'swordfish']) expect(body).toContain(text);
  });

  test('a thread that an earlier server kept is not answered without its history', async () => {
    const thread = { type: 'continue', previous_message_id: 'msg_1' } as const;
    const refused = client.beta.messages.create({ model, max_tokens: 100, messages: [second], thread });
    await expect(refused).rejects.toMatchObject({
      error: { error: { details: { error_code: 'thread_unsupported_request' } } },
    });
    expect(upstream.seen).toHaveLength(0);
  });
});
