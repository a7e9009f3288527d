import type { StreamTail, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { TranslationWarning, Usage } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, UpstreamHeaders } from './answer-writer.ts';
import { type BodyKind, bodyKind, withoutBom } from './body-kind.ts';
import type { Job } from './job.ts';
import { keepAliveText } from './keep-alive.ts';
import { rewriteEventModels } from './model-rewrite.ts';
import { Outbox } from './outbox.ts';
import { passThroughHeaders } from './reply-head.ts';
import type { SignatureScanner } from './signatures/signature-scan.ts';
import { streamError } from './stream-error.ts';
import { reportedError, StreamOpening } from './stream-opening.ts';
import { StreamRecord } from './stream-record.ts';
import { wholeAsStream } from './whole-as-stream.ts';
import { WholeEvents } from './whole-events.ts';

/** Passes a stream of events on, whole events at a time, and knows at its end whether it was complete. */
export class PassThroughStream implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #codec: UpstreamCodec;
  readonly #warnings: readonly TranslationWarning[];
  readonly #record = new StreamRecord();
  /** Notes whose signatures the client is given, where another could be given them back. */
  readonly #watch: SignatureScanner | undefined;
  readonly #events = new WholeEvents();
  readonly #opening: StreamOpening;
  #kind: BodyKind | undefined;
  /** The answer of a server that does not stream although it was asked to. */
  readonly #whole: Buffer[] = [];
  /** What the end of the stream says, once it is there. */
  #tail: StreamTail | undefined;

  constructor(job: Job, target: Target, codec: UpstreamCodec, warnings: readonly TranslationWarning[]) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#codec = codec;
    this.#warnings = warnings;
    this.#watch = job.options.signatures?.provenance.watch(codec.id, codec.signatureMembers, target);
    this.#opening = new StreamOpening(job, codec);
  }

  start(status: number, headers: UpstreamHeaders): void {
    const out = passThroughHeaders(this.#job, headers, this.#warnings, true);
    if (!out['content-type']?.startsWith('text/event-stream')) out['content-type'] = 'text/event-stream';
    this.outbox.head(status, out, true);
  }

  data(chunk: Buffer): void {
    if (this.#kind === undefined) this.#begin(chunk);
    else if (this.#kind === 'json') this.#whole.push(chunk);
    else this.#take(chunk);
  }

  /** What comes shows by its first bytes; servers are careless with the header. */
  #begin(chunk: Buffer): void {
    this.#kind = bodyKind(chunk);
    if (this.#kind === 'html') throw notAStream(this.#target);
    if (this.#kind === 'json') this.#whole.push(chunk);
    // Behind a keep-alive it would be a part of the first line.
    else if (this.#kind !== undefined) this.#take(withoutBom(chunk));
  }

  #take(chunk: Buffer): void {
    const whole = this.#events.push(chunk);
    if (whole !== undefined) this.#pass(whole);
  }

  #pass(bytes: Buffer): void {
    if (!this.#opening.over) {
      this.#opening.push(bytes);
      this.outbox.holding = !this.#opening.over && !this.outbox.begun;
    }
    this.#record.push(bytes);
    this.#watch?.pushWhole(bytes);
    const named = this.#opening.unnamed ? this.#opening.named(bytes) : bytes;
    this.outbox.bytes(this.#target.forceMapping ? rewriteEventModels(named, this.#job.model) : named);
  }

  end(): ProxyError | undefined {
    if (this.#kind === 'json') {
      this.#endWhole();
      return undefined;
    }
    // Some servers leave out the blank line after their last event; half an event is not passed on.
    const rest = this.#events.rest();
    if (rest !== undefined) this.#record.push(rest);
    this.#tail = this.#readTail();
    const reported = this.#tail.complete ? undefined : this.#lastError();
    if (rest !== undefined) {
      this.#pass(rest);
      this.outbox.text('\n\n');
    }
    if (this.#tail.missing !== undefined) this.outbox.text(this.#tail.missing);
    this.outbox.end();
    return reported;
  }

  #endWhole(): void {
    const { text, usage } = wholeAsStream(this.#job, this.#target, this.#codec, this.#whole);
    this.#tail = { complete: true, ...(usage === undefined ? {} : { usage }) };
    this.outbox.text(text);
    this.outbox.end();
  }

  /** The error with which the upstream itself ended an incomplete stream. Throws when it just ended. */
  #lastError(): ProxyError {
    if (this.#kind === undefined) throw emptyStream(this.#target);
    const reported = reportedError(this.#codec, Buffer.from(this.#record.tail()));
    if (reported !== undefined) return reported;
    const message = `${this.#target.provider.label} ended the stream before it was complete`;
    throw new ProxyError('upstream_stream_truncated', message);
  }

  complete(): boolean {
    return this.#kind !== 'json' && this.#readTail().complete;
  }

  fail(error: ProxyError): void {
    const passedOn = { head: this.#record.head(), tail: this.#record.tail() };
    this.outbox.text(streamError(this.#job, error, passedOn));
    this.outbox.end();
  }

  keepAlive(): string {
    return keepAliveText(this.#job, this.outbox.begun);
  }

  usage(): Usage | undefined {
    return (this.#tail ?? this.#readTail()).usage;
  }

  #readTail(): StreamTail {
    return this.#codec.readStreamTail(this.#record.head(), this.#record.tail());
  }
}

/** A page for people, in place of a stream. */
export function notAStream({ provider }: Target): ProxyError {
  return new ProxyError(
    'upstream_invalid_response',
    `${provider.label} answered with a page of HTML; check the base URL`,
  );
}

/** Success was announced, and nothing came. */
export function emptyStream({ provider }: Target): ProxyError {
  return new ProxyError('upstream_stream_truncated', `${provider.label} ended the stream before it began`);
}
