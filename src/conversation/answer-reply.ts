import type { Reply } from '../pipeline/exchange.ts';
import { type AnswerMembers, setBodyMembers, setEventMembers } from './answer-members.ts';

/** What of an answer is kept: nothing, its beginning (which states the id), or everything. */
export type Keep = 'nothing' | 'beginning' | 'everything';

const BEGINNING = 4096;
/** Longer answers are not stored. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Hands an answer to the client, corrected where only llmproxy knows the truth, and remembers it by reference. */
export class AnswerReply implements Reply {
  readonly #reply: Reply;
  readonly #complete: (answer: Buffer) => void;
  /** This and the next one are decided when the upstream is known, before its answer. */
  keep: Keep = 'nothing';
  members: AnswerMembers | undefined;
  #status = 0;
  #isStream = false;
  /** The head of a whole answer that waits for its body. */
  #heldHead: Record<string, string> | undefined;
  #held: (Buffer | string)[] = [];
  #kept: (Buffer | string)[] = [];
  #length = 0;

  /** `complete` is told of a successful answer that is to be kept, after the client has all of it. */
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
    this.#isStream = headers['content-type']?.startsWith('text/event-stream') ?? false;
    if (this.#isHeld()) this.#heldHead = headers;
    else this.#reply.head(status, headers);
  }

  /** A whole answer is corrected when it is there. The members may become known after a keep-alive took the head. */
  #isHeld(): boolean {
    return this.#status === 200 && !this.#isStream && this.members !== undefined;
  }

  get keepAlive(): ((text: string) => void) | undefined {
    return this.#reply.keepAlive === undefined ? undefined : (text) => this.#sendKeepAlive(text);
  }

  #sendKeepAlive(text: string): void {
    if (this.#heldHead !== undefined) this.#reply.head(this.#status, this.#heldHead);
    this.#heldHead = undefined;
    this.#reply.keepAlive?.(text);
  }

  write(chunk: Buffer | string): boolean {
    if (this.#isHeld()) {
      this.#held.push(chunk);
      return true;
    }
    const right = this.#corrected(chunk);
    this.#remember(right);
    return this.#reply.write(right);
  }

  end(chunk?: Buffer | string): void {
    if (this.#isHeld()) this.#endHeld(chunk);
    else {
      const right = chunk === undefined ? undefined : this.#corrected(chunk);
      if (right !== undefined) this.#remember(right);
      this.#reply.end(right);
    }
    if (this.keep === 'nothing' || this.#status !== 200 || this.#length > MAX_BYTES) return;
    const kept = this.#kept;
    this.#kept = [];
    this.#complete(joined(kept));
  }

  #endHeld(chunk: Buffer | string | undefined): void {
    const headers = this.#heldHead;
    this.#heldHead = undefined;
    const body = setBodyMembers(
      joined(chunk === undefined ? this.#held : [...this.#held, chunk]),
      this.members ?? { set: {}, correct: {} },
    );
    this.#remember(body);
    if (headers !== undefined) this.#reply.head(this.#status, { ...headers, 'content-length': String(body.length) });
    this.#reply.end(body);
  }

  destroy(): void {
    this.#kept = [];
    const held = this.#held;
    this.#held = [];
    if (held.length === 0) {
      this.#reply.destroy();
      return;
    }
    for (const chunk of held) this.#reply.write(chunk);
    // What is written reaches the socket at the end of this turn.
    setImmediate(() => this.#reply.destroy());
  }

  onDrain(listener: () => void): void {
    this.#reply.onDrain(listener);
  }

  onClose(listener: () => void): void {
    this.#reply.onClose(listener);
  }

  #corrected(chunk: Buffer | string): Buffer | string {
    if (this.members === undefined || !this.#isStream || this.#status !== 200) return chunk;
    if (typeof chunk === 'string') return setEventMembers(chunk, this.members);
    // Most pieces of a stream are deltas: those are not decoded.
    return chunk.includes('"response"') ? setEventMembers(chunk.toString('utf8'), this.members) : chunk;
  }

  #remember(chunk: Buffer | string): void {
    const isEnough = this.keep === 'beginning' && this.#length >= BEGINNING;
    if (this.keep === 'nothing' || isEnough || this.#length > MAX_BYTES) return;
    this.#kept.push(chunk);
    this.#length += chunk.length;
  }
}

function joined(pieces: readonly (Buffer | string)[]): Buffer {
  const [first] = pieces;
  if (pieces.length === 1 && first instanceof Buffer) return first;
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
