import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { GenerationResponse, JsonObject, TranslationWarning, Usage } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, Ending, UpstreamHeaders } from './answer-writer.ts';
import type { Job } from './job.ts';
import { keepAliveText } from './keep-alive.ts';
import { Outbox } from './outbox.ts';
import type { OutputToolAnswer } from './output-tool-answer.ts';
import { replyHeaders } from './reply-head.ts';
import type { AnswerSignatures } from './signatures/answer-signatures.ts';
import { type Steps, stepsFor } from './steps.ts';
import { isEventStream, streamAsWhole } from './stream-as-whole.ts';
import { restoreResponse } from './tool-names.ts';

/** What both ways of translating an answer need. */
export interface Translation {
  readonly job: Job;
  readonly target: Target;
  readonly codec: UpstreamCodec;
  /** What the request lost. */
  readonly warnings: readonly TranslationWarning[];
  readonly signatures: AnswerSignatures;
  readonly names: ReadonlyMap<string, string> | undefined;
  readonly outputTool: OutputToolAnswer | undefined;
}

/** Translates a whole answer once it is there. */
export class WholeTranslator implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #translation: Translation;
  readonly #chunks: Buffer[] = [];
  #headers: UpstreamHeaders = {};
  #usage: Usage | undefined;

  constructor(translation: Translation) {
    const { job } = translation;
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#translation = translation;
  }

  start(_status: number, headers: UpstreamHeaders): void {
    this.#headers = headers;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): Ending | Steps<Ending> {
    const body = Buffer.concat(this.#chunks);
    return stepsFor(body.length, this.#translate(body));
  }

  *#translate(body: Buffer): Steps<undefined> {
    const { job, warnings, signatures } = this.#translation;
    const response = signatures.response(yield* decodeWhole(this.#translation, body));
    this.#usage = response.usage;
    yield;
    const encoded = job.exchange.codec.encodeResponse(response, job.replyContext());
    const all = [...warnings, ...encoded.warnings];
    job.warnings = all;
    yield;
    const text = JSON.stringify(encoded.value);
    yield;
    this.outbox.head(200, replyHeaders(job, 'application/json', false, this.#headers, all), false);
    this.outbox.text(text);
    this.outbox.end();
  }

  keepAlive(): string {
    return keepAliveText(this.#translation.job, false);
  }

  complete(): boolean {
    return false;
  }

  fail(): void {
    this.#translation.job.exchange.reply.destroy();
  }

  usage(): Usage | undefined {
    return this.#usage;
  }
}

/** A whole answer, decoded, with the client's tool names. Throws ProxyError `upstream_invalid_response`. */
export function* decodeWhole(
  { codec, names, target, outputTool }: Translation,
  body: Buffer,
): Steps<GenerationResponse> {
  yield;
  const parsed = isEventStream(body, codec) ? undefined : parseAnswer(target, [body]);
  yield;
  const response = parsed === undefined ? streamAsWhole(target, codec, body) : codec.decodeResponse(parsed);
  yield;
  const named = names === undefined ? response : restoreResponse(response, names);
  return outputTool === undefined ? named : outputTool.response(named);
}

/** An upstream's whole answer as JSON. Throws ProxyError `upstream_invalid_response`. */
export function parseAnswer(target: Target, chunks: readonly Buffer[]): JsonObject {
  const body = parseJsonObject(Buffer.concat(chunks).toString('utf8'));
  if (body !== undefined) return body;
  throw new ProxyError('upstream_invalid_response', `${target.provider.label} answered with something that is no JSON`);
}
