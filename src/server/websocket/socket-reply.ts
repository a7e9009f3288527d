import type { ClientCodec } from '../../dialects/codec.ts';
import { SseParser } from '../../framing/sse.ts';
import { isJsonObject, type JsonObject } from '../../ir/index.ts';
import type { Reply } from '../../pipeline/exchange.ts';
import { AnswerEvents, type AnswerFacts, eventsOfResponse } from './answer-events.ts';
import { errorFrame, withLane } from './server-frame.ts';

/** Where frames go. */
export interface FrameSink {
  readonly closed: boolean;
  /** Returns false when the client is behind; then `onDrain` listeners hear when it has caught up. */
  send(frame: string): boolean;
  /** What is sent meanwhile goes out in one piece. */
  together(work: () => void): void;
  onceDrained(listener: () => void): void;
}

/** How an answer ended. */
export interface AnswerEnd extends AnswerFacts {
  readonly status: number;
}

/** Headers that are about the HTTP message, which does not exist here. */
const NOT_FRAMED = new Set(['content-type', 'content-length', 'cache-control']);

/** The reply half of a WebSocket: a stream of events becomes one frame for each, any other answer an error frame. */
export class SocketReply implements Reply {
  readonly #codec: ClientCodec;
  readonly #sink: FrameSink;
  readonly #streamId: string | undefined;
  readonly #done: (end: AnswerEnd) => void;
  readonly #events = new AnswerEvents();
  #parser: SseParser | undefined;
  #body: Buffer[] = [];
  #status = 0;
  #headers: Record<string, string> = {};
  #ended = false;
  #cancelled = false;
  #waiting = false;
  #drain: (() => void) | undefined;
  #close: (() => void) | undefined;

  constructor(codec: ClientCodec, sink: FrameSink, streamId: string | undefined, done: (end: AnswerEnd) => void) {
    this.#codec = codec;
    this.#sink = sink;
    this.#streamId = streamId;
    this.#done = done;
  }

  get headSent(): boolean {
    return this.#status !== 0;
  }

  get closed(): boolean {
    return this.#cancelled || (this.#sink.closed && !this.#ended);
  }

  head(status: number, headers: Record<string, string>): void {
    this.#status = status;
    this.#headers = headers;
    const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
    if (status < 300 && isStream) this.#parser = new SseParser();
  }

  write(chunk: Buffer | string): boolean {
    if (this.#ended || this.closed) return true;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.#parser === undefined) {
      this.#body.push(bytes);
      return true;
    }
    const frames = this.#parser.push(bytes);
    let free = true;
    this.#sink.together(() => {
      for (const { data } of frames) free = this.#event(data);
    });
    if (!free && !this.#waiting) {
      this.#waiting = true;
      this.#sink.onceDrained(() => this.#drained());
    }
    return free;
  }

  end(chunk?: Buffer | string): void {
    if (this.#ended) return;
    if (chunk !== undefined) this.write(chunk);
    if (this.#parser === undefined) this.#endWhole();
    else for (const { data } of this.#parser.end()) this.#event(data);
    if (this.#status < 300 && !this.#events.terminal) this.#broken();
    this.#finish();
  }

  destroy(): void {
    if (this.#ended) return;
    this.#broken();
    this.#finish();
  }

  onDrain(listener: () => void): void {
    this.#drain = listener;
  }

  onClose(listener: () => void): void {
    this.#close = listener;
    if (this.closed) queueMicrotask(listener);
  }

  /** The client wants no more of it, or is gone. */
  cancel(): void {
    if (this.#ended) return;
    this.#cancelled = true;
    this.#close?.();
    this.#finish();
  }

  #drained(): void {
    this.#waiting = false;
    this.#drain?.();
  }

  #event(data: string): boolean {
    // Not JSON: the mark with which streams of another dialect end.
    if (data === '[DONE]' || data === '') return true;
    if (!this.#events.push(data)) return true;
    return this.#sink.send(withLane(data, this.#streamId));
  }

  #endWhole(): void {
    const text = Buffer.concat(this.#body).toString('utf8');
    const body = parseObject(text);
    if (this.#status >= 300) {
      const headers = Object.fromEntries(Object.entries(this.#headers).filter(([name]) => !NOT_FRAMED.has(name)));
      this.#sink.send(errorFrame(this.#status, body ?? { message: text }, headers, this.#streamId));
    } else if (body !== undefined) {
      for (const event of eventsOfResponse(body)) this.#event(event);
    }
  }

  /** An error that only a stream over HTTP can end with, as a frame; clients of WebSockets wait on otherwise. */
  #sendError(event: JsonObject): void {
    const error = this.#codec.readInStreamError?.(event);
    if (error === undefined) this.#broken();
    else this.#sink.send(errorFrame(error.status, this.#codec.encodeError(error), {}, this.#streamId));
  }

  #broken(): void {
    const message = 'stream closed before response.completed';
    this.#sink.send(
      errorFrame(502, { error: { type: 'server_error', code: 'server_error', message } }, {}, this.#streamId),
    );
  }

  #finish(): void {
    this.#ended = true;
    const error = this.#events.bareError;
    if (error !== undefined && !this.#cancelled) this.#sendError(error);
    this.#done({ ...this.#events.facts(), status: this.#status });
  }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
