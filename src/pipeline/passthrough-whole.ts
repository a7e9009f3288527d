import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError, upstreamError } from '../errors.ts';
import type { TranslationWarning, Usage } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, UpstreamHeaders } from './answer-writer.ts';
import { bodyKind } from './body-kind.ts';
import type { Job } from './job.ts';
import { keepAliveText } from './keep-alive.ts';
import { rewriteBodyModel } from './model-rewrite.ts';
import { Outbox } from './outbox.ts';
import { notAStream } from './passthrough-stream.ts';
import { passThroughHeaders } from './reply-head.ts';
import type { SignatureScanner } from './signatures/signature-scan.ts';
import { isEventStream, streamAsWhole } from './stream-as-whole.ts';
import { StreamRecord } from './stream-record.ts';
import { parseAnswer } from './translate-whole.ts';

/** A body that begins as errors do, whatever its status, or whose own status says so before anything else is said. */
const ERROR = /^\s*\{(?:\s*(?:"error"\s*:\s*[{"]|"type"\s*:\s*"error")|[^{[]*"status"\s*:\s*"failed")/;

/** Passes a whole (not streamed) answer on as it comes. */
export class PassThroughWhole implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #codec: UpstreamCodec;
  readonly #warnings: readonly TranslationWarning[];
  readonly #record = new StreamRecord();
  /** Notes whose signatures the client is given, where another could be given them back. */
  readonly #watch: SignatureScanner | undefined;
  /** Set while the answer is gathered because its model must be rewritten. */
  readonly #gathered: Buffer[] | undefined;
  #isJson = false;

  constructor(job: Job, target: Target, codec: UpstreamCodec, warnings: readonly TranslationWarning[]) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#codec = codec;
    this.#warnings = warnings;
    this.#watch = job.options.signatures?.provenance.watch(codec.id, codec.signatureMembers, target);
    this.#gathered = target.forceMapping ? [] : undefined;
  }

  /** The body reports an error, or a page for people came instead of it: then nothing is sent. */
  #failure: Buffer[] | undefined;
  /** A stream came instead of the body, and is gathered. */
  #stream: Buffer[] | undefined;
  #first = true;
  #head: { readonly status: number; readonly headers: Record<string, string> } | undefined;
  #usage: Usage | undefined;

  start(status: number, headers: UpstreamHeaders): void {
    const out = passThroughHeaders(this.#job, headers, this.#warnings, false);
    this.#isJson = out['content-type']?.startsWith('application/json') ?? false;
    const length = headers['content-length'];
    if (typeof length === 'string' && this.#gathered === undefined) out['content-length'] = length;
    this.outbox.head(status, out, false);
    this.#head = { status, headers: out };
  }

  data(chunk: Buffer): void {
    if (this.#first) this.#begin(chunk);
    const held = this.#failure ?? this.#stream;
    if (held !== undefined) {
      held.push(chunk);
      return;
    }
    this.#record.push(chunk);
    this.#watch?.push(chunk);
    if (this.#gathered === undefined) this.outbox.bytes(chunk);
    else this.#gathered.push(chunk);
  }

  #begin(chunk: Buffer): void {
    const kind = bodyKind(chunk);
    if (kind === undefined) return;
    this.#first = false;
    if (kind === 'html') throw notAStream(this.#target);
    if (ERROR.test(chunk.toString('utf8', 0, 256))) this.#failure = [];
    else if (kind === 'other' && isEventStream(chunk)) this.#stream = [];
  }

  /** The error in a body that came with a status of success. */
  #reported(chunks: readonly Buffer[]): ProxyError {
    const body = parseAnswer(this.#target, chunks);
    try {
      this.#codec.decodeResponse(body);
    } catch (error) {
      if (error instanceof ProxyError && error.upstream !== undefined) return error;
    }
    return upstreamError(this.#codec.decodeError(502, body));
  }

  end(): undefined {
    if (this.#failure !== undefined) throw this.#reported(this.#failure);
    if (this.#stream !== undefined) {
      this.#endStream(this.#stream);
      return;
    }
    if (this.#first)
      throw new ProxyError('upstream_invalid_response', `${this.#target.provider.label} answered with nothing`);
    const last = this.#record.lastByte();
    // A body that is delimited by the end of the connection only can be cut without any other sign.
    if (this.#isJson && last !== 0x7d && last !== 0x5d) {
      const message = `${this.#target.provider.label} sent JSON that is cut short`;
      throw new ProxyError('upstream_invalid_response', message);
    }
    if (this.#gathered !== undefined) {
      this.outbox.bytes(rewriteBodyModel(Buffer.concat(this.#gathered), this.#job.model));
    }
    this.outbox.end();
  }

  #endStream(chunks: readonly Buffer[]): void {
    const { exchange } = this.#job;
    const response = streamAsWhole(this.#target, this.#codec, Buffer.concat(chunks));
    this.#usage = response.usage;
    const text = JSON.stringify(exchange.codec.encodeResponse(response, this.#job.replyContext()).value);
    this.#watch?.push(Buffer.from(text));
    const { status = 200, headers = {} } = this.#head ?? {};
    const { 'content-length': _length, ...rest } = headers;
    this.outbox.head(status, { ...rest, 'content-type': 'application/json' }, false);
    this.outbox.text(text);
    this.outbox.end();
  }

  complete(): boolean {
    return false;
  }

  fail(): void {
    // The client sees a body shorter than announced, or without its last chunk.
    this.#job.exchange.reply.destroy();
  }

  keepAlive(): string {
    // In the middle of a body there is no telling where white space may stand.
    return this.outbox.begun ? '' : keepAliveText(this.#job, false);
  }

  usage(): Usage | undefined {
    if (this.#usage !== undefined) return this.#usage;
    return this.#job.exchange.operation === 'generate' ? this.#codec.readResponseUsage(this.#record.tail()) : undefined;
  }
}
