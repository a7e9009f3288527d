/** AWS event streams: bytes -> messages. https://smithy.io/2.0/aws/amazon-eventstream.html */
import { ProxyError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import type { SseFrame } from './sse.ts';

/** A header's value: bytes as base64, a timestamp as milliseconds since the epoch, a UUID as text. */
export type AwsHeaderValue = boolean | number | bigint | string;

/** One message of a stream. */
export interface AwsMessage {
  readonly headers: ReadonlyMap<string, AwsHeaderValue>;
  readonly payload: Buffer;
}

/** Two lengths and their checksum. */
const PRELUDE = 12;
/** The prelude and the checksum of the whole. */
const OVERHEAD = 16;
/** What the protocol allows. */
const MAX_MESSAGE = 16 * 1024 * 1024;
const MAX_HEADERS = 128 * 1024;

/** Splits a byte stream into messages, both checksums of each verified. Takes chunks cut anywhere. */
export class AwsEventStream {
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes that are needed before anything more can be said. */
  #needed = PRELUDE;
  /** Told only after the messages before it. */
  #failure: unknown;

  /** The messages completed by this chunk. Throws ProxyError `upstream_invalid_response` for what is no such stream. */
  push(chunk: Buffer): readonly AwsMessage[] {
    if (this.#failure !== undefined) throw this.#failure;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const messages: AwsMessage[] = [];
    try {
      this.#take(bytes, messages);
    } catch (error) {
      if (messages.length === 0) throw error;
      this.#failure = error;
    }
    return messages;
  }

  #take(bytes: Buffer, messages: AwsMessage[]): void {
    let start = 0;
    for (;;) {
      const length = messageLength(bytes, start);
      this.#needed = length ?? PRELUDE;
      if (length === undefined || bytes.length - start < length) break;
      messages.push(readMessage(bytes.subarray(start, start + length)));
      start += length;
    }
    this.#chunks = start < bytes.length ? [bytes.subarray(start)] : [];
    this.#buffered = bytes.length - start;
  }

  /** The stream is over. Throws ProxyError `upstream_stream_truncated` amid a message. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#buffered > 0)
      throw new ProxyError('upstream_stream_truncated', 'the upstream closed the stream amid a message');
  }
}

/** The messages of a stream as frames that a stream decoder takes: see {@link awsFrame}. */
export class AwsFrameParser {
  readonly #stream = new AwsEventStream();

  /** As {@link AwsEventStream.push}. */
  push(chunk: Buffer): readonly SseFrame[] {
    return this.#stream.push(chunk).map(awsFrame);
  }

  /** As {@link AwsEventStream.end}. */
  end(): readonly SseFrame[] {
    this.#stream.end();
    return [];
  }
}

/** A message's kind and payload: `toolUseEvent`; for failures `exception:ThrottlingException`, `error:InternalError`. */
export function awsFrame({ headers, payload }: AwsMessage): SseFrame {
  const text = (name: string): string => String(headers.get(name) ?? '');
  const data = payload.toString('utf8');
  switch (headers.get(':message-type')) {
    case 'exception':
      return { event: `exception:${text(':exception-type')}`, data };
    // Such a message says everything in its headers.
    case 'error':
      return { event: `error:${text(':error-code')}`, data: JSON.stringify({ message: text(':error-message') }) };
    default: {
      const event = headers.get(':event-type');
      return { event: typeof event === 'string' ? event : undefined, data };
    }
  }
}

/** The length of the message that begins there; undefined while its prelude is not complete. */
function messageLength(bytes: Buffer, start: number): number | undefined {
  if (bytes.length - start < PRELUDE) return undefined;
  const total = bytes.readUInt32BE(start);
  const headers = bytes.readUInt32BE(start + 4);
  const sum = crc32(bytes.subarray(start, start + 8));
  if (sum !== bytes.readUInt32BE(start + 8)) throw invalid('a message whose beginning has a wrong checksum');
  if (total < OVERHEAD || headers > total - OVERHEAD) throw invalid('a message with lengths that cannot be');
  if (total > MAX_MESSAGE || headers > MAX_HEADERS) throw invalid('a message that is too long');
  return total;
}

function readMessage(bytes: Buffer): AwsMessage {
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw invalid('a message with a wrong checksum');
  const payloadAt = PRELUDE + bytes.readUInt32BE(4);
  return { headers: readHeaders(bytes.subarray(PRELUDE, payloadAt)), payload: bytes.subarray(payloadAt, end) };
}

function readHeaders(bytes: Buffer): ReadonlyMap<string, AwsHeaderValue> {
  const headers = new Map<string, AwsHeaderValue>();
  try {
    for (let at = 0; at < bytes.length; ) {
      const nameEnd = at + 1 + bytes.readUInt8(at);
      const { value, end } = readValue(bytes, bytes.readUInt8(nameEnd), nameEnd + 1);
      if (end > bytes.length) throw new RangeError('past the end');
      headers.set(bytes.toString('utf8', at + 1, nameEnd), value);
      at = end;
    }
  } catch (cause) {
    // Reading past the end of a buffer is a RangeError.
    if (cause instanceof RangeError) throw invalid('a header that is cut off', cause);
    throw cause;
  }
  return headers;
}

interface HeaderRead {
  readonly value: AwsHeaderValue;
  readonly end: number;
}

function readValue(bytes: Buffer, type: number, at: number): HeaderRead {
  switch (type) {
    case 0:
      return { value: true, end: at };
    case 1:
      return { value: false, end: at };
    case 2:
      return { value: bytes.readInt8(at), end: at + 1 };
    case 3:
      return { value: bytes.readInt16BE(at), end: at + 2 };
    case 4:
      return { value: bytes.readInt32BE(at), end: at + 4 };
    case 5:
      return { value: bytes.readBigInt64BE(at), end: at + 8 };
    case 6:
      return readSized(bytes, at, 'base64');
    case 7:
      return readSized(bytes, at, 'utf8');
    case 8:
      return { value: Number(bytes.readBigInt64BE(at)), end: at + 8 };
    case 9:
      return { value: uuidText(bytes.toString('hex', at, at + 16)), end: at + 16 };
    default:
      throw invalid(`a header of the unknown type ${type}`);
  }
}

function readSized(bytes: Buffer, at: number, encoding: 'base64' | 'utf8'): HeaderRead {
  const end = at + 2 + bytes.readUInt16BE(at);
  return { value: bytes.toString(encoding, at + 2, end), end };
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function invalid(what: string, cause?: unknown): ProxyError {
  return new ProxyError('upstream_invalid_response', `the upstream's stream holds ${what}`, { cause });
}
