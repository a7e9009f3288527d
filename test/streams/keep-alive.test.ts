/** Silence: clients are kept waiting by what their dialect allows, and errors after it are still told. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, dialects, pairs, pathOf, readText } from '../faults/dialect-client.ts';
import { type Gateway, keyOf, startGateway } from '../faults/gateway.ts';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedFault,
  type SeenRequest,
  streamOf,
  type UpstreamDialect,
} from '../support/scripted-upstream/index.ts';
import { checkStream } from './grammar.ts';

const answer: ScriptedAnswer = { text: 'It took a while.' };
const COMMENT = ': keep-alive\n\n';
const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
const quick = 'request-retry: 0\nstreaming: { keepalive-seconds: 0.08 }\nnonstream-keepalive-interval: 0.08';

let gateway: Gateway;
afterEach(() => gateway?.close());

function pieces({ dialect, model }: Pick<SeenRequest, 'dialect' | 'model'>, sse = true): string[] {
  return streamOf({ dialect, model }, answer, new URL(`http://x/${sse ? '?alt=sse' : ''}`));
}

/** Waits before the head, and in the middle of the answer. */
function slow(seen: SeenRequest, before: number, amid: number): ScriptedFault {
  const chunks = pieces(seen);
  const half = Math.ceil(chunks.length / 2);
  return { fault: 'raw', pieces: [before, chunks.slice(0, half).join(''), amid, chunks.slice(half).join('')] };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];
  const stream = (): Promise<Response> => ask(gateway.origin, client, model, { stream: true });

  test('silence before the answer, in its middle, and none of it in the answer', async () => {
    gateway = await startGateway((seen) => slow(seen, 250, 250), { config: quick, credentials: 1 });
    const begun = performance.now();
    const text = await (await stream()).text();
    checkStream(client, text);
    expect(text.startsWith(COMMENT)).toBe(true);
    const beats = count(text, COMMENT) + count(text, PING);
    expect(beats).toBeGreaterThanOrEqual(2);
    // A busy machine makes the silence longer.
    expect(beats).toBeLessThanOrEqual((performance.now() - begun) / 80 + 2);
    expect(count(text, PING) > 0).toBe(client === 'anthropic-messages');
    expect(readStream(client, text)).toBe('It took a while.');
  });

  test('the head is out when the upstream fails: an error event, and no end', async () => {
    const body = JSON.stringify({ error: { message: 'refused after all', type: 'x', code: 400, status: 'INVALID' } });
    gateway = await startGateway(() => ({ fault: 'late-status', status: 400, body, afterMs: 200 }), {
      config: quick,
      credentials: 1,
    });
    const reply = await stream();
    expect(reply.status).toBe(200);
    const text = await reply.text();
    expect(text.startsWith(COMMENT)).toBe(true);
    expect(text).toContain('refused after all');
    checkStream(client, text, { broken: true });
  });

  test('the head is out when the first credential fails: the other one answers', async () => {
    let first: string | undefined;
    gateway = await startGateway(
      (seen) => {
        first ??= keyOf(seen);
        return keyOf(seen) === first ? { fault: 'late-status', status: 500, body: '{}', afterMs: 200 } : answer;
      },
      { config: quick },
    );
    const text = await (await stream()).text();
    expect(text.startsWith(COMMENT)).toBe(true);
    checkStream(client, text);
    expect(readStream(client, text)).toBe('It took a while.');
    expect(gateway.upstream.seen).toHaveLength(2);
  });

  test('a whole answer: white space before the JSON', async () => {
    gateway = await startGateway(() => ({ fault: 'late-answer', afterMs: 250, answer }), {
      config: quick,
      credentials: 1,
    });
    const reply = await ask(gateway.origin, client, model);
    expect([reply.status, reply.headers.get('content-length')]).toEqual([200, null]);
    const text = await reply.text();
    expect(text).toMatch(/^\n+\{/);
    expect(readText(client, JSON.parse(text))).toBe('It took a while.');
  });

  test('a whole answer that fails after white space is cut off, never a success', async () => {
    gateway = await startGateway(() => ({ fault: 'late-status', status: 500, body: '{}', afterMs: 200 }), {
      config: quick,
      credentials: 1,
    });
    const reply = await ask(gateway.origin, client, model);
    expect(reply.status).toBe(200);
    const { text, cut } = await readUntilCut(reply);
    expect(cut).toBe(true);
    // What went wrong is there to read all the same.
    expect(JSON.parse(text)).toMatchObject({ error: expect.anything() });
  });
});

/** The body as far as it came. */
async function readUntilCut(reply: Response): Promise<{ readonly text: string; readonly cut: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of reply.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, cut: false };
  } catch {
    return { text, cut: true };
  }
}

/** The text of a stream, read roughly. */
function readStream(client: UpstreamDialect, text: string): string {
  const field = { 'openai-chat': 'content', 'openai-responses': 'delta', 'anthropic-messages': 'text', gemini: 'text' }[
    client
  ];
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {') && !line.includes('.done"') && !line.includes('response":'))
    .flatMap((line) => [...line.matchAll(new RegExp(`"${field}":"([^"]*)"`, 'g'))].map((match) => match[1]))
    .join('');
}

test.for(dialects)('a Gemini client without SSE, %s upstream: white space between the elements', async (upstream) => {
  gateway = await startGateway(
    (seen) => {
      if (seen.dialect !== 'gemini') return slow(seen, 200, 200);
      const text = pieces(seen, false).join('');
      // Cut inside a string: no room for white space there.
      const cut = text.indexOf('It ') + 1;
      const headers = { 'content-type': 'application/json' };
      return {
        fault: 'raw',
        headers,
        pieces: [200, text.slice(0, cut), 200, text.slice(cut, -1), 200, text.slice(-1)],
      };
    },
    { config: quick, credentials: 1 },
  );
  const path = pathOf('gemini', upstreamModels[upstream], true).replace('?alt=sse', '');
  const reply = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
  });
  const text = await reply.text();
  expect(text).toMatch(/^\n+\[/);
  const chunks: { candidates?: { content?: { parts?: { text?: string }[] } }[] }[] = JSON.parse(text);
  const said = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts?.map((part) => part.text ?? '') ?? []);
  expect(said.join('')).toBe('It took a while.');
});

test.for(pairs)('%s client, %s upstream: off, a silent stream stays silent', async ([client, upstream]) => {
  const config = 'request-retry: 0\nstreaming: { keepalive-seconds: 0 }';
  gateway = await startGateway((seen) => slow(seen, 150, 150), { config, credentials: 1 });
  const text = await (await ask(gateway.origin, client, upstreamModels[upstream], { stream: true })).text();
  expect(count(text, COMMENT) + count(text, PING)).toBe(0);
});

test.for(pairs)('%s client, %s upstream: comments and pings do not hide a stall', async ([client, upstream]) => {
  const config = 'request-retry: 0\nupstream-timeouts: { stall: 0.3 }';
  gateway = await startGateway(
    (seen) => ({
      fault: 'raw',
      pieces: [
        pieces(seen)
          .slice(0, seen.dialect === 'gemini' ? 2 : 5)
          .join(''),
        ...Array.from({ length: 80 }, () => [': ping\n\n', 100] as const).flat(),
      ],
    }),
    { config, credentials: 1 },
  );
  const begun = performance.now();
  const text = await (await ask(gateway.origin, client, upstreamModels[upstream], { stream: true })).text();
  // The upstream itself would go on for eight seconds.
  expect(performance.now() - begun).toBeLessThan(6000);
  expect(text).toContain('kept the connection open');
  checkStream(client, text, { broken: true });
});
