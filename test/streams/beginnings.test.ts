/** What comes instead of an answer, with status 200: the other credential is asked, and the client sees none of it. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, pairs, readError, readText } from '../faults/dialect-client.ts';
import { type Gateway, keyOf, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import {
  type Script,
  type ScriptedFault,
  type SeenRequest,
  streamOf,
  type UpstreamDialect,
} from '../support/scripted-upstream/index.ts';
import { checkStream } from './grammar.ts';

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };

let gateway: Gateway;
afterEach(() => gateway?.close());

/** How each dialect says in a stream that it is overloaded. */
const overload: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'data: {"error":{"message":"overloaded","type":"server_error","code":"server_is_overloaded"}}\n\n',
  'openai-responses':
    'event: response.failed\ndata: {"type":"response.failed","sequence_number":2,"response":{"id":"r","status":"failed","error":{"code":"server_is_overloaded","message":"overloaded"}}}\n\n',
  'anthropic-messages':
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"overloaded"}}\n\n',
  gemini: 'data: {"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}\n\n',
};

/** The events with which each dialect announces an answer. */
function announcement({ dialect, model }: SeenRequest): string {
  const pieces = streamOf({ dialect, model }, { reasoning: 'x' }, new URL('http://x/?alt=sse'));
  const length = { 'openai-chat': 1, 'openai-responses': 2, 'anthropic-messages': 3, gemini: 0 }[dialect];
  return pieces.slice(0, length).join('');
}

const errorBody: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': '{"error":{"message":"overloaded","type":"server_error","code":503}}',
  'openai-responses': '{"error":{"message":"overloaded","type":"server_error","code":"server_is_overloaded"}}',
  'anthropic-messages': '{"type":"error","error":{"type":"overloaded_error","message":"overloaded"}}',
  gemini: '[{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}]',
};

const HTML = '<!doctype html>\n<html>\n\n<body>Maintenance</body>\n\n</html>\n';

type Bad = (seen: SeenRequest) => ScriptedFault;

const inStreams: readonly (readonly [string, Bad])[] = [
  ['an error as the first event', ({ dialect }) => ({ fault: 'raw', pieces: [overload[dialect]] })],
  [
    'an announcement, then an error',
    (seen) => ({ fault: 'raw', pieces: [announcement(seen), 40, overload[seen.dialect]] }),
  ],
  ['an announcement, then the end', (seen) => ({ fault: 'raw', pieces: [announcement(seen), 40] })],
  ['comments, then an error', ({ dialect }) => ({ fault: 'raw', pieces: [': hi\n\n', 30, overload[dialect]] })],
  ['nothing', () => ({ fault: 'raw', pieces: [] })],
  ['comments only', () => ({ fault: 'raw', pieces: [': hi\n\n', 20, ': hi\n\n'] })],
  ['an error as JSON', ({ dialect }) => ({ fault: 'raw', headers: JSON_TYPE, pieces: [errorBody[dialect]] })],
  [
    'an error as JSON, called a stream',
    ({ dialect }) => ({ fault: 'raw', headers: SSE, pieces: [errorBody[dialect]] }),
  ],
  ['a page', () => ({ fault: 'raw', headers: { 'content-type': 'text/html' }, pieces: [HTML] })],
  ['a page, called a stream', () => ({ fault: 'raw', headers: SSE, pieces: [HTML.slice(0, 30), 20, HTML.slice(30)] })],
];

/** The first credential that is used is the bad one. */
function badFirst(bad: Bad): Script {
  let first: string | undefined;
  return (seen) => {
    first ??= keyOf(seen);
    return keyOf(seen) === first ? bad(seen) : { text: 'ok.' };
  };
}

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];

  test.for(inStreams)('%s: the other credential answers', async ([, bad]) => {
    gateway = await startGateway(badFirst(bad));
    const reply = await ask(gateway.origin, client, model, { stream: true });
    const text = await reply.text();
    expect(reply.status, text).toBe(200);
    checkStream(client, text);
    expect(text).toContain('ok.');
    expect(text).not.toContain('overloaded');
    expect(gateway.upstream.seen).toHaveLength(2);
  });

  test.for(inStreams)('%s from everybody: a status that says so', async ([, bad]) => {
    gateway = await startGateway(bad, { credentials: 1 });
    const reply = await ask(gateway.origin, client, model, { stream: true });
    expect(reply.status).toBeGreaterThanOrEqual(500);
    expect(readError(client, await reply.json()).shape).toBe(true);
  });

  test.for(['page', 'error'] as const)('a whole answer that is a %s: the other credential answers', async (kind) => {
    const body = ({ dialect }: SeenRequest): string =>
      kind === 'page' ? HTML : errorBody[dialect].replace(/^\[|\]$/g, '');
    gateway = await startGateway(badFirst((seen) => ({ fault: 'raw', headers: JSON_TYPE, pieces: [body(seen)] })));
    const reply = await ask(gateway.origin, client, model);
    expect(reply.status).toBe(200);
    expect(readText(client, await reply.json())).toBe('ok.');
    expect(gateway.upstream.seen).toHaveLength(2);
  });

  test('bootstrap-retries: streams are begun again, whole answers are not', async () => {
    const script: Script = (seen, index) =>
      index < 2 ? { fault: 'raw', pieces: [overload[seen.dialect]] } : { text: 'ok.' };
    const config = 'request-retry: 0\ndisable-cooling: true\nstreaming: { bootstrap-retries: 2 }';
    gateway = await startGateway(script, { credentials: 1, config });
    expect(await (await ask(gateway.origin, client, model, { stream: true })).text()).toContain('ok.');
    expect(gateway.upstream.seen).toHaveLength(3);
  });
});
