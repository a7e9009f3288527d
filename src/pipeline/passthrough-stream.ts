import type { StreamTail, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import { SseParser } from '../framing/sse.ts';
import type { TranslationWarning, Usage } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, UpstreamHeaders } from './answer-writer.ts';
import type { Job } from './job.ts';
import { rewriteBodyModel, rewriteEventModels } from './model-rewrite.ts';
import { Outbox } from './outbox.ts';
import { passThroughHeaders } from './reply-head.ts';
import type { SignatureScanner } from './signatures/signature-scan.ts';
import { StreamRecord } from './stream-record.ts';
import { WholeEvents } from './whole-events.ts';

/** How far into its first bytes a stream is searched for an error that came instead of an answer. */
const EARLY = 4096;

/** Passes a streamed answer on, whole events at a time, and knows at its end whether it was complete. */
export class PassThroughStream implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #codec: UpstreamCodec;
  readonly #warnings: readonly TranslationWarning[];
  readonly #record = new StreamRecord();
  /** Notes whose signatures the client is given, where another could be given them back. */
  readonly #watch: SignatureScanner | undefined;
  /** Undefined for an answer that is no SSE: then the bytes are not looked at. */
  #events: WholeEvents | undefined;
  /** An answer that is no SSE although a stream was asked for, when its model must be rewritten. */
  readonly #gathered: Buffer[] | undefined;
  #first = true;
  /** What the end of the stream says, once it is there. */
  #tail: StreamTail | undefined;

  constructor(job: Job, target: Target, codec: UpstreamCodec, warnings: readonly TranslationWarning[]) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#codec = codec;
    this.#warnings = warnings;
    this.#watch = job.options.signatures?.provenance.watch(codec.id, codec.signatureMembers, target);
  }

  start(status: number, headers: UpstreamHeaders): void {
    const out = passThroughHeaders(this.#job, headers, this.#warnings, true);
    if (!out['content-type']?.startsWith('application/json')) this.#events = new WholeEvents();
    this.outbox.head(status, out, true);
  }

  data(chunk: Buffer): void {
    const whole = this.#events === undefined ? chunk : this.#events.push(chunk);
    if (whole === undefined) return;
    this.#look(whole);
    this.#pass(whole);
  }

  #look(bytes: Buffer): void {
    if (this.#first) {
      this.#first = false;
      this.#refuseEarlyError(bytes);
    }
    this.#record.push(bytes);
    if (this.#events === undefined) this.#watch?.push(bytes);
    else this.#watch?.pushWhole(bytes);
  }

  #pass(bytes: Buffer): void {
    if (!this.#target.forceMapping) this.outbox.bytes(bytes);
    else if (this.#events === undefined) this.#gathered?.push(bytes);
    else this.outbox.bytes(rewriteEventModels(bytes, this.#job.model));
  }

  /** An error before anything else is a failed attempt, not an answer. Decodes only when there may be one. */
  #refuseEarlyError(bytes: Buffer): void {
    if (this.#events === undefined || !bytes.subarray(0, EARLY).includes('error')) return;
    const error = this.#reportedError(bytes);
    if (error !== undefined) throw error;
  }

  end(): ProxyError | undefined {
    // Some servers leave out the blank line after their last event; half an event is not passed on.
    const rest = this.#events?.rest();
    if (rest !== undefined) this.#look(rest);
    const reported = this.#isComplete() ? undefined : this.#lastError();
    if (rest !== undefined) this.#pass(rest);
    if (this.#gathered !== undefined)
      this.outbox.bytes(rewriteBodyModel(Buffer.concat(this.#gathered), this.#job.model));
    this.outbox.end();
    return reported;
  }

  /** The error with which the upstream itself ended an incomplete stream. Throws when it just ended. */
  #lastError(): ProxyError {
    const reported = this.#events === undefined ? undefined : this.#reportedError(Buffer.from(this.#record.tail()));
    if (reported !== undefined) return reported;
    const message = `${this.#target.provider.label} ended the stream before it was complete`;
    throw new ProxyError('upstream_stream_truncated', message);
  }

  #isComplete(): boolean {
    // One JSON array or object: whole when its closing bracket is there.
    if (this.#events === undefined) {
      const last = this.#record.lastByte();
      return last === 0x5d || last === 0x7d;
    }
    this.#tail = this.#readTail();
    return this.#tail.complete;
  }

  /** The upstream's own error event among these events, if any. */
  #reportedError(bytes: Buffer): ProxyError | undefined {
    const parser = new SseParser();
    const decoder = this.#codec.createStreamDecoder();
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

  fail(error: ProxyError): void {
    const text = this.#errorEvent(error);
    if (text === '') {
      this.#job.exchange.reply.destroy();
      return;
    }
    this.outbox.text(text);
    this.outbox.end();
  }

  /** '' when the error cannot be said in the stream. */
  #errorEvent(error: ProxyError): string {
    if (this.#events === undefined) return '';
    try {
      return this.#job.exchange.codec.createStreamEncoder(this.#job.replyContext()).fail(error);
    } catch {
      // The request could be passed through but not decoded.
      return '';
    }
  }

  usage(): Usage | undefined {
    return (this.#tail ?? this.#readTail()).usage;
  }

  #readTail(): StreamTail {
    return this.#codec.readStreamTail(this.#record.head(), this.#record.tail());
  }
}
