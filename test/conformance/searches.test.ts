/** Searches and sources of every upstream reach the clients of every dialect, and come back as what they are. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { dialects } from './model.ts';
import { learnStream, learnWhole, PAGE, QUERY, streamedAnswers, TEXT, wholeAnswers } from './searches.ts';

let server: Server;
let proxy: TestProxy;
let answer = { type: '', text: '' };
let seen: Wire;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen = JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': answer.type });
    response.end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // cast: a TCP server's address is an AddressInfo once it listens
  proxy = await createTestProxy(fourDialectConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});

afterAll(async () => {
  await proxy?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A request of each dialect; `model`: the content of an earlier answer. */
function ask(client: UpstreamDialect, model: string, stream: boolean, earlier?: Wire): { path: string; body: Wire } {
  const [first, then] = ['Who won?', 'And then?'];
  switch (client) {
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: { model, stream, messages: [{ role: 'user', content: first }] } };
    case 'openai-responses': {
      const turns = [{ role: 'user', content: first }, ...(earlier ?? []), { role: 'user', content: then }];
      return { path: '/v1/responses', body: { model, stream, input: turns } };
    }
    case 'anthropic-messages': {
      const assistant =
        earlier === undefined
          ? []
          : [
              { role: 'assistant', content: earlier },
              { role: 'user', content: then },
            ];
      return {
        path: '/v1/messages',
        body: { model, stream, max_tokens: 99, messages: [{ role: 'user', content: first }, ...assistant] },
      };
    }
    case 'gemini': {
      const rest =
        earlier === undefined
          ? []
          : [
              { role: 'model', parts: earlier },
              { role: 'user', parts: [{ text: then }] },
            ];
      const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${model}:${method}`,
        body: { contents: [{ role: 'user', parts: [{ text: first }] }, ...rest] },
      };
    }
  }
}

async function send(client: UpstreamDialect, upstream: UpstreamDialect, stream: boolean, earlier?: Wire) {
  answer = stream
    ? { type: 'text/event-stream', text: streamedAnswers[upstream] }
    : { type: 'application/json', text: JSON.stringify(wholeAnswers[upstream]) };
  const { path, body } = ask(client, upstreamModels[upstream], stream, earlier);
  const response = await proxy.post(path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { text, dropped: response.headers.get('x-llmproxy-dropped') };
}

describe.for(dialects)('%s client', (client) => {
  describe.for(dialects)('%s upstream', (upstream) => {
    test.for([false, true])('is told what was searched, found and cited, stream: %s', async (stream) => {
      const { text, dropped } = await send(client, upstream, stream);
      const learned = stream ? learnStream(client, text) : learnWhole(client, JSON.parse(text));
      expect(learned.text).toBe(TEXT);
      // Claude's citations support a whole block, so the exact place is known only from and to the others.
      const exact = client !== 'anthropic-messages' && upstream !== 'anthropic-messages';
      expect(learned.cited).toEqual([[PAGE.url, PAGE.title, exact ? 'Sp🙂in won.' : TEXT]]);
      const told = upstream !== 'openai-chat' && client !== 'openai-chat';
      expect(learned.queries).toEqual(told ? [QUERY] : []);
      if (told) expect(learned.found).toEqual([PAGE.url]);
      const lost = !stream && client === 'openai-chat' && upstream !== 'openai-chat';
      expect(dropped).toBe(lost ? 'choices[0].message' : null);
    });
  });
});

const earlier: Readonly<Partial<Record<UpstreamDialect, Wire>>> = {
  'openai-responses': wholeAnswers['openai-responses'].output,
  'anthropic-messages': wholeAnswers['anthropic-messages'].content,
  gemini: [
    { executableCode: { language: 'PYTHON', code: 'print(6 * 7)' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '42\n' } },
    { text: 'It is 42.' },
  ],
};
const words: Readonly<Partial<Record<UpstreamDialect, readonly string[]>>> = {
  'openai-responses': [QUERY, PAGE.url, TEXT],
  'anthropic-messages': [QUERY, PAGE.url, PAGE.title, TEXT],
  gemini: ['print(6 * 7)', '42', 'It is 42.'],
};

describe.for(['openai-responses', 'anthropic-messages', 'gemini'] as const)('a later turn of a %s client', (client) => {
  test.for(dialects)('tells %s what was done before', async (upstream) => {
    await send(client, upstream, false, earlier[client]);
    const sent = JSON.stringify(seen);
    for (const word of words[client] ?? []) expect(sent).toContain(word);
    const verbatim = JSON.stringify(earlier[client]).slice(1, -1);
    if (client === upstream) expect(sent).toContain(verbatim);
    else expect(sent).not.toContain('srvtoolu_');
  });
});

test("what another provider's search found is no encrypted content to Claude: it gets the words", async () => {
  const { text } = await send('anthropic-messages', 'gemini', false);
  const { content } = JSON.parse(text);
  expect(content.map(({ type }: Wire) => type)).toEqual(['text', 'server_tool_use', 'web_search_tool_result']);
  await send('anthropic-messages', 'anthropic-messages', false, content);
  const blocks = seen.messages[1].content;
  expect(blocks.map(({ type }: Wire) => type)).toEqual(['text', 'text', 'text']);
  expect(JSON.stringify(blocks)).toContain(`The cup (${PAGE.url})`);
  expect(JSON.stringify(blocks)).not.toContain('llmproxy');
});
