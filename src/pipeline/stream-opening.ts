import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import { SseParser } from '../framing/sse.ts';
import type { Job } from './job.ts';
import { nameEvents, needsEventNames } from './name-events.ts';

/** How far into its first bytes a stream is searched for an error that came instead of an answer. */
const EARLY = 4096;

/** Announcements that are held back; whoever sends more of them is let through. */
const MOST_HELD = 16;

/**
 * Looks at the first events of a passed-through stream until they hold something of the answer. Until then nothing is
 * sent, so that another attempt can take over from an upstream that announces an answer and then gives none.
 */
export class StreamOpening {
  readonly #job: Job;
  readonly #codec: UpstreamCodec;
  #pieces = 0;
  /** Nothing more is to be held back. */
  over = false;
  /** The server leaves out the `event:` lines that this client reads. */
  unnamed = false;

  constructor(job: Job, codec: UpstreamCodec) {
    this.#job = job;
    this.#codec = codec;
  }

  /** Takes whole events. Throws an error that the upstream reports instead of an answer. */
  push(bytes: Buffer): void {
    const { codec } = this.#job.exchange;
    const error = bytes.subarray(0, EARLY).includes('error') ? reportedError(this.#codec, bytes) : undefined;
    if (error !== undefined && (error.retryable || codec.failsInStream !== true)) throw error;
    this.#pieces++;
    this.over = error !== undefined || this.#pieces >= MOST_HELD || this.#codec.answerBegins.test(bytes.toString());
    if (codec.readsEventNames === true && needsEventNames(bytes)) this.unnamed = true;
  }

  /** The events with the names that this client reads. */
  named(bytes: Buffer): Buffer {
    return this.unnamed ? nameEvents(bytes) : bytes;
  }
}

/** The upstream's own error event among these events, if any. */
export function reportedError(codec: UpstreamCodec, bytes: Buffer): ProxyError | undefined {
  const parser = new SseParser();
  const decoder = codec.createStreamDecoder();
  for (const frame of [...parser.push(bytes), ...parser.end()]) {
    try {
      decoder.push(frame);
    } catch (error) {
      // Anything else it stumbles over is not the proxy's business here: the bytes go through as they are.
      if (error instanceof ProxyError && error.upstream !== undefined) return error;
    }
  }
  return undefined;
}
