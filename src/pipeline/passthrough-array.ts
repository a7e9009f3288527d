import type { StreamTail, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError, upstreamError } from '../errors.ts';
import type { JsonValue, TranslationWarning, Usage } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, UpstreamHeaders } from './answer-writer.ts';
import { bodyKind, withoutBom } from './body-kind.ts';
import type { Job } from './job.ts';
import { JsonGap } from './json-gap.ts';
import { keepAliveText } from './keep-alive.ts';
import { Outbox } from './outbox.ts';
import { emptyStream, notAStream } from './passthrough-stream.ts';
import { passThroughHeaders } from './reply-head.ts';
import type { SignatureScanner } from './signatures/signature-scan.ts';
import { StreamRecord } from './stream-record.ts';

/** An error instead of the first element, or of the whole array. */
const ERROR = /^\s*\[?\s*\{\s*"error"\s*:/;

/** Passes a stream on that is one growing JSON array: its bytes, as they come. */
export class PassThroughArray implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #codec: UpstreamCodec;
  readonly #warnings: readonly TranslationWarning[];
  readonly #record = new StreamRecord();
  readonly #gap = new JsonGap();
  readonly #watch: SignatureScanner | undefined;
  #first = true;
  /** The body that reports an error. */
  #failure: Buffer[] | undefined;

  constructor(job: Job, target: Target, codec: UpstreamCodec, warnings: readonly TranslationWarning[]) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#codec = codec;
    this.#warnings = warnings;
    this.#watch = job.options.signatures?.provenance.watch(codec.id, codec.signatureMembers, target);
  }

  start(status: number, headers: UpstreamHeaders): void {
    this.outbox.head(status, passThroughHeaders(this.#job, headers, this.#warnings, true), true);
  }

  data(chunk: Buffer): void {
    const bytes = this.#first ? withoutBom(chunk) : chunk;
    if (this.#first) this.#begin(bytes);
    if (this.#failure !== undefined) {
      this.#failure.push(bytes);
      return;
    }
    this.#record.push(bytes);
    this.#gap.push(bytes);
    this.#watch?.push(bytes);
    this.outbox.bytes(bytes);
  }

  #begin(bytes: Buffer): void {
    const kind = bodyKind(bytes);
    if (kind === undefined) return;
    this.#first = false;
    if (kind === 'html') throw notAStream(this.#target);
    if (ERROR.test(bytes.toString('utf8', 0, 256))) this.#failure = [];
  }

  end(): undefined {
    if (this.#failure !== undefined) throw this.#reported(this.#failure);
    if (this.#first) throw emptyStream(this.#target);
    // Whole when its closing bracket is there.
    const last = this.#record.lastByte();
    if (last !== 0x5d && last !== 0x7d) {
      const message = `${this.#target.provider.label} ended the stream before it was complete`;
      throw new ProxyError('upstream_stream_truncated', message);
    }
    this.outbox.end();
  }

  #reported(chunks: readonly Buffer[]): ProxyError {
    const text = Buffer.concat(chunks).toString('utf8');
    try {
      const body: JsonValue = JSON.parse(text);
      return upstreamError(this.#codec.decodeError(502, body));
    } catch (cause) {
      return new ProxyError('upstream_invalid_response', 'the upstream sent an error that is cut short', { cause });
    }
  }

  complete(): boolean {
    return false;
  }

  fail(): void {
    // An element cannot be added to an array of which it is not known where it stands.
    this.#job.exchange.reply.destroy();
  }

  keepAlive(): string {
    return this.#gap.open ? keepAliveText(this.#job, this.outbox.begun) : '';
  }

  usage(): Usage | undefined {
    return this.#tail().usage;
  }

  #tail(): StreamTail {
    return this.#codec.readStreamTail(this.#record.head(), this.#record.tail());
  }
}
