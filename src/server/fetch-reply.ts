import type { Reply } from '../pipeline/exchange.ts';
import { completeHeaders } from './reply-headers.ts';

/** How much may wait in a response body before the pipeline is told to hold. */
const HIGH_WATER_BYTES = 64 * 1024;

/** The reply half of door 2: becomes a web `Response` at the first byte of the answer, as on the wire. */
export class FetchReply implements Reply {
  /** Rejects as `fetch` does: with the abort reason, or with a TypeError when the connection is cut. */
  readonly response: Promise<Response>;
  readonly #request: Request;
  readonly #requestId: string;
  readonly #abort = (): void => this.#close(this.#request.signal.reason);
  #resolve: (response: Response) => void = () => {};
  #reject: (reason: unknown) => void = () => {};
  #init: { status: number; headers: Headers } | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #drain: (() => void) | undefined;
  #onClose: (() => void) | undefined;
  #waiting = false;
  #ended = false;
  #closed = false;

  constructor(request: Request, requestId: string) {
    this.#request = request;
    this.#requestId = requestId;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (request.signal.aborted) this.#abort();
    else request.signal.addEventListener('abort', this.#abort, { once: true });
  }

  get headSent(): boolean {
    return this.#init !== undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  head(status: number, headers: Record<string, string>): void {
    const list = completeHeaders(headers, this.#requestId, this.#request.headers.has('origin'));
    const all = new Headers();
    for (let index = 0; index + 1 < list.length; index += 2) all.append(list[index] ?? '', list[index + 1] ?? '');
    this.#init = { status, headers: all };
  }

  write(chunk: Buffer | string): boolean {
    if (this.#ended || this.#closed) return true;
    const controller = this.#open();
    controller.enqueue(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    this.#waiting = (controller.desiredSize ?? 0) <= 0;
    return !this.#waiting;
  }

  keepAlive(text: string): void {
    this.write(text);
  }

  end(chunk?: Buffer | string): void {
    if (this.#ended || this.#closed) return;
    if (this.#controller === undefined) {
      this.#resolve(this.#whole(chunk));
    } else {
      if (chunk !== undefined) this.write(chunk);
      this.#controller.close();
    }
    this.#ended = true;
    this.#request.signal.removeEventListener('abort', this.#abort);
  }

  destroy(): void {
    if (!this.#ended) this.#close(new TypeError('the connection was cut'));
  }

  onDrain(listener: () => void): void {
    this.#drain = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
    if (this.#closed) queueMicrotask(listener);
  }

  #whole(chunk: Buffer | string | undefined): Response {
    const { status } = this.#init ?? { status: 200 };
    const hasBody = this.#request.method !== 'HEAD' && status !== 204 && status !== 304;
    return new Response(hasBody && chunk !== undefined ? bytesOf(chunk) : null, this.#init);
  }

  #open(): ReadableStreamDefaultController<Uint8Array> {
    if (this.#controller !== undefined) return this.#controller;
    let opened: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          opened = controller;
        },
        pull: () => this.#pulled(),
        cancel: (reason) => this.#close(reason),
      },
      { highWaterMark: HIGH_WATER_BYTES, size: (chunk) => chunk.byteLength },
    );
    if (opened === undefined) throw new Error('the stream did not start');
    this.#controller = opened;
    this.#resolve(new Response(stream, this.#init));
    return opened;
  }

  #pulled(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#drain?.();
  }

  /** The reader is gone, or must learn that the answer broke off. */
  #close(reason: unknown): void {
    if (this.#closed || this.#ended) return;
    this.#closed = true;
    this.#request.signal.removeEventListener('abort', this.#abort);
    this.#reject(reason);
    // Does nothing on a stream its reader cancelled.
    this.#controller?.error(reason);
    this.#onClose?.();
  }
}

function bytesOf(chunk: Buffer | string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
}
