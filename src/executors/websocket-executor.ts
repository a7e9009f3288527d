import type { Dispatchers } from '../upstream/client.ts';
import { connectionError } from '../upstream/connection-error.ts';
import { openWebSocket } from '../upstream/websocket.ts';
import type { Executor, UpstreamCall, UpstreamHandle, UpstreamSink } from './executor.ts';
import { type KeptConnection, SocketConnections } from './socket-connections.ts';
import { type RunContext, SocketRun } from './socket-run.ts';

/** Settings of a {@link WebSocketExecutor}. */
export interface WebSocketExecutorOptions {
  /** Takes the calls that are none for a WebSocket, and those whose upstream turns out to have none. */
  readonly http: Executor;
  readonly dispatchers: Pick<Dispatchers, 'proxyFor'>;
  readonly connectTimeoutMs?: number;
  readonly handshakeTimeoutMs?: number;
  /** Between two frames of an answer; 0: no limit. Default 5 minutes. */
  readonly idleTimeoutMs?: number;
}

/** The version of OpenAI's protocol that is spoken here. */
const PROTOCOL = 'responses_websockets=2026-02-06';

const NO_SOCKET: ReadonlySet<number> = new Set([404, 405, 426, 501]);

/** Whether an answer to the handshake means: no WebSocket here. One of success is of a server that read it as a plain GET. */
function hasNoSocket(status: number): boolean {
  return NO_SOCKET.has(status) || (status >= 200 && status < 300);
}

/** Sends calls over an upstream's WebSocket where they ask for it, and all others over HTTP. */
export class WebSocketExecutor implements Executor {
  readonly #options: WebSocketExecutorOptions;
  readonly #context: RunContext;

  constructor(options: WebSocketExecutorOptions) {
    this.#options = options;
    this.#context = {
      connections: new SocketConnections(),
      idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
      connect: (run) => this.#connect(run),
    };
  }

  send(call: UpstreamCall, sink: UpstreamSink): UpstreamHandle {
    if (call.socket === undefined) return this.#options.http.send(call, sink);
    const run = new SocketRun(call, call.socket, sink, this.#context);
    // The sink must not hear anything before the caller has its handle.
    if (this.#context.connections.isHttpOnly(call, call.socket)) process.nextTick(() => this.#withoutSocket(run));
    else process.nextTick(() => run.done || run.start());
    return run;
  }

  async #connect(run: SocketRun): Promise<KeptConnection | undefined> {
    const { origin, path, headers } = run.call;
    const proxyUrl = this.#options.dispatchers.proxyFor(origin, run.call.proxyUrl);
    const handshakeTimeoutMs = this.#options.handshakeTimeoutMs ?? 30_000;
    try {
      const handshake = await openWebSocket({
        url: new URL(origin + path),
        headers: handshakeHeaders(headers),
        proxyUrl,
        connectTimeoutMs: this.#options.connectTimeoutMs ?? 10_000,
        handshakeTimeoutMs,
      });
      if ('socket' in handshake) return this.#context.connections.add(run.call, run.socketCall, handshake.socket);
      const { status, headers: answered, body } = handshake.refused;
      if (!hasNoSocket(status)) {
        run.answer(status, answered, body);
        return undefined;
      }
      this.#context.connections.setHttpOnly(run.call, run.socketCall);
      this.#withoutSocket(run);
    } catch (error) {
      run.fail(
        connectionError(error, {
          address: new URL(origin).host,
          proxy: proxyUrl === undefined ? undefined : URL.parse(proxyUrl)?.host,
          started: false,
          answered: false,
          firstByteTimeoutMs: handshakeTimeoutMs,
          idleTimeoutMs: handshakeTimeoutMs,
        }),
      );
    }
    return undefined;
  }

  #withoutSocket(run: SocketRun): void {
    if (run.done) return;
    const { socket: _socket, ...plain } = run.call;
    if (run.socketCall.onlySocket) run.answer(426, {}, Buffer.alloc(0));
    else run.delegate(this.#options.http.send(plain, run.sink));
  }
}

/** The headers of the call without those of its body. */
function handshakeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'content-type': _type, 'content-length': _length, accept: _accept, ...rest } = headers;
  const beta = rest['openai-beta'];
  const named = beta?.includes('responses_websockets=') === true;
  return { ...rest, 'openai-beta': beta === undefined || named ? (beta ?? PROTOCOL) : `${beta}, ${PROTOCOL}` };
}
