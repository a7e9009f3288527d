import { isUtf8 } from 'node:buffer';
import type { DecodeRequestContext, ReplyContext, UpstreamCodec } from '../dialects/codec.ts';
import { invalidRequest, ProxyError } from '../errors.ts';
import {
  type DialectId,
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type TranslationWarning,
} from '../ir/index.ts';
import { isTrueMember, MAX_DEPTH, readStringMember, type ScannedObject, scanObject } from '../json-splice.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, UsageSource } from './answer-writer.ts';
import type { Exchange } from './exchange.ts';
import type { AttemptOutcome, PipelineOptions } from './options.ts';
import type { OutboxListener } from './outbox.ts';
import type { Steps } from './steps.ts';
import type { Watch, Watched } from './watch.ts';

/** What the job must know of the attempt under way. */
export interface RunningAttempt {
  readonly writer: AnswerWriter;
  /** Nothing of an answer has come for too long. */
  stalled(): void;
  /** The client takes more. */
  resume(): void;
}

/** One exchange under way: what its request says, and what happened so far. */
export class Job implements OutboxListener, Watched {
  readonly exchange: Exchange;
  readonly options: PipelineOptions;
  readonly body: ScannedObject;
  /** The model the client asked for. */
  readonly model: string;
  readonly stream: boolean;
  readonly strict: boolean;
  readonly startedAtMs: number;
  /** Everybody who could serve the model that was asked for. */
  targets: readonly Target[] = [];
  /** Nobody serves the model that was asked for. */
  unserved: ProxyError | undefined;
  /** Another model than the asked one is being tried. */
  fellBack = false;
  attempts = 0;
  #outcomes: AttemptOutcome[] | undefined;
  /** Of the last attempt. */
  target: Target | undefined;
  dialect: DialectId | undefined;
  /** Could not verify a signature in the history: it gets none of this request. */
  unsignedFor: Target | undefined;
  warnings: readonly TranslationWarning[] = [];
  #request: GenerationRequest | undefined;
  /** See `Watched`. */
  quietTicks = 0;
  stalledTicks = 0;
  watchSlot = -1;
  /** Under way. */
  attempt: RunningAttempt | undefined;
  /** The client is slower than the upstream: what it waits for is on its way. */
  isBehind = false;
  #watch: Watch<Job> | undefined;
  #firstByteAtMs: number | undefined;
  #finished = false;
  #listening = false;

  /** Throws ProxyError for a body that is no JSON object or names no model. */
  constructor(exchange: Exchange, options: PipelineOptions, startedAtMs: number) {
    this.exchange = exchange;
    this.options = options;
    this.startedAtMs = startedAtMs;
    this.body = exchange.scanned ?? scanBody(exchange.body);
    this.model = exchange.urlModel ?? readModel(this.body);
    const generating = exchange.operation === 'generate';
    this.stream = generating && (exchange.urlStream ?? isTrueMember(this.body, 'stream'));
    const strictHeader = exchange.headers['x-llmproxy-strict'];
    this.strict =
      strictHeader === undefined ? options.settings.strict : strictHeader === '1' || strictHeader === 'true';
  }

  /** The decoded request: decoded once, on first need. Throws ProxyError `invalid_json` or `invalid_request`. */
  request(): GenerationRequest {
    this.#request ??= this.#decode(parseBody(this.exchange.body));
    return this.#request;
  }

  /** Has the request decoded, in parts. */
  *requestSteps(): Steps<void> {
    if (this.#request !== undefined) return;
    yield;
    const body = parseBody(this.exchange.body);
    yield;
    this.#request = this.#decode(body);
    yield;
  }

  #decode(body: JsonObject): GenerationRequest {
    const { codec, operation } = this.exchange;
    const context: DecodeRequestContext = { model: this.model, stream: this.stream };
    const counter = operation === 'count-tokens' ? codec.tokenCounter : undefined;
    return codec.decodeRequest(counter === undefined ? body : counter.toGenerationBody(body), context);
  }

  /** What the reply encoders need; decodes the request. */
  replyContext(): ReplyContext {
    const { clock } = this.options;
    const { target } = this;
    // Without a fallback the client's name for the model is the truth.
    const isOther = this.fellBack && target !== undefined && !target.forceMapping;
    return {
      model: isOther ? target.model : this.model,
      request: this.request(),
      get nowS() {
        return Math.floor(clock.now() / 1000);
      },
      newId: this.options.newId,
      framing: this.exchange.framing,
    };
  }

  /** The codec of an upstream's dialect; a missing one is a mistake in the wiring. */
  codecOf(dialect: DialectId): UpstreamCodec {
    const codec = this.options.upstreamCodecs.get(dialect);
    if (codec === undefined) throw new ProxyError('internal', `no codec for the dialect "${dialect}"`);
    return codec;
  }

  /** Remembers how an attempt went, unless it is a first one that went well. */
  noteOutcome({ provider, credential, model }: Target, error: ProxyError | undefined, startedAtMs: number): void {
    if (error === undefined && this.#outcomes === undefined) return;
    this.#outcomes ??= [];
    if (this.#outcomes.length >= MOST_OUTCOMES) return;
    this.#outcomes.push({
      provider: provider.id,
      credentialId: credential.id,
      model,
      outcome: error?.code ?? 'ok',
      status: error?.upstream?.status,
      // The system's clock may have been set back.
      ms: Math.max(0, this.options.clock.now() - startedAtMs),
    });
  }

  firstByte(): void {
    this.#firstByteAtMs = this.options.clock.now();
  }

  /** Has its silence looked after until it is finished. */
  watchedBy(watch: Watch<Job>): void {
    this.#watch = watch;
    watch.add(this);
  }

  stalled(): void {
    this.attempt?.stalled();
  }

  clientBehind(): void {
    this.isBehind = true;
    if (this.#listening) return;
    // Most clients never fall behind, so the listener is only added for one that does.
    this.#listening = true;
    this.exchange.reply.onDrain(() => {
      this.isBehind = false;
      this.attempt?.resume();
    });
  }

  /** Records the end of the exchange; only the first call counts. */
  finish(status: number, error: ProxyError | undefined, usage: UsageSource | undefined): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#watch?.remove(this);
    const { exchange, options, target } = this;
    const isRecorded = options.recordsWanted?.(error?.code) !== false;
    if (!isRecorded && options.measure === undefined) return;
    const latencyMs = options.clock.now() - this.startedAtMs;
    const ttfbMs = this.#firstByteAtMs === undefined ? undefined : this.#firstByteAtMs - this.startedAtMs;
    const spent = usage?.usage();
    options.measure?.({
      provider: target?.provider.id,
      credentialId: target?.credential.id,
      model: target?.model,
      errorCode: error?.code,
      latencyMs,
      ttfbMs,
      usage: spent,
    });
    if (!isRecorded) return;
    options.onFinished?.({
      requestId: exchange.requestId,
      operation: exchange.operation,
      principal: exchange.principal,
      clientDialect: exchange.codec.id,
      upstreamDialect: this.dialect,
      provider: target?.provider.id,
      credentialId: target?.credential.id,
      requestedModel: this.model,
      upstreamModel: target?.model,
      stream: this.stream,
      status,
      errorCode: error?.code,
      error,
      attempts: this.attempts,
      outcomes: this.#outcomes,
      latencyMs,
      ttfbMs,
      usage: spent,
      warnings: this.warnings,
    });
  }
}

/** Without attempt-budget, a request may go through thousands of credentials. */
const MOST_OUTCOMES = 64;

/** No API knows a tenth of it; naming the loss of each of thousands would keep everybody else waiting. */
const MOST_MEMBERS = 1000;

function scanBody(body: Buffer): ScannedObject {
  if (!isUtf8(body)) throw new ProxyError('invalid_json', 'the request body is not valid UTF-8');
  const scanned = scanObject(body);
  if (scanned !== undefined && scanned.members.length > MOST_MEMBERS) {
    throw new ProxyError('invalid_request', `the request body has more than ${MOST_MEMBERS} members`);
  }
  if (scanned !== undefined) return scanned;
  // The parser says what is wrong and where; it is asked only now, because it is the expensive one.
  parseBody(body);
  throw new ProxyError('invalid_json', `the request body is nested deeper than ${MAX_DEPTH} levels`);
}

function parseBody(body: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ProxyError('invalid_json', `the request body is not valid JSON${describePosition(cause)}`, { cause });
  }
  if (!isJsonObject(value)) throw new ProxyError('invalid_json', 'the request body must be a JSON object');
  return value;
}

/** Only the position: the parser's message quotes the body, which may hold secrets. */
function describePosition(cause: unknown): string {
  const position = cause instanceof Error ? /at position \d+/.exec(cause.message)?.[0] : undefined;
  return position === undefined ? '' : ` (${position})`;
}

function readModel(body: ScannedObject): string {
  let model: string | undefined;
  try {
    model = readStringMember(body, 'model');
  } catch (cause) {
    throw new ProxyError('invalid_json', 'model: the string holds a wrong escape', { cause });
  }
  if (model === undefined || model === '') throw invalidRequest('model', 'is required and must be a string');
  return model;
}
