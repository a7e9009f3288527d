import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { toProxyError } from '../errors.ts';
import type { Dispatchers } from '../upstream/client.ts';
import { connectionError } from '../upstream/connection-error.ts';
import { ContentDecoder, compressionOf } from '../upstream/content-decoder.ts';
import { brokeWhileReused } from '../upstream/reused-connection.ts';
import type { Executor, UpstreamCall, UpstreamHandle, UpstreamSink } from './executor.ts';

/** Settings of an {@link HttpExecutor}. */
export interface HttpExecutorOptions {
  readonly dispatchers: Dispatchers;
  /** From the sent request to the answer's head; 0: no limit. Default 10 minutes. */
  readonly firstByteTimeoutMs?: number;
  /** Between two pieces of an answer; 0: no limit. Default 5 minutes. There is no limit on the whole. */
  readonly idleTimeoutMs?: number;
}

interface Timeouts {
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Runs calls over HTTP/1.1 with undici's handlers: no stream object and no promise per call. */
export class HttpExecutor implements Executor {
  readonly #dispatchers: Dispatchers;
  readonly #timeouts: Timeouts;

  constructor(options: HttpExecutorOptions) {
    this.#dispatchers = options.dispatchers;
    this.#timeouts = {
      firstByteTimeoutMs: options.firstByteTimeoutMs ?? 600_000,
      idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
    };
  }

  send(call: UpstreamCall, sink: UpstreamSink): UpstreamHandle {
    const run = new HttpCall(call, sink, this.#dispatchers, this.#timeouts);
    try {
      const dispatcher = this.#dispatchers.get(call.origin, call.proxyUrl);
      if (dispatcher instanceof Promise) dispatcher.then((ready) => run.start(ready)).catch((error) => run.fail(error));
      else run.start(dispatcher);
    } catch (error) {
      run.fail(error);
    }
    return run;
  }
}

/** undici's handler and the caller's handle in one object. */
class HttpCall implements Dispatcher.DispatchHandler, UpstreamHandle {
  readonly #call: UpstreamCall;
  readonly #sink: UpstreamSink;
  readonly #dispatchers: Dispatchers;
  readonly #timeouts: Timeouts;
  #controller: Dispatcher.DispatchController | undefined;
  #decoder: ContentDecoder | undefined;
  #answered = false;
  /** A head whose length holds only if the body turns out not to be compressed. */
  #held: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
  #begun = false;
  #repeated = false;
  /** Nothing more is told to the sink. */
  #done = false;

  constructor(call: UpstreamCall, sink: UpstreamSink, dispatchers: Dispatchers, timeouts: Timeouts) {
    this.#call = call;
    this.#sink = sink;
    this.#dispatchers = dispatchers;
    this.#timeouts = timeouts;
  }

  start(dispatcher: Dispatcher): void {
    if (this.#done) return;
    const { origin, path, method, headers, body } = this.#call;
    dispatcher.dispatch(
      {
        origin,
        path,
        method,
        headers,
        body: body ?? null,
        headersTimeout: this.#timeouts.firstByteTimeoutMs,
        bodyTimeout: this.#timeouts.idleTimeoutMs,
      },
      this,
    );
  }

  resume(): void {
    if (this.#decoder !== undefined) this.#decoder.resume();
    else this.#controller?.resume();
  }

  abort(): void {
    if (this.#done) return;
    this.#done = true;
    this.#decoder?.destroy();
    this.#controller?.abort(new Error('aborted'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) controller.abort(new Error('aborted'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx answers come before the one that counts.
    if (this.#done || status < 200) return;
    this.#answered = true;
    const encoding = headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity' || encoding === '') {
      this.#held = { status, headers };
      if (headers['content-length'] === undefined) this.#release();
    } else {
      this.#begun = true;
      // A header that comes twice is a list, whatever its type says.
      this.#startDecoder(controller, [encoding].flat().join(', '), status, headers);
    }
  }

  #startDecoder(
    controller: Dispatcher.DispatchController,
    encoding: string,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    try {
      this.#decoder = new ContentDecoder(encoding, this.#sink, controller);
    } catch (error) {
      this.abort();
      this.#sink.error(toProxyError(error));
      return;
    }
    const { 'content-encoding': _encoding, 'content-length': _length, ...plain } = headers;
    this.#sink.head(status, plain);
  }

  #begin(controller: Dispatcher.DispatchController, start: Buffer): void {
    this.#begun = true;
    const encoding = compressionOf(start);
    if (encoding !== undefined) {
      if (this.#held !== undefined) {
        const { 'content-length': _length, ...headers } = this.#held.headers;
        this.#held = { ...this.#held, headers };
      }
      this.#decoder = new ContentDecoder(encoding, this.#sink, controller);
    }
    this.#release();
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#sink.head(held.status, held.headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    if (!this.#begun) this.#begin(controller, chunk);
    if (this.#decoder !== undefined) this.#decoder.write(chunk);
    else if (!this.#sink.data(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#done) return;
    if (this.#decoder !== undefined) {
      this.#decoder.end();
      return;
    }
    this.#release();
    this.#done = true;
    this.#sink.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Tells the sink, once, that the call failed. */
  fail(error: unknown): void {
    if (this.#done || this.#repeat(error)) return;
    this.#release();
    this.#done = true;
    this.#decoder?.destroy();
    const { origin } = this.#call;
    const proxyUrl = this.#dispatchers.proxyFor(origin, this.#call.proxyUrl);
    this.#sink.error(
      connectionError(error, {
        address: addressOf(origin),
        proxy: proxyUrl === undefined ? undefined : addressOf(proxyUrl),
        started: this.#controller !== undefined,
        answered: this.#answered,
        ...this.#timeouts,
      }),
    );
  }

  /** Once, on a new connection, when a kept one was closed just as the call was sent: nobody is to blame for that. */
  #repeat(error: unknown): boolean {
    if (this.#answered || this.#repeated || !brokeWhileReused(error)) return false;
    const fresh = this.#dispatchers.fresh(this.#call.origin, this.#call.proxyUrl);
    if (fresh === undefined) return false;
    this.#repeated = true;
    this.start(fresh);
    // Waits for the call; only then it closes.
    fresh.close().catch(() => {});
    return true;
  }
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** `host:port` of a URL, without anything secret. */
function addressOf(text: string): string {
  const url = URL.parse(text);
  if (url === null) return 'an invalid address';
  return `${url.hostname}:${url.port || (DEFAULT_PORTS[url.protocol] ?? '1080')}`;
}
