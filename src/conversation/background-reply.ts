import type { Reply } from '../pipeline/exchange.ts';

/** Follows an answer as it grows. */
export interface Follower {
  bytes(chunk: Buffer): void;
  end(): void;
}

/** Takes an answer for which no client waits, and shows it to those who come to see. */
export class BackgroundReply implements Reply {
  headSent = false;
  headers: Record<string, string> = {};
  closed = false;
  readonly #finished: (answer: Buffer, status: number) => void;
  readonly #followers = new Set<Follower>();
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #ended = false;
  #onClose: (() => void) | undefined;

  /** `finished` is told once, with the whole body. */
  constructor(finished: (answer: Buffer, status: number) => void) {
    this.#finished = finished;
  }

  head(status: number, headers: Record<string, string>): void {
    this.headSent = true;
    this.headers = headers;
    this.#status = status;
  }

  write(chunk: Buffer | string): boolean {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#chunks.push(bytes);
    for (const follower of this.#followers) follower.bytes(bytes);
    return true;
  }

  end(chunk?: Buffer | string): void {
    if (chunk !== undefined) this.write(chunk);
    this.#finish(this.#status);
  }

  destroy(): void {
    this.#finish(0);
  }

  onDrain(): void {
    // Nobody here is ever slow.
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** Ends the answer as a client does that goes away: the upstream is told at once. */
  close(): void {
    if (this.closed || this.#ended) return;
    this.closed = true;
    this.#onClose?.();
    this.#finish(0);
  }

  /** Shows what came so far and what follows; the returned function ends that. */
  follow(follower: Follower): () => void {
    for (const chunk of this.#chunks) follower.bytes(chunk);
    if (this.#ended) follower.end();
    else this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #finish(status: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finished(Buffer.concat(this.#chunks), status);
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
  }
}
