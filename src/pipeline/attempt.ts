import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError, toProxyError, upstreamError } from '../errors.ts';
import type { UpstreamHandle, UpstreamSink } from '../executors/executor.ts';
import type { JsonValue } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, Ending, PreparedAttempt, UpstreamHeaders, UsageSource } from './answer-writer.ts';
import { isKeepAlive } from './body-kind.ts';
import { untilMidnight } from './daily-allowance.ts';
import { describePage, isPage } from './error-page.ts';
import type { VerbatimError } from './error-reply.ts';
import { evenErrorBody, retryHintMs } from './foreign-error.ts';
import { googleQuota } from './google-quota.ts';
import type { Job } from './job.ts';
import { copyUpstreamHeaders } from './reply-headers.ts';
import { limitsCredential, readRetryAfterMs } from './retry-after.ts';
import { hasShapeOf } from './same-shape.ts';
import { type SecretMask, secretMaskOf } from './secret-mask.ts';
import { isSteps, LARGE_BYTES, type StepListener, takeSteps } from './steps.ts';

/** Hears how an attempt went; exactly one of these is called, once, unless the attempt is aborted. */
export interface AttemptOwner {
  /** The answer is with the client. `reported`: an error that the upstream itself told the client in the stream. */
  attemptSucceeded(usage: UsageSource, reported: ProxyError | undefined): void;
  /** Nothing has reached the client: another attempt may be made. `body`: of the upstream's error answer. */
  attemptFailed(error: ProxyError, verbatim: VerbatimError | undefined, body?: string): void;
  /** The refusal means that this upstream has no such endpoint; somebody else answers now. */
  attemptReplaced(): void;
  /** The answer broke after its head was sent; the reply has been ended with an error. */
  attemptBroke(error: ProxyError, usage: UsageSource): void;
}

/** How a stalled attempt ends. */
const STALLED = 'the upstream kept the connection open, but sent nothing of an answer';

const ERROR_BODY_LIMIT = 1024 * 1024;

/** One try at one target: receives the upstream's answer and decides whether it is one. */
export class Attempt implements UpstreamSink {
  readonly #job: Job;
  readonly #target: Target;
  readonly #prepared: PreparedAttempt;
  readonly #owner: AttemptOwner;
  /** Some upstreams repeat the key they refuse. */
  readonly #mask: SecretMask;
  #handle: UpstreamHandle | undefined;
  #done = false;
  /** What came in this turn of the event loop, and is handled in one piece at its end. */
  #pending: Buffer[] = [];
  #scheduled = false;
  #full = false;
  /** Bytes worked on since others had their turn. */
  #worked = 0;
  /** Others have their turn. */
  #resting = false;
  /** The answer's last byte is there. */
  #ended = false;
  /** And all was worked on but the end itself. */
  #ending = false;
  /** Bytes still to come of an answer whose length is known; NaN for any other. */
  #missing = Number.NaN;
  /** Status of an answer that is no success; its body is then collected. */
  #errorStatus = 0;
  #errorHeaders: UpstreamHeaders = {};
  #errorBody: Buffer[] = [];
  #errorLength = 0;

  constructor(job: Job, target: Target, prepared: PreparedAttempt, owner: AttemptOwner) {
    this.#job = job;
    this.#target = target;
    this.#prepared = prepared;
    this.#owner = owner;
    this.#mask = secretMaskOf(target.credential);
  }

  /** Sends the call. */
  start(): void {
    const { options } = this.#job;
    this.#handle = options.executorFor(this.#target.provider).send(this.#prepared.call, this);
    // The executor may have failed before it returned.
    if (this.#done) this.#handle.abort();
  }

  /** Ends the call at once; the owner hears nothing more. */
  abort(): void {
    this.#done = true;
    this.#handle?.abort();
  }

  /** The client takes data again. */
  resume(): void {
    this.#full = false;
    this.#handle?.resume();
  }

  /** Writes the answer, and knows what it cost so far. */
  get writer(): AnswerWriter {
    return this.#prepared.writer;
  }

  /** Nothing of use has come for too long: another one may do better. A client that is behind is itself to blame. */
  stalled(): void {
    if (!this.#full) this.#broke(new ProxyError('upstream_timeout', STALLED));
  }

  head(status: number, received: UpstreamHeaders): void {
    if (this.#done) return;
    this.#job.options.pool.answered(this.#target, status, received);
    const headers = this.#job.options.settings.passthroughHeaders ? this.#mask.headers(received) : received;
    if (status >= 200 && status < 300) {
      this.#missing = Number(received['content-length']);
      this.#guard(() => this.#prepared.writer.start(status, headers));
    } else {
      this.#errorStatus = status;
      this.#errorHeaders = headers;
    }
  }

  data(chunk: Buffer): boolean {
    if (this.#done) return true;
    if (this.#errorStatus !== 0) {
      if (this.#errorLength < ERROR_BODY_LIMIT) this.#errorBody.push(chunk);
      this.#errorLength += chunk.length;
      return true;
    }
    if (!isKeepAlive(chunk)) this.#job.stalledTicks = 0;
    this.#pending.push(chunk);
    this.#missing -= chunk.length;
    // With the last byte of a known length comes the end, in the same turn.
    if (!this.#scheduled && !this.#resting && this.#missing !== 0) {
      this.#scheduled = true;
      process.nextTick(endTurn, this);
    }
    return !this.#full && !this.#resting;
  }

  /** Called at the end of a turn in which data came. */
  flush(): void {
    this.#scheduled = false;
    if (this.#done || this.#ending || this.#resting) return;
    try {
      this.#handlePending();
      if (!this.#prepared.writer.outbox.flush()) this.#full = true;
    } catch (error) {
      this.#broke(toProxyError(error));
    }
    if (this.#worked > LARGE_BYTES && !this.#done) this.#rest();
  }

  #rest(): void {
    this.#resting = true;
    this.#worked = 0;
    setImmediate(endRest, this);
  }

  /** Goes on after others had their turn. */
  wake(): void {
    this.#resting = false;
    if (this.#done || this.#ending) return;
    this.flush();
    if (this.#resting || this.#done) return;
    if (this.#ended) this.end();
    else if (!this.#full) this.#handle?.resume();
  }

  /** All that came, or as much of it as others can wait for. */
  #handlePending(): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    const all = this.#pending.length === 1 ? first : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#mask.bytes(all);
    const { writer } = this.#prepared;
    if (writer.rests !== true) {
      writer.data(all);
      return;
    }
    const bytes = all.subarray(0, LARGE_BYTES);
    if (bytes.length < all.length) this.#pending.push(all.subarray(bytes.length));
    this.#worked += all.length;
    writer.data(bytes);
  }

  end(): void {
    if (this.#done || this.#ending) return;
    if (this.#errorStatus !== 0) {
      this.#rejected();
      return;
    }
    this.#ended = true;
    if (this.#resting) return;
    this.#guard(() => {
      this.#handlePending();
      if (this.#pending.length > 0) {
        this.#rest();
        return;
      }
      this.#ending = true;
      const ended = this.#prepared.writer.end();
      if (isSteps(ended)) takeSteps(ended, this.#afterSteps());
      else this.#succeeded(ended);
    });
  }

  #afterSteps(): StepListener<Ending> {
    return {
      isOver: () => this.#done,
      done: (reported) => this.#succeeded(reported),
      failed: (thrown) => this.#broke(toProxyError(thrown)),
    };
  }

  #succeeded(reported: Ending): void {
    this.#done = true;
    this.#owner.attemptSucceeded(this.#prepared.writer, reported);
  }

  error(error: ProxyError): void {
    if (this.#done || this.#ending) return;
    // The status says enough, even if its explanation was cut short.
    if (this.#errorStatus !== 0) this.#rejected();
    else this.#cut(error);
  }

  /** A client that has the beginning gets what came before the cut as well. */
  #cut(error: ProxyError): void {
    if (this.#prepared.writer.outbox.begun) {
      this.#guard(() => {
        while (this.#pending.length > 0) this.#handlePending();
      });
    }
    if (!this.#done && this.#prepared.writer.complete()) this.end();
    else this.#broke(error);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#broke(toProxyError(error));
    }
  }

  #broke(thrown: ProxyError): void {
    if (this.#done) return;
    const error = this.#mask.error(this.#timed(thrown));
    this.abort();
    if (!this.#prepared.writer.outbox.begun) {
      this.#prepared.writer.outbox.discard();
      this.#owner.attemptFailed(error, undefined);
      return;
    }
    this.#prepared.writer.fail(error);
    this.#owner.attemptBroke(error, this.#prepared.writer);
  }

  #rejected(): void {
    this.abort();
    const job = this.#job;
    const secretFree = this.#errorText();
    if (this.#prepared.answerInstead?.(this.#errorStatus, secretFree) === true) {
      this.#owner.attemptReplaced();
      return;
    }
    const codec = this.#prepared.codec ?? job.options.upstreamCodecs.get(this.#prepared.dialect);
    const error = this.#describe(codec, secretFree);
    const sameDialect = this.#prepared.dialect === job.exchange.codec.id;
    // Whoever stands in front of the upstream answers in its own shape, which this client cannot read.
    const verbatim =
      sameDialect &&
      error.status === this.#errorStatus &&
      this.#errorStatus >= 400 &&
      hasShapeOf(job.exchange.codec.encodeError(error), parseErrorBody(secretFree));
    this.#owner.attemptFailed(error, this.#verbatim(verbatim ? secretFree : undefined), secretFree);
  }

  #describe(codec: UpstreamCodec | undefined, body: string): ProxyError {
    const status = this.#errorStatus;
    const { provider } = this.#target;
    if (status < 400) {
      return new ProxyError('upstream_failed', `${provider.label} answered with status ${status}; check the base URL`);
    }
    const parsed = isPage(body) ? undefined : evenErrorBody(parseErrorBody(body));
    const info = isPage(body)
      ? describePage(status, provider.label)
      : (codec?.decodeError(status, parsed) ?? { status, message: `HTTP status ${status}` });
    const told = info.retryAfterMs ?? (info.retryAtS === undefined ? retryHintMs(parsed) : undefined);
    const nowMs = this.#job.options.clock.now();
    const quota = status === 429 ? googleQuota(parsed, nowMs) : undefined;
    const retryAfterMs = quota?.retryAfterMs ?? readRetryAfterMs(this.#errorHeaders, nowMs) ?? told;
    const error = upstreamError({
      ...info,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(limitsCredential(this.#errorHeaders) && { limitOf: 'credential' }),
      ...(quota !== undefined && { limitName: quota.limitName }),
    });
    return this.#timed(retryAfterMs === undefined ? untilMidnight(error, provider, nowMs) : error);
  }

  /** A moment at which to try again becomes a time from now. */
  #timed(error: ProxyError): ProxyError {
    const { upstream } = error;
    if (upstream?.retryAtS === undefined || error.retryAfterMs !== undefined) return error;
    const retryAfterMs = Math.max(0, upstream.retryAtS * 1000 - this.#job.options.clock.now());
    return upstreamError({ ...upstream, retryAfterMs });
  }

  #verbatim(body: string | undefined): VerbatimError {
    const contentType = this.#errorHeaders['content-type'];
    const headers: Record<string, string> = {};
    if (this.#job.options.settings.passthroughHeaders) copyUpstreamHeaders(this.#errorHeaders, headers);
    return { body, contentType: typeof contentType === 'string' ? contentType : 'application/json', headers };
  }

  #errorText(): string {
    return this.#mask.text(Buffer.concat(this.#errorBody).toString('utf8', 0, ERROR_BODY_LIMIT));
  }
}

function parseErrorBody(text: string): JsonValue | undefined {
  if (text === '') return undefined;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function endTurn(attempt: Attempt): void {
  attempt.flush();
}

function endRest(attempt: Attempt): void {
  attempt.wake();
}
