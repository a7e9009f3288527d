import type { Reply } from '../pipeline/exchange.ts';

const OPEN = '{"response":';
const CLOSE = '}';
const LINE_END = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Puts Code Assist's envelope around what is written: a whole answer, or the data of every event. Errors have none. */
export class CodeAssistReply implements Reply {
  readonly #reply: Reply;
  readonly #stream: boolean;
  /** Nothing is wrapped: it is an error. */
  #bare = false;
  #opened = false;
  /** The beginning of a line whose end is still to come. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(reply: Reply, stream: boolean) {
    this.#reply = reply;
    this.#stream = stream;
  }

  get headSent(): boolean {
    return this.#reply.headSent;
  }

  get closed(): boolean {
    return this.#reply.closed;
  }

  get keepAlive(): ((text: string) => void) | undefined {
    return this.#reply.keepAlive?.bind(this.#reply);
  }

  head(status: number, headers: Record<string, string>): void {
    this.#bare = status < 200 || status >= 300;
    const length = headers['content-length'];
    if (!this.#bare && !this.#stream && length !== undefined) {
      headers['content-length'] = String(Number(length) + OPEN.length + CLOSE.length);
    }
    this.#reply.head(status, headers);
  }

  write(chunk: Buffer | string): boolean {
    if (this.#bare) return this.#reply.write(chunk);
    const wrapped = this.#stream ? this.#lines(chunk) : this.#opening(chunk);
    return wrapped.length === 0 || this.#reply.write(wrapped);
  }

  end(chunk?: Buffer | string): void {
    if (this.#bare) this.#reply.end(chunk);
    else if (this.#stream) this.#reply.end(Buffer.concat([this.#lines(chunk ?? ''), wrapLine(this.#rest)]));
    else this.#reply.end(Buffer.concat([this.#opening(chunk ?? ''), Buffer.from(CLOSE)]));
  }

  destroy(): void {
    this.#reply.destroy();
  }

  onDrain(listener: () => void): void {
    this.#reply.onDrain(listener);
  }

  onClose(listener: () => void): void {
    this.#reply.onClose(listener);
  }

  #opening(chunk: Buffer | string): Buffer {
    const bytes = Buffer.from(chunk);
    if (this.#opened) return bytes;
    this.#opened = true;
    return Buffer.concat([Buffer.from(OPEN), bytes]);
  }

  /** The lines that are complete now. */
  #lines(chunk: Buffer | string): Buffer {
    const all = Buffer.concat([this.#rest, Buffer.from(chunk)]);
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = all.indexOf(LINE_END); end >= 0; end = all.indexOf(LINE_END, from)) {
      lines.push(wrapLine(all.subarray(from, end)), all.subarray(end, end + 1));
      from = end + 1;
    }
    this.#rest = all.subarray(from);
    return Buffer.concat(lines);
  }
}

/** The data of an event; an error among the events is no response. */
function wrapLine(line: Buffer): Buffer {
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
  const [prefix] = /^data: ?/.exec(line.toString('latin1', 0, 6)) ?? [];
  const data = prefix === undefined ? '' : line.toString('latin1', prefix.length, prefix.length + 32);
  if (prefix === undefined || !data.startsWith('{') || /^\{\s*"error"/.test(data)) return line;
  return Buffer.concat([
    Buffer.from(`data: ${OPEN}`),
    line.subarray(prefix.length, end),
    Buffer.from(CLOSE),
    line.subarray(end),
  ]);
}
