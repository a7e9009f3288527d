import type { TokenCounter, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { DialectId, TranslationWarning } from '../ir/index.ts';
import { findMember } from '../json-splice.ts';
import type { Endpoint } from '../providers/provider.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import { reachesItsAccount } from './account-members.ts';
import type { AnswerWriter, PreparedAttempt, UpstreamHeaders } from './answer-writer.ts';
import { encodeTarget } from './encode-target.ts';
import { envelopeHeaders, wrapBody } from './enveloped.ts';
import type { Preparation } from './failover.ts';
import { holdsForeignSignatures, refusedUnsigned } from './foreign-signatures.ts';
import type { Job } from './job.ts';
import { Outbox } from './outbox.ts';
import { prepareCountPassThrough } from './passthrough.ts';
import { replyHeaders } from './reply-head.ts';
import { sendEstimate } from './send-estimate.ts';
import { mustSettle, settleRequest } from './signatures/request-signatures.ts';
import type { Steps } from './steps.ts';
import { takesPrefixAsItIs, withSystemPrefix } from './system-prefix.ts';
import { clientWarnings, isLarge, lossyTranslation } from './translate.ts';
import { parseAnswer } from './translate-whole.ts';
import { upstreamCall } from './upstream-call.ts';

/**
 * A token count: by the upstream's own endpoint where it has one, passed through or translated; otherwise an estimate
 * is sent, and nothing is left to attempt.
 */
export function prepareCount(job: Job, target: Target): Preparation {
  const { codec: client } = job.exchange;
  const counter = client.tokenCounter;
  if (counter === undefined) throw new ProxyError('not_found', 'this dialect has no token counting');
  const endpoint = countingEndpoint(target, client.id);
  const path = endpoint.countTokensPath;
  const codec = job.codecOf(endpoint.dialect);
  if (path === undefined || codec.tokenCounter === undefined) return estimateSteps(job, target, counter);
  // A count body may repeat the model of the URL; only the codec knows where.
  const asItIs =
    endpoint.dialect === client.id &&
    endpoint.envelope === undefined &&
    (job.exchange.urlModel ?? target.model) === target.model &&
    !(endpoint.countTokensFlat === true && findMember(job.body, 'generateContentRequest') !== undefined) &&
    !holdsForeignSignatures(job.exchange.body, refusedUnsigned(client, target)) &&
    !mustSettle(job, target) &&
    takesPrefixAsItIs(target, client.id) &&
    reachesItsAccount(job, target);
  const answerInstead: NonNullable<PreparedAttempt['answerInstead']> = (status, body) => {
    if (!lacksEndpoint(status, body, target)) return false;
    void sendEstimate(job, target, counter);
    return true;
  };
  if (asItIs) return { ...prepareCountPassThrough(job, target, endpoint, path, codec), answerInstead };
  const counting = { endpoint, path, codec, upstream: codec.tokenCounter, client: counter };
  return prepareCountTranslation(job, target, counting, answerInstead);
}

function* estimateSteps(job: Job, target: Target, counter: TokenCounter): Steps<undefined> {
  yield* job.requestSteps();
  void sendEstimate(job, target, counter);
}

/** The endpoint that would answer the request, or else any other of the provider that counts for its models. */
function countingEndpoint(target: Target, clientDialect: DialectId): Endpoint {
  const endpoint = selectEndpoint(target, clientDialect);
  if (endpoint.countTokensPath !== undefined) return endpoint;
  return target.provider.endpoints.find((other) => other.countTokensPath !== undefined) ?? endpoint;
}

/** Servers that speak a dialect often leave its counting out. A 404 that names the model is about the model. */
function lacksEndpoint(status: number, body: string, { model }: Target): boolean {
  return status === 405 || status === 501 || (status === 404 && !body.includes(model));
}

/** Who counts, and for whom. */
interface Counting {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly codec: UpstreamCodec;
  readonly upstream: TokenCounter;
  readonly client: TokenCounter;
}

function* prepareCountTranslation(
  job: Job,
  target: Target,
  counting: Counting,
  answerInstead: NonNullable<PreparedAttempt['answerInstead']>,
): Steps<PreparedAttempt> {
  const { codec, upstream } = counting;
  yield* job.requestSteps();
  // How much a model is to reason changes nothing in what it reads.
  const { reasoning: _, ...request } = job.request();
  const settled = settleRequest(withSystemPrefix(request, target), job, target, codec);
  yield;
  if (isLarge(job)) yield* codec.encodeAhead(settled.request);
  const encoded = codec.encodeRequest(settled.request, encodeTarget(target, false));
  const warnings = clientWarnings(job, [...settled.warnings, ...encoded.warnings]);
  if (job.strict && warnings.length > 0) throw lossyTranslation(warnings);
  yield;
  const { endpoint } = counting;
  const plain = upstream.toCountBody(encoded.value, target.model, endpoint.countTokensFlat === true);
  const body = JSON.stringify(wrapBody(plain, job, target, endpoint));
  return {
    dialect: codec.id,
    call: upstreamCall(job, target, counting.path, body, envelopeHeaders(plain, job, target, endpoint)),
    writer: new CountWriter(job, target, counting, warnings),
    warnings,
    answerInstead,
  };
}

/** Wraps another dialect's count in the client's. */
class CountWriter implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #counting: Counting;
  readonly #warnings: readonly TranslationWarning[];
  readonly #chunks: Buffer[] = [];

  constructor(job: Job, target: Target, counting: Counting, warnings: readonly TranslationWarning[]) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#counting = counting;
    this.#warnings = warnings;
  }

  start(_status: number, headers: UpstreamHeaders): void {
    this.outbox.head(200, replyHeaders(this.#job, 'application/json', false, headers, this.#warnings), false);
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): undefined {
    const tokens = this.#counting.upstream.decodeCount(parseAnswer(this.#target, this.#chunks));
    if (tokens === undefined) {
      throw new ProxyError('upstream_invalid_response', `${this.#target.provider.label} sent a count without a number`);
    }
    this.outbox.text(JSON.stringify(this.#counting.client.encodeCount(tokens)));
    this.outbox.end();
  }

  complete(): boolean {
    return false;
  }

  fail(): void {
    this.#job.exchange.reply.destroy();
  }

  keepAlive(): string {
    return '';
  }

  usage(): undefined {
    return undefined;
  }
}
