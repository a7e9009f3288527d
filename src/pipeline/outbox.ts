import type { Reply } from './exchange.ts';

/** Hears of what happens to the reply. */
export interface OutboxListener {
  /** The head is about to be sent. */
  firstByte(): void;
  /** The client is slower than the upstream. */
  clientBehind(): void;
  /** Set to 0 when something is sent, see `Watched`. */
  quietTicks: number;
}

/**
 * Gathers what is written to a reply until it is flushed, and sends it in one write. The head goes out with the first
 * data, so that an attempt that fails before it leaves the reply untouched.
 */
export class Outbox {
  readonly #reply: Reply;
  readonly #listener: OutboxListener;
  #status = 0;
  #headers: Record<string, string> | undefined;
  #stream = false;
  #chunks: Buffer[] = [];
  #text = '';
  /** While true, nothing is sent: what was gathered is no part of an answer yet. */
  holding = false;
  /** Something of this answer is with the client. */
  begun = false;

  constructor(reply: Reply, listener: OutboxListener) {
    this.#reply = reply;
    this.#listener = listener;
  }

  /** The head to send with the first data; `stream` answers never get a content-length. */
  head(status: number, headers: Record<string, string>, stream: boolean): void {
    this.#status = status;
    this.#headers = headers;
    this.#stream = stream;
  }

  /** Keeps bytes for the next flush. */
  bytes(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  /** As {@link bytes}; nothing is sent for an empty text. */
  text(text: string): void {
    this.#text += text;
  }

  /** Sends what is left and ends the reply; one write in all when the answer came in one piece. */
  end(): void {
    const rest = this.#take();
    if (this.#reply.closed) return;
    // Known before the head is sent: no chunked encoding.
    if (!this.#reply.headSent && this.#headers !== undefined && !this.#stream) {
      this.#headers['content-length'] = String(rest === undefined ? 0 : Buffer.byteLength(rest));
    }
    this.#begin();
    this.#reply.end(rest);
  }

  /** Forgets what was not sent yet. */
  discard(): void {
    this.#take();
    this.#headers = undefined;
  }

  /** Sends what was gathered, unless it is held. Returns false when the client is behind. */
  flush(): boolean {
    if (this.holding) return true;
    const rest = this.#take();
    if (rest === undefined || this.#reply.closed) return true;
    this.#begin();
    this.#listener.quietTicks = 0;
    if (this.#reply.write(rest)) return true;
    this.#listener.clientBehind();
    return false;
  }

  /** Sends the head, unless a keep-alive had to go before the answer. */
  #begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.#listener.firstByte();
    if (!this.#reply.headSent && this.#headers !== undefined) this.#reply.head(this.#status, this.#headers);
  }

  #take(): Buffer | string | undefined {
    const chunks = this.#chunks;
    const text = this.#text;
    if (chunks.length === 0) {
      this.#text = '';
      return text === '' ? undefined : text;
    }
    this.#chunks = [];
    this.#text = '';
    if (text !== '') chunks.push(Buffer.from(text));
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }
}
