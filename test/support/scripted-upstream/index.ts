/** A provider that answers what the test scripts, in all four dialects, over real sockets. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SelfSigned } from '../self-signed.ts';
import type { Script, ScriptedAnswer, ScriptedFault, SeenRequest, UpstreamDialect, Wire } from './script.ts';
import { chatJson, chatStream, readChat } from './wire-chat.ts';
import { geminiJson, geminiStream, readGemini } from './wire-gemini.ts';
import { messagesJson, messagesStream, readMessages } from './wire-messages.ts';
import { readResponses, responsesJson, responsesStream } from './wire-responses.ts';

export * from './script.ts';

/** A running scripted upstream. */
export interface ScriptedUpstream {
  /** `http://127.0.0.1:PORT`, or `https:` */
  readonly origin: string;
  /** Every generating request so far, in order. */
  readonly seen: SeenRequest[];
  script: Script;
  close(): Promise<void>;
}

/**
 * Starts an upstream on a free loopback port; with a certificate it speaks https. Its paths are those of the vendors:
 * /v1/chat/completions, ...
 */
export async function startScriptedUpstream(script: Script, identity?: SelfSigned): Promise<ScriptedUpstream> {
  const seen: SeenRequest[] = [];
  const upstream = { seen, script, origin: '', close: () => closeServer(server) };
  const listener: RequestListener = (request, response) => {
    void serve(request, response, upstream).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  };
  // Prefers HTTP/2, as the vendors do, but cannot speak it: a client that offers it fails.
  const tls = { ...identity, ALPNProtocols: ['h2', 'http/1.1'] };
  const server = identity === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // cast: a TCP server's address is an AddressInfo once it listens
  upstream.origin = `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return upstream;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function serve(request: IncomingMessage, response: ServerResponse, upstream: ScriptedUpstream): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const counted = countTokens(url.pathname);
  if (counted !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(counted);
    return;
  }
  const dialect = dialectOf(url.pathname);
  if (dialect === undefined)
    return void response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":{"message":"no such path"}}');
  const body: Wire = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  const record: SeenRequest = {
    dialect,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    ...read(dialect, url, body),
    aborted: false,
  };
  response.on('close', () => {
    if (!response.writableFinished) record.aborted = true;
  });
  upstream.seen.push(record);
  const outcome = upstream.script(record, upstream.seen.length - 1);
  if ('fault' in outcome) await fail(response, record, outcome, url);
  else await answer(response, record, outcome, url);
}

/** The vendors' own token counting: always 42. */
function countTokens(path: string): string | undefined {
  if (path.endsWith('/responses/input_tokens')) return '{"object":"response.input_tokens","input_tokens":42}';
  if (path.endsWith('/messages/count_tokens')) return '{"input_tokens":42}';
  return path.endsWith(':countTokens') ? '{"totalTokens":42}' : undefined;
}

function dialectOf(path: string): UpstreamDialect | undefined {
  if (path.endsWith('/chat/completions')) return 'openai-chat';
  if (path.endsWith('/responses')) return 'openai-responses';
  if (path.endsWith('/messages')) return 'anthropic-messages';
  return /\/models\/.+:(stream)?[gG]enerateContent$/.test(path) ? 'gemini' : undefined;
}

function read(
  dialect: UpstreamDialect,
  url: URL,
  body: Wire,
): Pick<SeenRequest, 'model' | 'stream' | 'userText' | 'tools' | 'toolResult'> {
  switch (dialect) {
    case 'openai-chat':
      return readChat(body);
    case 'openai-responses':
      return readResponses(body);
    case 'anthropic-messages':
      return readMessages(body);
    case 'gemini': {
      const [, model = '', action = ''] = /\/models\/(.+):(\w+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
      return { model, stream: action === 'streamGenerateContent', ...readGemini(body) };
    }
  }
}

function jsonOf(seen: SeenRequest, outcome: ScriptedAnswer): Wire {
  switch (seen.dialect) {
    case 'openai-chat':
      return chatJson(outcome, seen.model);
    case 'openai-responses':
      return responsesJson(outcome, seen.model);
    case 'anthropic-messages':
      return messagesJson(outcome, seen.model);
    case 'gemini':
      return geminiJson(outcome, seen.model);
  }
}

/** The pieces of an answer's stream, as the vendor of the dialect writes them. */
export function streamOf(seen: Pick<SeenRequest, 'dialect' | 'model'>, outcome: ScriptedAnswer, url: URL): string[] {
  switch (seen.dialect) {
    case 'openai-chat':
      return chatStream(outcome, seen.model);
    case 'openai-responses':
      return responsesStream(outcome, seen.model);
    case 'anthropic-messages':
      return messagesStream(outcome, seen.model);
    case 'gemini':
      return geminiStream(outcome, seen.model, url.searchParams.get('alt') === 'sse');
  }
}

function streamHead(response: ServerResponse, seen: SeenRequest, url: URL): void {
  const json = seen.dialect === 'gemini' && url.searchParams.get('alt') !== 'sse';
  response.writeHead(200, { 'content-type': json ? 'application/json' : 'text/event-stream' });
}

async function answer(response: ServerResponse, seen: SeenRequest, outcome: ScriptedAnswer, url: URL): Promise<void> {
  if (!seen.stream) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jsonOf(seen, outcome)));
    return;
  }
  streamHead(response, seen, url);
  for (const chunk of streamOf(seen, outcome, url)) {
    if (response.destroyed) return;
    response.write(chunk);
    if (outcome.paceMs !== undefined) await sleep(outcome.paceMs);
  }
  response.end();
}

/** How each vendor says amid a stream that it cannot go on. */
function errorEvent(dialect: UpstreamDialect, message: string): string {
  switch (dialect) {
    case 'openai-chat':
      return `data: ${JSON.stringify({ error: { message, type: 'server_error', param: null, code: 'server_error' } })}\n\n`;
    case 'openai-responses':
      return `event: error\ndata: ${JSON.stringify({ type: 'error', code: 'server_error', message, param: null, sequence_number: 9 })}\n\n`;
    case 'anthropic-messages':
      return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message } })}\n\n`;
    case 'gemini':
      return `data: ${JSON.stringify({ error: { code: 503, message, status: 'UNAVAILABLE' } })}\n\n`;
  }
}

async function fail(response: ServerResponse, seen: SeenRequest, outcome: ScriptedFault, url: URL): Promise<void> {
  switch (outcome.fault) {
    case 'status':
      response.writeHead(outcome.status, { 'content-type': 'application/json', ...outcome.headers }).end(outcome.body);
      return;
    case 'reset-before':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'late-status':
      await sleep(outcome.afterMs);
      response.writeHead(outcome.status, { 'content-type': 'application/json' }).end(outcome.body);
      return;
    case 'late-answer':
      await sleep(outcome.afterMs);
      await answer(response, seen, outcome.answer, url);
      return;
    case 'raw':
      response.writeHead(200, outcome.headers ?? { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (const piece of outcome.pieces) {
        if (typeof piece === 'number') await sleep(piece);
        else response.write(piece);
      }
      response.end();
      return;
    case 'error-event':
      streamHead(response, seen, url);
      for (const chunk of streamOf(seen, outcome.answer, url).slice(0, outcome.after)) response.write(chunk);
      // Together with the first bytes it would be an error before the answer, and tried again.
      await sleep(20);
      response.end(errorEvent(seen.dialect, outcome.message));
      return;
    case 'reset':
    case 'stall':
    case 'truncate': {
      streamHead(response, seen, url);
      for (const chunk of streamOf(seen, outcome.answer, url).slice(0, outcome.after)) response.write(chunk);
      await sleep(20);
      if (outcome.fault === 'reset') response.socket?.resetAndDestroy();
      else if (outcome.fault === 'truncate') response.end();
    }
  }
}
