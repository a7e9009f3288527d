/** Careless servers: the same answer in every form that SSE allows, and some that it does not. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, pairs } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import { type ScriptedFault, type SeenRequest, streamOf } from '../support/scripted-upstream/index.ts';
import { checkStream } from './grammar.ts';

const TEXT = 'Grüezi 你好 🙂 done';

let gateway: Gateway;
afterEach(() => gateway?.close());

type Form = (stream: string, seen: SeenRequest) => readonly (string | Buffer | number)[];

/** Every byte on its own would take seconds: cut everywhere inside the characters of several bytes. */
function cutInCharacters(stream: string): (Buffer | number)[] {
  const bytes = Buffer.from(stream);
  const pieces: (Buffer | number)[] = [];
  let from = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) continue;
    pieces.push(bytes.subarray(from, at), 2);
    from = at;
  }
  return [...pieces, bytes.subarray(from)];
}

const forms: readonly (readonly [string, Form])[] = [
  ['CRLF', (stream) => [stream.replace(/\r?\n/g, '\r\n')]],
  ['a byte order mark', (stream) => [`\uFEFF${stream}`]],
  [
    'a byte order mark cut apart',
    (stream) => [
      ...['ef', 'bb'].flatMap((hex) => [Buffer.from(hex, 'hex'), 5]),
      Buffer.concat([Buffer.from('bf', 'hex'), Buffer.from(stream)]),
    ],
  ],
  ['no event names', (stream) => [stream.replace(/^event:.*\n/gm, '')]],
  [
    'comments, ids and retry times',
    (stream) => [stream.replaceAll('\n\n', '\n\n: comment\n\n').replace(/^data:/gm, 'id: 1\nretry: 5\ndata:')],
  ],
  ['data over several lines', (stream) => [stream.replace(/^(data: \{)/gm, '$1\ndata: ')]],
  ['no space after the colon', (stream) => [stream.replace(/^(data|event): /gm, '$1:')]],
  ['cuts inside characters', cutInCharacters],
  ['an event cut in two', (stream) => [stream.slice(0, -20), 20, stream.slice(-20)]],
  ['no blank line at the end', (stream) => [stream.trimEnd()]],
  ['no [DONE]', (stream) => [stream.replace('data: [DONE]\n\n', '')]],
];

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  test.for(forms)('%s', async ([, form]) => {
    gateway = await startGateway(
      (seen): ScriptedFault => {
        const stream = streamOf(seen, { text: TEXT }, new URL('http://x/?alt=sse')).join('');
        return { fault: 'raw', pieces: form(stream, seen) };
      },
      { credentials: 1 },
    );
    const reply = await ask(gateway.origin, client, upstreamModels[upstream], { stream: true });
    const text = await reply.text();
    checkStream(client, text);
    const said = [...text.replace(/\r?\ndata: ?/g, '\n').matchAll(/"(?:content|delta|text)":\s*"([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(said.join('')).toContain(TEXT);
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  if (client !== upstream) {
    test.for([
      ['empty events', (stream: string) => stream.replaceAll('\n\n', '\n\ndata:\n\n')],
      ['data after the end', (stream: string) => stream + stream],
      ['two terminal events', (stream: string) => stream + stream.slice(stream.trimEnd().lastIndexOf('\n\n') + 2)],
      ['names that contradict the data', (stream: string) => stream.replace(/^event:.*$/gm, 'event: message')],
    ] as const)('%s: one answer', async ([, change]) => {
      // Gemini streams have no terminal event that more could follow.
      if (upstream === 'gemini') return;
      gateway = await startGateway(
        (seen): ScriptedFault => {
          const stream = streamOf(seen, { text: TEXT }, new URL('http://x/')).join('');
          return { fault: 'raw', pieces: [change(stream)] };
        },
        { credentials: 1 },
      );
      const text = await (await ask(gateway.origin, client, upstreamModels[upstream], { stream: true })).text();
      checkStream(client, text);
    });
  }
});

test("a Responses stream that ends with another dialect's mark is complete", async () => {
  const dialect = 'openai-responses';
  gateway = await startGateway(
    (seen): ScriptedFault => {
      const stream = streamOf(seen, { text: TEXT }, new URL('http://x/')).join('');
      return { fault: 'raw', pieces: [`${stream}event: done\ndata: [DONE]\n\n`] };
    },
    { credentials: 1 },
  );
  const reply = await ask(gateway.origin, dialect, upstreamModels[dialect], { stream: true });
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('response.completed')]);
});
