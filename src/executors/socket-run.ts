import { Buffer } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import { ProxyError } from '../errors.ts';
import type { SocketCall, UpstreamCall, UpstreamHandle, UpstreamSink } from './executor.ts';
import type { KeptConnection, SocketConnections } from './socket-connections.ts';
import { readUpstreamFrame, toServerSentEvent, type UpstreamFrame } from './socket-frame.ts';

/** What a run asks of its executor. */
export interface RunContext {
  readonly connections: SocketConnections;
  readonly idleTimeoutMs: number;
  /** Opens a connection; `undefined` when the run has been answered in another way. */
  connect(run: SocketRun): Promise<KeptConnection | undefined>;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const EVENT_STREAM: Headers = { 'content-type': 'text/event-stream' };
const JSON_BODY: Headers = { 'content-type': 'application/json' };
const TOO_BIG = 1009;

/** One call over a WebSocket: what comes back reaches the sink as if it had come over HTTP. */
export class SocketRun implements UpstreamHandle {
  readonly call: UpstreamCall;
  readonly socketCall: SocketCall;
  readonly sink: UpstreamSink;
  readonly #context: RunContext;
  #connection: KeptConnection | undefined;
  /** Another run answers instead: over HTTP. */
  #delegate: UpstreamHandle | undefined;
  #reused = false;
  #repeated = false;
  #sentIncrement = false;
  #headSent = false;
  #done = false;
  #responseId: string | undefined;
  #notices: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #detach: () => void = () => {};

  constructor(call: UpstreamCall, socketCall: SocketCall, sink: UpstreamSink, context: RunContext) {
    this.call = call;
    this.socketCall = socketCall;
    this.sink = sink;
    this.#context = context;
  }

  /** True once the caller wants no more. */
  get done(): boolean {
    return this.#done;
  }

  start(): void {
    const kept = this.#context.connections.take(this.call, this.socketCall);
    this.#reused = kept !== undefined;
    if (kept === undefined) this.#connect();
    else this.#use(kept);
  }

  resume(): void {
    if (this.#delegate !== undefined) this.#delegate.resume();
    else this.#connection?.socket.resume();
  }

  abort(): void {
    if (this.#done) return;
    this.#done = true;
    this.#delegate?.abort();
    this.#drop();
  }

  /** The call goes on elsewhere. */
  delegate(handle: UpstreamHandle): void {
    this.#delegate = handle;
  }

  /** An answer that is no stream of events. */
  answer(status: number, headers: Headers, body: Buffer): void {
    if (this.#done) return;
    this.#done = true;
    this.sink.head(status, headers);
    if (body.length > 0) this.sink.data(body);
    this.sink.end();
  }

  fail(error: ProxyError): void {
    if (this.#done) return;
    this.#done = true;
    this.#drop();
    this.sink.error(error);
  }

  #connect(): void {
    void this.#context.connect(this).then((connection) => {
      if (connection === undefined) return;
      if (this.#done) connection.socket.terminate();
      else this.#use(connection);
    });
  }

  #use(connection: KeptConnection): void {
    this.#connection = connection;
    const { socket } = connection;
    const onMessage = (data: RawData, isBinary: boolean): void => this.#message(data, isBinary);
    const onClose = (code: number): void => this.#closed(code);
    const onPing = (): void => this.#restartTimer();
    socket.on('message', onMessage).on('close', onClose).on('ping', onPing);
    this.#detach = () => {
      clearTimeout(this.#timer);
      socket.off('message', onMessage).off('close', onClose).off('ping', onPing);
      this.#detach = () => {};
    };
    this.#send(socket, connection.lastResponseId);
  }

  #send(socket: WebSocket, known: string | undefined): void {
    const { increment, frame } = this.socketCall;
    this.#sentIncrement = increment !== undefined && known === increment.previousResponseId;
    const text = this.#sentIncrement && increment !== undefined ? increment.frame : frame;
    this.#restartTimer();
    socket.send(text, { compress: false }, (error) => {
      if (error) this.#broke();
    });
  }

  #message(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.fail(new ProxyError('upstream_invalid_response', 'the upstream sent a binary WebSocket frame'));
      return;
    }
    this.#restartTimer();
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : String(data);
    this.#frame(text, readUpstreamFrame(text));
  }

  #frame(text: string, frame: UpstreamFrame): void {
    switch (frame.kind) {
      case 'notice':
        // Not an answer yet: an error that follows can still be met by another credential.
        if (this.#headSent) this.#pass(text);
        else this.#notices.push(text);
        return;
      case 'event':
        this.#pass(text);
        return;
      case 'created':
        this.#responseId = frame.responseId;
        this.#pass(text);
        return;
      case 'terminal':
        this.#responseId = frame.responseId ?? this.#responseId;
        this.#pass(text);
        this.#finish();
        return;
      case 'error':
        this.#error(text, frame);
        return;
    }
  }

  #pass(text: string): void {
    if (!this.#headSent) {
      this.#headSent = true;
      this.sink.head(200, EVENT_STREAM);
      for (const notice of this.#notices.splice(0)) this.sink.data(Buffer.from(toServerSentEvent(notice)));
    }
    if (!this.sink.data(Buffer.from(toServerSentEvent(text)))) this.#connection?.socket.pause();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    const connection = this.#connection;
    this.#detach();
    if (connection !== undefined) this.#context.connections.free(connection, this.#responseId);
    this.sink.end();
  }

  #error(text: string, frame: Extract<UpstreamFrame, { kind: 'error' }>): void {
    if (this.#headSent) {
      this.#pass(text);
      this.#done = true;
      this.#drop();
      this.sink.end();
    } else if (!this.#repeated && this.#canBeRepeated(frame.code)) {
      this.#reconnect();
    } else {
      this.#drop();
      this.answer(frame.status === 0 ? 502 : frame.status, JSON_BODY, Buffer.from(JSON.stringify(frame.body)));
    }
  }

  /** Another connection takes the same request; or this upstream has forgotten what we left out. */
  #canBeRepeated(code: string): boolean {
    if (code === 'websocket_connection_limit_reached') return true;
    return code === 'previous_response_not_found' && this.#sentIncrement;
  }

  #closed(code: number): void {
    if (this.#done) return;
    if (code === TOO_BIG && !this.#headSent) {
      this.#detach();
      const message = 'the upstream takes no message of this size';
      const error = { type: 'invalid_request_error', code: 'message_too_big', message };
      this.answer(413, JSON_BODY, Buffer.from(JSON.stringify({ error })));
    } else this.#broke();
  }

  /** A kept connection may have ended just as it was used: that says nothing about the upstream. */
  #broke(): void {
    if (this.#done) return;
    const untouched = !this.#headSent && this.#notices.length === 0;
    if (this.#reused && !this.#repeated && untouched) this.#reconnect();
    else if (this.#headSent) {
      this.fail(
        new ProxyError('upstream_stream_truncated', 'the upstream closed its WebSocket in the middle of its answer'),
      );
    } else this.fail(new ProxyError('upstream_failed', 'the upstream closed its WebSocket before it answered'));
  }

  #reconnect(): void {
    this.#repeated = true;
    this.#reused = false;
    this.#notices = [];
    this.#drop();
    this.#connect();
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#detach();
    connection?.socket.terminate();
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    const { idleTimeoutMs } = this.#context;
    if (idleTimeoutMs === 0) return;
    this.#timer = setTimeout(() => {
      const message = `the upstream sent nothing over its WebSocket for ${Math.round(idleTimeoutMs / 1000)} s`;
      this.fail(new ProxyError('upstream_timeout', message));
    }, idleTimeoutMs);
  }
}
