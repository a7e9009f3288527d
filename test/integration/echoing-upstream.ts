/** An upstream that repeats the caller's key wherever a careless server might. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';

/** Where the key is repeated; the prompt of a request names it. */
export const places = [
  'error-401',
  'error-400',
  'error-503-text',
  'error-in-list',
  'redirect',
  'header',
  'stream-first',
  'stream-later',
  'stream-garbage',
  'whole-garbage',
] as const;

/** A running one. */
export interface EchoingUpstream {
  readonly origin: string;
  requests(): number;
  close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startEchoingUpstream(): Promise<EchoingUpstream> {
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const place = places.find((name) => body.includes(`place:${name}`));
    answer(request, response, place, secretsOf(request));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Everything the caller sent that is secret. */
function secretsOf({ headers }: IncomingMessage): string {
  const names = ['authorization', 'x-api-key', 'x-goog-api-key', 'x-tenant-token'];
  return names.map((name) => headers[name] ?? '').join(' ');
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  place: (typeof places)[number] | undefined,
  secrets: string,
): void {
  const dialect = dialectOf(request.url ?? '');
  const error = JSON.stringify(errorBody(dialect, `your key ${secrets} is wrong`));
  const json = { 'content-type': 'application/json', 'x-echo': secrets };
  const sse = { 'content-type': 'text/event-stream', 'x-echo': secrets };
  switch (place) {
    case 'error-401':
      return void response.writeHead(401, json).end(error);
    case 'error-400':
      return void response.writeHead(400, json).end(error);
    case 'error-503-text':
      return void response.writeHead(503, { 'content-type': 'text/plain' }).end(`no service for ${secrets}`);
    case 'error-in-list':
      return void response.writeHead(500, json).end(`[${error}]`);
    case 'redirect':
      return void response.writeHead(302, { location: `http://127.0.0.1:1/?key=${encodeURIComponent(secrets)}` }).end();
    case 'header':
      return void response.writeHead(200, json).end('{}');
    case 'stream-first':
      return void response.writeHead(200, sse).end(`event: error\ndata: ${error}\n\n`);
    case 'stream-later':
      return void response.writeHead(200, sse).end(`${firstEvents(dialect)}event: error\ndata: ${error}\n\n`);
    case 'stream-garbage':
      return void response.writeHead(200, sse).end(`${firstEvents(dialect)}data: {"oops ${secrets}\n\n`);
    case 'whole-garbage':
      return void response.writeHead(200, json).end(`{"oops ${secrets}`);
    case undefined:
      return void response.writeHead(500).end();
  }
}

function dialectOf(url: string): UpstreamDialect {
  if (url.includes('/chat/')) return 'openai-chat';
  if (url.includes('/responses')) return 'openai-responses';
  return url.includes('/messages') ? 'anthropic-messages' : 'gemini';
}

function errorBody(dialect: UpstreamDialect, message: string): object {
  switch (dialect) {
    case 'openai-chat':
      return { error: { message, type: 'invalid_request_error', param: null, code: null } };
    case 'openai-responses':
      return {
        type: 'error',
        message,
        code: 'x',
        param: null,
        error: { message, type: 'server_error', param: null, code: 'x' },
      };
    case 'anthropic-messages':
      return { type: 'error', error: { type: 'api_error', message } };
    case 'gemini':
      return { error: { code: 500, message, status: 'INTERNAL' } };
  }
}

/** A proper beginning of a stream. */
function firstEvents(dialect: UpstreamDialect): string {
  switch (dialect) {
    case 'openai-chat':
      return 'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}\n\n';
    case 'openai-responses':
      return (
        'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}\n\n' +
        'event: response.output_item.added\ndata: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"i","role":"assistant","status":"in_progress","content":[]}}\n\n' +
        'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":2,"output_index":0,"content_index":0,"item_id":"i","delta":"Hi"}\n\n'
      );
    case 'anthropic-messages':
      return (
        'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n' +
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
        'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\n'
      );
    case 'gemini':
      return 'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"index":0}]}\n\n';
  }
}
