import type { StreamDecoder, StreamEncoder } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import { type SseFrame, SseParser } from '../framing/sse.ts';
import type { GenerationEvent, Usage } from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { AnswerWriter, UpstreamHeaders } from './answer-writer.ts';
import { Outbox } from './outbox.ts';
import { replyHeaders } from './reply-head.ts';
import { restoreEvent } from './tool-names.ts';
import { decodeWhole, type Translation } from './translate-whole.ts';

/** Translates a streamed answer event by event. */
export class StreamTranslator implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #translation: Translation;
  readonly #parser = new SseParser();
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;
  /** Set when the upstream answers with whole JSON although a stream was asked for. */
  #whole: Buffer[] | undefined;
  #usage: Usage | undefined;

  constructor(translation: Translation) {
    const { job, codec } = translation;
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#translation = translation;
    this.#decoder = codec.createStreamDecoder();
    this.#encoder = job.exchange.codec.createStreamEncoder(job.replyContext());
  }

  start(_status: number, headers: UpstreamHeaders): void {
    const { job, warnings } = this.#translation;
    const type = headers['content-type'];
    if (typeof type === 'string' && type.startsWith('application/json')) this.#whole = [];
    const ownType = job.exchange.framing === 'sse' ? 'text/event-stream' : 'application/json';
    this.outbox.head(200, replyHeaders(job, ownType, true, headers, warnings), true);
  }

  data(chunk: Buffer): void {
    if (this.#whole !== undefined) this.#whole.push(chunk);
    else this.#translate(this.#parser.push(chunk));
  }

  #translate(frames: readonly SseFrame[]): void {
    let text = '';
    try {
      for (const frame of frames) text += this.#encode(this.#decoder.push(frame));
    } finally {
      // What came before an error in the same chunk still belongs to the client.
      this.outbox.text(text);
    }
  }

  #encode(events: readonly GenerationEvent[]): string {
    const { names, signatures, outputTool } = this.#translation;
    let text = '';
    for (const event of events) {
      if (event.type === 'response-end') this.#usage = event.usage;
      const named = names === undefined ? event : restoreEvent(event, names);
      if (outputTool === undefined) text += this.#encoder.push(signatures.event(named));
      else for (const own of outputTool.event(named)) text += this.#encoder.push(signatures.event(own));
    }
    return text;
  }

  end(): undefined {
    if (this.#whole !== undefined) {
      this.outbox.text(this.#encode(replayResponse(decodeWhole(this.#translation, this.#whole))));
    } else {
      this.#translateRest();
      this.outbox.text(this.#encode(this.#decoder.end()));
    }
    this.#translation.signatures.finish();
    // The head is long sent: the log is the place left to say it.
    const lost = this.#encoder.warnings?.() ?? [];
    if (lost.length > 0) this.#translation.job.warnings = [...this.#translation.warnings, ...lost];
    this.outbox.end();
  }

  /** An event without its blank line: the last one of a careless server, or half of one. */
  #translateRest(): void {
    try {
      this.#translate(this.#parser.end());
    } catch (cause) {
      if (!(cause instanceof ProxyError) || cause.code !== 'upstream_invalid_response') throw cause;
      const message = `${this.#translation.target.provider.label} ended the stream inside an event`;
      throw new ProxyError('upstream_stream_truncated', message, { cause });
    }
  }

  fail(error: ProxyError): void {
    this.outbox.text(this.#encoder.fail(error));
    this.outbox.end();
  }

  usage(): Usage | undefined {
    return this.#usage;
  }
}
