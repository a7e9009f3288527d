/** A stream that was cut short never looks complete: every official SDK throws, whatever stands behind the gateway. */
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import type { Script, ScriptedAnswer, ScriptedFault, UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { pairs } from './dialect-client.ts';
import { type Gateway, startGateway } from './gateway.ts';

const answer: ScriptedAnswer = {
  reasoning: 'Let me think about that.',
  text: 'A long enough answer to be cut in the middle of it.',
};

/** What the upstream does is in the prompt: `reset 3` resets after three chunks. */
const script: Script = (seen) => {
  const [, fault, after] = /^(reset|stall|truncate|garbage) (\d+)$/.exec(seen.userText) ?? [];
  if (fault === 'reset' || fault === 'stall' || fault === 'truncate') return { fault, after: Number(after), answer };
  if (fault === 'garbage') return garbage;
  return answer;
};

const garbage: ScriptedFault = {
  fault: 'status',
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: 'data: {"oops\n\n',
};

let gateway: Gateway;
beforeAll(async () => {
  const config = 'request-retry: 0\ndisable-cooling: true\nupstream-timeouts: { connect: 1, first-byte: 1, idle: 1 }';
  gateway = await startGateway(script, { credentials: 1, config });
});
afterAll(() => gateway.close());

/** Reads a stream to its end with the dialect's official SDK and returns its text. */
const readers: Readonly<Record<UpstreamDialect, (model: string, prompt: string) => Promise<string>>> = {
  async 'openai-chat'(model, prompt) {
    const client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    let text = '';
    const messages = [{ role: 'user' as const, content: prompt }];
    for await (const chunk of await client.chat.completions.create({ model, stream: true, messages }))
      text += chunk.choices[0]?.delta.content ?? '';
    return text;
  },
  async 'openai-responses'(model, prompt) {
    const client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    let text = '';
    for await (const event of await client.responses.create({ model, stream: true, input: prompt }))
      if (event.type === 'response.output_text.delta') text += event.delta;
    return text;
  },
  async 'anthropic-messages'(model, prompt) {
    const client = new Anthropic({ baseURL: gateway.origin, apiKey: CLIENT_KEY, maxRetries: 0 });
    let text = '';
    const messages = [{ role: 'user' as const, content: prompt }];
    for await (const event of await client.messages.create({ model, stream: true, max_tokens: 100, messages }))
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
    return text;
  },
  async gemini(model, prompt) {
    const client = new GoogleGenAI({ apiKey: CLIENT_KEY, httpOptions: { baseUrl: gateway.origin } });
    let text = '';
    for await (const chunk of await client.models.generateContentStream({ model, contents: prompt }))
      text += chunk.text ?? '';
    return text;
  },
};

describe.for(pairs)('%s SDK, %s upstream', ([client, upstream]) => {
  const read = (prompt: string): Promise<string> => readers[client](upstreamModels[upstream], prompt);

  test('a whole stream is read without an error', async () => {
    expect(await read('whole')).toBe(answer.text);
  });

  test.for(['truncate 0', 'truncate 1', 'truncate 2', 'truncate 5', 'reset 0', 'reset 1', 'reset 5', 'garbage 0'])(
    '%s: the SDK throws',
    async (prompt) => {
      const outcome = await read(prompt).then(
        (text) => `ended as if complete: ${text}`,
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(Error);
    },
  );

  test('a stall: the SDK throws once the idle timeout is over', async () => {
    await expect(read('stall 3')).rejects.toThrow();
  });
});
