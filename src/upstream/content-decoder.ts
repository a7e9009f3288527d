import { PassThrough, type Transform } from 'node:stream';
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
  readonly #streams: readonly Transform[];
  readonly #input: Transform;
  readonly #output: Transform;
  readonly #source: PausableSource;

  /** `encoding`: a header's value, several in the order applied. Throws `upstream_invalid_response` for unknown ones. */
  constructor(encoding: string, sink: UpstreamSink, source: PausableSource) {
    const [first = new PassThrough(), ...others] = createStreams(encoding);
    this.#streams = [first, ...others];
    this.#input = first;
    this.#output = others.reduce((before, stream) => before.pipe(stream), this.#input);
    this.#source = source;
    this.#output.on('data', (chunk: Buffer) => {
      if (!sink.data(chunk)) this.#output.pause();
    });
    this.#output.on('end', () => sink.end());
    for (const stream of this.#streams) {
      stream.on('error', (cause) => {
        this.destroy();
        sink.error(new ProxyError('upstream_stream_truncated', `broken ${encoding} data from the upstream`, { cause }));
      });
    }
  }

  /** Takes a chunk as it came; pauses the source when it falls behind. */
  write(chunk: Buffer): void {
    if (this.#input.write(chunk)) return;
    this.#source.pause();
    this.#input.once('drain', () => this.#source.resume());
  }

  /** The source has no more. */
  end(): void {
    this.#input.end();
  }

  /** The sink takes data again. */
  resume(): void {
    this.#output.resume();
  }

  /** Stops at once; the sink hears nothing more. */
  destroy(): void {
    for (const stream of this.#streams) {
      stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
      stream.on('error', () => {}).destroy();
    }
  }
}

/** The compression whose mark these bytes begin with: some servers do not say that they compress. */
export function compressionOf(start: Buffer): string | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd ? 'zstd' : undefined;
}

/** The last encoding applied is undone first. */
function createStreams(header: string): Transform[] {
  const encodings = header.split(',').map((encoding) => encoding.trim().toLowerCase());
  return encodings
    .filter((encoding) => encoding !== '' && encoding !== 'identity')
    .reverse()
    .map(createStream);
}

function createStream(encoding: string): Transform {
  switch (encoding) {
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
