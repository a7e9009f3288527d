import type { StreamDecoder, StreamEncoder } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { SseFrame } from '../framing/sse.ts';
import type { GenerationEvent, Usage } from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { AnswerWriter, Ending, UpstreamHeaders } from './answer-writer.ts';
import type { BodyKind } from './body-kind.ts';
import { keepAliveText } from './keep-alive.ts';
import { Outbox } from './outbox.ts';
import { emptyStream, notAStream } from './passthrough-stream.ts';
import { replyHeaders } from './reply-head.ts';
import { finishSteps, type Steps, stepsFor } from './steps.ts';
import { restoreEvent } from './tool-names.ts';
import { decodeWhole, type Translation } from './translate-whole.ts';
import { createFrameParser, type FrameParser, streamKind } from './upstream-frames.ts';

/** Events without anything of the answer: upstreams that are overloaded may send these and then an error. */
const announcements: ReadonlySet<GenerationEvent['type']> = new Set([
  'response-start',
  'text-start',
  'refusal-start',
  'reasoning-start',
]);

/** Takes a few milliseconds. */
const EVENTS_AT_ONCE = 500;

/** Translates a streamed answer event by event. */
export class StreamTranslator implements AnswerWriter {
  readonly outbox: Outbox;
  readonly rests = true;
  readonly #translation: Translation;
  readonly #parser: FrameParser;
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;
  #kind: BodyKind | undefined;
  /** The answer of a server that does not stream although it was asked to. */
  readonly #whole: Buffer[] = [];
  /** Something of the answer came, and not only its announcement. */
  #begun = false;
  #usage: Usage | undefined;

  constructor(translation: Translation) {
    const { job, codec } = translation;
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#translation = translation;
    this.#parser = createFrameParser(codec);
    this.#decoder = codec.createStreamDecoder();
    this.#encoder = job.exchange.codec.createStreamEncoder(job.replyContext());
  }

  start(_status: number, headers: UpstreamHeaders): void {
    const { job, warnings } = this.#translation;
    const ownType = job.exchange.framing === 'sse' ? 'text/event-stream' : 'application/json';
    this.outbox.head(200, replyHeaders(job, ownType, true, headers, warnings), true);
  }

  data(chunk: Buffer): void {
    // What comes shows by its first bytes; servers are careless with the header.
    this.#kind ??= streamKind(this.#translation.codec, chunk);
    if (this.#kind === 'json') this.#whole.push(chunk);
    else if (this.#kind === 'html') throw notAStream(this.#translation.target);
    else this.#translate(this.#parser.push(chunk));
  }

  #translate(frames: readonly SseFrame[]): void {
    let text = '';
    try {
      for (const frame of frames) text += this.#encode(this.#decoder.push(frame));
    } finally {
      // What came before an error in the same chunk still belongs to the client, if it is more than an announcement.
      this.outbox.text(text);
      this.outbox.holding = !this.#begun && !this.outbox.begun;
    }
  }

  #encode(events: readonly GenerationEvent[]): string {
    const { names, signatures, outputTool } = this.#translation;
    let text = '';
    for (const event of events) {
      if (event.type === 'response-end') this.#usage = event.usage;
      if (!this.#begun) this.#begun = !announcements.has(event.type);
      const named = names === undefined ? event : restoreEvent(event, names);
      if (outputTool === undefined) text += this.#encoder.push(signatures.event(named));
      else for (const own of outputTool.event(named)) text += this.#encoder.push(signatures.event(own));
    }
    return text;
  }

  end(): Ending | Steps<Ending> {
    if (this.#kind === undefined) throw emptyStream(this.#translation.target);
    if (this.#kind === 'json') {
      const body = Buffer.concat(this.#whole);
      return stepsFor(body.length, this.#translateWhole(body));
    }
    this.#translateRest();
    const events = this.#decoder.end();
    const steps = this.#endSteps(events);
    return events.length > EVENTS_AT_ONCE ? steps : finishSteps(steps);
  }

  *#translateWhole(body: Buffer): Steps<Ending> {
    return yield* this.#endSteps(replayResponse(yield* decodeWhole(this.#translation, body)));
  }

  *#endSteps(events: readonly GenerationEvent[]): Steps<Ending> {
    for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) {
      this.outbox.text(this.#encode(events.slice(at, at + EVENTS_AT_ONCE)));
      yield;
      // Whoever takes it has work of its own.
      if (at + EVENTS_AT_ONCE < events.length) this.outbox.flush();
    }
    return this.#finish();
  }

  #finish(): undefined {
    this.#translation.signatures.finish();
    // The head is long sent: the log is the place left to say it.
    const lost = this.#encoder.warnings?.() ?? [];
    if (lost.length > 0) this.#translation.job.warnings = [...this.#translation.warnings, ...lost];
    this.outbox.end();
  }

  /** An event without its blank line: the last one of a careless server, or half of one. */
  #translateRest(): void {
    const rest = this.#parser.end();
    try {
      this.#translate(rest);
    } catch (cause) {
      if (!(cause instanceof ProxyError) || cause.code !== 'upstream_invalid_response') throw cause;
      const message = `${this.#translation.target.provider.label} ended the stream inside an event`;
      throw new ProxyError('upstream_stream_truncated', message, { cause });
    }
  }

  complete(): boolean {
    return this.#kind !== 'json' && this.#usage !== undefined;
  }

  fail(error: ProxyError): void {
    this.outbox.text(this.#encoder.fail(error));
    this.outbox.end();
  }

  keepAlive(): string {
    return keepAliveText(this.#translation.job, this.outbox.begun);
  }

  usage(): Usage | undefined {
    return this.#usage;
  }
}
