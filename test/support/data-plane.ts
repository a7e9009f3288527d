import { configApiKeyAccess } from '../../src/access/config-api-key.ts';
import { createAccessManager } from '../../src/access/manager.ts';
import type { ClientCodec } from '../../src/dialects/codec.ts';
import { silentLogger } from '../../src/observability/logger.ts';
import type { Exchange } from '../../src/pipeline/exchange.ts';
import { writeJson } from '../../src/server/json-reply.ts';
import { createServer, type Server, type ServerOptions } from '../../src/server/server.ts';

/** The client key that the test server takes. */
export const CLIENT_KEY = 'sk-llmproxy-fake-client-key';

/** Headers of an allowed request. */
export const allowed: Readonly<Record<string, string>> = { authorization: `Bearer ${CLIENT_KEY}` };

/** A codec that renders errors so that a test sees which codec did it; nothing else of it is ever called here. */
function fakeCodec(id: string): ClientCodec {
  const unused = (): never => {
    throw new Error('the server must not translate');
  };
  return {
    id,
    decodeRequest: unused,
    encodeResponse: unused,
    createStreamEncoder: unused,
    clientPath: (path) => path,
    encodeError: (error) => ({ dialect: id, code: error.code, message: error.message }),
  };
}

/** Answers with what the pipeline was given. */
export function answerExchange(exchange: Exchange): void {
  const { reply, codec, headers: _, body, ...rest } = exchange;
  const text = JSON.stringify({ ...rest, dialect: codec.id, body: body.toString() });
  reply.head(200, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    'x-request-id': exchange.requestId,
  });
  reply.end(text);
}

/** Options of a server whose pipeline only reports what it was given. */
export function serverOptions(changes: Partial<ServerOptions> = {}): ServerOptions {
  const access = configApiKeyAccess([CLIENT_KEY]);
  let requests = 0;
  return {
    codecs: {
      chat: fakeCodec('chat'),
      completions: fakeCodec('completions'),
      responses: fakeCodec('responses'),
      messages: fakeCodec('messages'),
      gemini: fakeCodec('gemini'),
    },
    access: createAccessManager(access === undefined ? [] : [access]),
    handle: answerExchange,
    answerStored: ({ reply, action, id, principal, search }) =>
      writeJson(reply, 200, { action, id, search, principal: principal ?? null }),
    listModels: () => [],
    findModel: () => undefined,
    newRequestId: () => `r${++requests}`,
    bodyLimitBytes: 1024 * 1024,
    logger: silentLogger,
    ...changes,
  };
}

/** One way to send a request to a server. */
export interface Door {
  readonly server: Server;
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** Opens a server and gives the door of that name to it. */
export async function openDoor(name: 'node' | 'fetch', changes: Partial<ServerOptions> = {}): Promise<Door> {
  const server = createServer(serverOptions({ sockets: 1, ...changes }));
  if (name === 'fetch') {
    return { server, send: (path, init) => server.fetch(new Request(`http://llmproxy.test${path}`, init)) };
  }
  const { url } = await server.listen('127.0.0.1', 0);
  return { server, send: (path, init) => fetch(url + path, init) };
}

/** Both doors: whatever is true of one must be true of the other. */
export const doorNames = ['node', 'fetch'] as const;
