/** Servers that stream whatever they were asked for: the client still gets the whole answer that it waits for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import { type Script, type SeenRequest, streamOf, type Wire } from '../support/scripted-upstream/index.ts';

const sse = new URL('http://localhost/?alt=sse');
const answer = { text: 'hello there', usage: { input: 9, output: 4, cached: 1, reasoning: 0 } };
const pieces = (seen: SeenRequest): string[] => streamOf(seen, answer, sse);
const whole: Script = (seen) => ({ fault: 'raw', pieces: pieces(seen) });
let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway(whole);
});
afterAll(async () => {
  await gateway.close();
});

const clients: Record<
  string,
  { send(model: string): [string, Wire]; text(body: Wire): string; input(body: Wire): number }
> = {
  'openai-chat': {
    send: (model) => ['/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] }],
    text: (body) => body.choices[0].message.content,
    input: (body) => body.usage.prompt_tokens,
  },
  'openai-responses': {
    send: (model) => ['/v1/responses', { model, input: 'hi', store: false }],
    text: (body) => body.output.at(-1).content[0].text,
    input: (body) => body.usage.input_tokens,
  },
  'anthropic-messages': {
    send: (model) => ['/v1/messages', { model, max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] }],
    text: (body) => body.content.at(-1).text,
    input: (body) => body.usage.input_tokens + body.usage.cache_read_input_tokens,
  },
  gemini: {
    send: (model) => [
      `/v1beta/models/${model}:generateContent`,
      { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    ],
    text: (body) => body.candidates[0].content.parts.at(-1).text,
    input: (body) => body.usageMetadata.promptTokenCount,
  },
};

async function post([path, body]: [string, Wire]): Promise<Response> {
  const headers = { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' };
  return await fetch(gateway.origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe.each(Object.entries(upstreamModels))('upstream %s', (_dialect, model) => {
  it.each(Object.entries(clients))('is gathered for a client of %s', async (_name, client) => {
    gateway.upstream.script = whole;
    const response = await post(client.send(model));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const body: Wire = await response.json();
    expect(client.text(body)).toBe('hello there');
    expect(client.input(body)).toBe(9);
  });

  it.each(Object.entries(clients))('is an error for a client of %s when it breaks off', async (_name, client) => {
    gateway.upstream.script = (seen) => ({
      fault: 'raw',
      pieces: pieces(seen).slice(0, seen.dialect === 'gemini' ? 1 : 3),
    });
    const response = await post(client.send(model));
    expect(response.status).toBe(502);
    expect(JSON.stringify(await response.json())).toMatch(/stream/);
  });
});
