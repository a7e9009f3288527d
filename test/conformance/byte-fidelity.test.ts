/** The same dialect on both ends: the bytes go through, but for the model's name. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { dialects } from './model.ts';

const paths: Readonly<Record<UpstreamDialect, readonly [whole: string, stream: string]>> = {
  'openai-chat': ['/v1/chat/completions', '/v1/chat/completions'],
  'openai-responses': ['/v1/responses', '/v1/responses'],
  'anthropic-messages': ['/v1/messages', '/v1/messages'],
  gemini: ['/v1beta/models/alias:generateContent', '/v1beta/models/alias:streamGenerateContent?alt=sse'],
};

/** Unknown fields, odd white space, big and precise numbers, duplicate keys, every kind of escape. */
const odd = (
  repeats: string,
): string => String.raw`  "unknown_field" :	[ 9007199254740993, 1e400, 0.10000000000000000001, -0, 1E+2 ],
  ${repeats}"dup": 2,
  "escaped": "é\/\u0000 😀 \ud800 é 😀  ",
  "nested": {"model": "not this one", "a" : { } }  `;
const ODD = odd('"dup": 1 , ');
/** Of two members with one name only the one that counts goes on, so that nobody reads the other. */
const goesOn = (body: string): string => body.replace(ODD, odd(''));

const input: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': '"messages":[{"role":"user","content":"hi"}]',
  'openai-responses': '"input":"hi"',
  'anthropic-messages': '"max_tokens":5,"messages":[{"role":"user","content":"hi"}]',
  gemini: '"contents":[{"role":"user","parts":[{"text":"hi"}]}]',
};

const WHOLE = `\n{ "id" : "x", "object":"?", ${ODD} , "model":"up" }\n`;
const ends: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  'openai-responses':
    'event: response.completed\ndata: {"type":"response.completed","response":{"status":"completed","output":[]}}\n\n',
  'anthropic-messages': 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  gemini: 'data: {"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}\r\n\r\n',
};
const streamOf = (dialect: UpstreamDialect): string =>
  `: a comment\n\nretry: 10\n\nid: 7\nevent: novel\ndata: {"novel":${JSON.stringify(ODD)},\ndata:  "two":"lines"}\r\n\r\ndata:{"x":"é😀"}\n\n${ends[dialect]}`;

let server: Server;
let proxy: TestProxy;
let received = Buffer.alloc(0);
let reply: { readonly type: string; readonly pieces: readonly Buffer[] };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received = Buffer.concat(chunks);
    response.writeHead(200, { 'content-type': reply.type });
    for (const piece of reply.pieces) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // cast: a TCP server's address is an AddressInfo once it listens
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aliased = fourDialectConfig(origin).replaceAll(
    /models: \[\{ name: (up-\w+) \}\]/g,
    'models: [{ name: $1 }, { name: upstream-of-$1, alias: alias-$1 }]',
  );
  proxy = await createTestProxy(aliased);
});

afterAll(async () => {
  await proxy?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function send(dialect: UpstreamDialect, model: string, stream: boolean): Promise<{ sent: string; got: string }> {
  const named = dialect === 'gemini' ? '' : `"model" : ${JSON.stringify(model)} ,\n`;
  const streaming = dialect === 'gemini' || !stream ? '' : '"stream":true , ';
  const sent = `  {\t${named}${streaming}${ODD} , ${input[dialect]} }\n\n`;
  const path = paths[dialect][stream ? 1 : 0].replace('alias', model);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
  const response = await proxy.fetch(new Request(`http://localhost${path}`, { method: 'POST', headers, body: sent }));
  const got = Buffer.from(await response.arrayBuffer()).toString('utf8');
  expect(response.status, got).toBe(200);
  return { sent, got };
}

/** Three bytes at a time, so that characters and line ends are torn apart. */
const torn = (text: string): Buffer[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) => bytes.subarray(at * 3, at * 3 + 3));
};

describe.for(dialects)('%s', (dialect) => {
  test.for([false, true])('the request as it came, stream: %s', async (stream) => {
    reply = stream
      ? { type: 'text/event-stream', pieces: torn(streamOf(dialect)) }
      : { type: 'application/json', pieces: torn(WHOLE) };
    const { sent, got } = await send(dialect, upstreamModels[dialect], stream);
    expect(received.toString('utf8')).toBe(goesOn(sent));
    expect(got).toBe(stream ? streamOf(dialect) : WHOLE);
  });

  test('an alias changes the name of the model and not another byte', async () => {
    reply = { type: 'application/json', pieces: [Buffer.from(WHOLE)] };
    const alias = `alias-${upstreamModels[dialect]}`;
    const { sent } = await send(dialect, alias, false);
    expect(received.toString('utf8')).toBe(
      goesOn(sent).replace(`"${alias}"`, `"upstream-of-${upstreamModels[dialect]}"`),
    );
  });
});
