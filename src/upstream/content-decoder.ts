import type { Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip, createZstdDecompress } from 'node:zlib';
import { ProxyError } from '../errors.ts';
import type { UpstreamSink } from '../executors/executor.ts';

/** What the decoder needs of the connection it reads from. */
export interface PausableSource {
  pause(): void;
  resume(): void;
}

/**
 * Undoes a `Content-Encoding` that an upstream applied although nobody asked for it. Rare, so it may cost a stream.
 */
export class ContentDecoder {
  readonly #stream: Transform;
  readonly #source: PausableSource;

  /** Throws ProxyError `upstream_invalid_response` for an encoding it does not know. */
  constructor(encoding: string, sink: UpstreamSink, source: PausableSource) {
    this.#stream = createStream(encoding);
    this.#source = source;
    this.#stream.on('data', (chunk: Buffer) => {
      if (!sink.data(chunk)) this.#stream.pause();
    });
    this.#stream.on('end', () => sink.end());
    this.#stream.on('error', (cause) => {
      sink.error(new ProxyError('upstream_stream_truncated', `broken ${encoding} data from the upstream`, { cause }));
    });
  }

  /** Takes a chunk as it came; pauses the source when it falls behind. */
  write(chunk: Buffer): void {
    if (this.#stream.write(chunk)) return;
    this.#source.pause();
    this.#stream.once('drain', () => this.#source.resume());
  }

  /** The source has no more. */
  end(): void {
    this.#stream.end();
  }

  /** The sink takes data again. */
  resume(): void {
    this.#stream.resume();
  }

  /** Stops at once; the sink hears nothing more. */
  destroy(): void {
    this.#stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
    this.#stream.on('error', () => {}).destroy();
  }
}

function createStream(encoding: string): Transform {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    default:
      throw new ProxyError('upstream_invalid_response', `the upstream used the unknown content encoding "${encoding}"`);
  }
}
