import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ProxyError } from '../errors.ts';
import { answerOf, type CallbackAnswer } from './callback-answer.ts';
import { type CallbackOutcome, callbackPage, pageHeaders } from './callback-page.ts';
import type { BrowserLogin } from './login.ts';
import { isSameSecret } from './same-secret.ts';

// Not an `import`: that loads more of node than a start has time for.
const { createServer } = process.getBuiltinModule('node:http');

/** What is waited for. */
export interface CallbackServerOptions {
  readonly callback: BrowserLogin['callback'];
  /** What must come back. */
  readonly state: string;
  /**
   * Where to listen instead of the registered port. Where the provider takes only that one, the browser is still sent
   * there, and something else (a tunnel, a container's port) leads here.
   */
  readonly port?: number | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Waits on this machine for the browser to come back. */
export interface CallbackServer {
  /** Where it listens. */
  readonly port: number;
  /** What the provider is told. */
  readonly redirectUri: string;
  /** Resolves once, with a refusal too; `client_closed` when the signal ended the wait. */
  readonly answer: Promise<CallbackAnswer>;
  close(): Promise<void>;
}

/** A head is all there is to read. */
const limits = { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 32 * 1024 };
/** With port 0, how often the two families may disagree. */
const TRIES = 3;

/** The address that the provider sends the browser to. */
export function redirectUriOf(callback: BrowserLogin['callback'], port: number = callback.port): string {
  const own = callback.anyPort === true ? port : callback.port;
  return `http://${callback.host}:${own}${callback.path}`;
}

/** Listens on the loopback addresses of the callback. Throws ProxyError when the port is taken. */
export async function startCallbackServer(options: CallbackServerOptions): Promise<CallbackServer> {
  const { callback, signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<CallbackAnswer>();
  // Whoever waits for it hears of it; a login that was given up has nobody who does.
  promise.catch(() => undefined);
  let isOver = false;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const answer = isOver ? 404 : readAnswer(request, options);
    if (typeof answer === 'number') {
      send(response, answer, 'unknown', request.method);
      return;
    }
    isOver = true;
    // Not before the page is with the browser: whoever has the answer closes the server.
    response.once('close', () => {
      void close();
      resolve(answer);
    });
    send(response, answer.error === undefined ? 200 : 400, answer.error === undefined ? 'received' : 'refused');
  };
  const { servers, port } = await listen(options, onRequest);
  const close = async (): Promise<void> => {
    isOver = true;
    signal.removeEventListener('abort', giveUp);
    await Promise.all(servers.map(closed));
  };
  const giveUp = (): void => {
    reject(new ProxyError('client_closed', 'the login was ended before it was complete'));
    void close();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  return { port, redirectUri: redirectUriOf(callback, port), answer: promise, close };
}

/** A status: it is not the answer that is waited for. */
function readAnswer(
  { method, url = '' }: IncomingMessage,
  { callback, state }: CallbackServerOptions,
): CallbackAnswer | number {
  const { pathname, searchParams } = URL.parse(url, 'http://localhost') ?? {};
  if (pathname !== callback.path || searchParams === undefined) return 404;
  if (method !== 'GET') return 405;
  const answer = answerOf(searchParams);
  const isOurs = isSameSecret(answer.state ?? '', state);
  return isOurs && (answer.code !== undefined || answer.error !== undefined) ? answer : 400;
}

function send(response: ServerResponse, status: number, outcome: CallbackOutcome, method?: string): void {
  const allow = status === 405 ? { allow: 'GET' } : {};
  response.writeHead(status, { ...pageHeaders, ...allow, connection: 'close' });
  response.end(method === 'HEAD' ? undefined : callbackPage(outcome));
}

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** `localhost` is 127.0.0.1 or ::1, as the browser likes: both, where the machine has both. */
async function listen(
  { callback, port: wished = callback.port }: CallbackServerOptions,
  onRequest: OnRequest,
): Promise<{ servers: readonly Server[]; port: number }> {
  for (let tries = 1; ; tries++) {
    const first = createServer(limits, onRequest);
    const port = await bind(first, '127.0.0.1', wished);
    if (callback.host !== 'localhost') return { servers: [first], port };
    const second = createServer(limits, onRequest);
    try {
      await bind(second, '::1', port);
      return { servers: [first, second], port };
    } catch (error) {
      const isTaken = error instanceof ProxyError && error.cause !== undefined && codeOf(error.cause) === 'EADDRINUSE';
      if (!isTaken) return { servers: [first], port };
      await closed(first);
      if (wished !== 0 || tries === TRIES) throw error;
    }
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function cannotListen(error: Error, host: string, port: number): ProxyError {
  const isTaken = codeOf(error) === 'EADDRINUSE';
  const reason = isTaken ? 'is taken by another program' : `cannot be listened on (${codeOf(error) ?? error.message})`;
  const ways = 'end that program, listen elsewhere with --port, or paste the address that the browser was sent to';
  return new ProxyError('invalid_config', `port ${port} of ${host} ${reason}: ${ways}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Browsers keep connections open that have not asked for anything yet.
    server.closeAllConnections();
  });
}
