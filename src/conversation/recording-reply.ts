import type { Reply } from '../pipeline/exchange.ts';

/** What of an answer is kept: nothing, its beginning (which states the id), or everything. */
export type Keep = 'nothing' | 'beginning' | 'everything';

const BEGINNING = 4096;
/** Longer answers are not stored. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Hands an answer to the client and remembers it, by reference; whoever wants it is told once it is complete. */
export class RecordingReply implements Reply {
  readonly #reply: Reply;
  readonly #complete: (answer: Buffer) => void;
  /** Decided when the upstream is known. */
  keep: Keep = 'nothing';
  #status = 0;
  #chunks: (Buffer | string)[] = [];
  #length = 0;

  constructor(reply: Reply, complete: (answer: Buffer) => void) {
    this.#reply = reply;
    this.#complete = complete;
  }

  get headSent(): boolean {
    return this.#reply.headSent;
  }

  get closed(): boolean {
    return this.#reply.closed;
  }

  head(status: number, headers: Record<string, string>): void {
    this.#status = status;
    this.#reply.head(status, headers);
  }

  write(chunk: Buffer | string): boolean {
    this.#remember(chunk);
    return this.#reply.write(chunk);
  }

  end(chunk?: Buffer | string): void {
    if (chunk !== undefined) this.#remember(chunk);
    this.#reply.end(chunk);
    const chunks = this.#chunks;
    this.#chunks = [];
    if (this.keep === 'nothing' || this.#status !== 200 || this.#length > MAX_BYTES) return;
    this.#complete(Buffer.concat(chunks.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))));
  }

  destroy(): void {
    this.#chunks = [];
    this.#reply.destroy();
  }

  onDrain(listener: () => void): void {
    this.#reply.onDrain(listener);
  }

  onClose(listener: () => void): void {
    this.#reply.onClose(listener);
  }

  #remember(chunk: Buffer | string): void {
    if (this.keep === 'nothing') return;
    const isEnough = this.keep === 'beginning' && this.#length >= BEGINNING;
    if (isEnough || this.#length > MAX_BYTES) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}
