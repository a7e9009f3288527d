import type { Codec, TokenCounter } from '../dialects/codec.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, PreparedAttempt, UpstreamHeaders } from './answer-writer.ts';
import { encodeTarget } from './encode-target.ts';
import { sendError } from './error-reply.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { holdsForeignSignatures } from './foreign-signatures.ts';
import type { Job } from './job.ts';
import { Outbox } from './outbox.ts';
import { prepareCountPassThrough } from './passthrough.ts';
import { replyHeaders } from './reply-head.ts';
import { parseAnswer } from './translate-whole.ts';
import { upstreamCall } from './upstream-call.ts';

/** Says that a count is llmproxy's own estimate and not the provider's. */
export const ESTIMATE_HEADER = 'x-llmproxy-estimate';

/**
 * A token count: by the upstream's own endpoint where it has one, passed through or translated; otherwise an estimate
 * is sent, and nothing is left to attempt.
 */
export function prepareCount(job: Job, target: Target): PreparedAttempt | undefined {
  const { codec: client } = job.exchange;
  const counter = client.tokenCounter;
  if (counter === undefined) throw new ProxyError('not_found', 'this dialect has no token counting');
  const endpoint = selectEndpoint(target, client.id);
  const path = endpoint.countTokensPath;
  const codec = job.codecOf(endpoint.dialect);
  if (path === undefined || codec.tokenCounter === undefined) {
    void sendEstimate(job, counter);
    return undefined;
  }
  // A count body may repeat the model of the URL; only the codec knows where.
  const asItIs =
    endpoint.dialect === client.id &&
    (job.exchange.urlModel ?? target.model) === target.model &&
    !holdsForeignSignatures(job.exchange.body, client.unsignedReasoning);
  const prepared = asItIs
    ? prepareCountPassThrough(job, target, endpoint, path, codec)
    : prepareCountTranslation(job, target, path, codec, codec.tokenCounter, counter);
  return {
    ...prepared,
    answerInstead(status, body) {
      if (!lacksEndpoint(status, body, target)) return false;
      void sendEstimate(job, counter);
      return true;
    },
  };
}

/** Servers that speak a dialect often leave its counting out. A 404 that names the model is about the model. */
function lacksEndpoint(status: number, body: string, { model }: Target): boolean {
  return status === 405 || status === 501 || (status === 404 && !body.includes(model));
}

function prepareCountTranslation(
  job: Job,
  target: Target,
  path: string,
  codec: Codec,
  upstreamCounter: TokenCounter,
  clientCounter: TokenCounter,
): PreparedAttempt {
  // How much a model is to reason changes nothing in what it reads.
  const { reasoning: _, ...request } = job.request();
  const { value, warnings } = codec.encodeRequest(request, encodeTarget(target, false));
  const body = JSON.stringify(upstreamCounter.toCountBody(value, target.model));
  return {
    dialect: codec.id,
    call: upstreamCall(job, target, path, body),
    writer: new CountWriter(job, target, upstreamCounter, clientCounter),
    warnings,
  };
}

async function sendEstimate(job: Job, counter: TokenCounter): Promise<void> {
  const { exchange } = job;
  try {
    const tokens = await estimateTokens(job.request());
    if (exchange.reply.closed) return;
    const body = JSON.stringify(counter.encodeCount(tokens));
    const headers = replyHeaders(job, 'application/json', false, {}, []);
    headers['content-length'] = String(Buffer.byteLength(body));
    headers[ESTIMATE_HEADER] = 'tokenizer';
    exchange.reply.head(200, headers);
    exchange.reply.end(body);
    job.finish(200, undefined, undefined);
  } catch (thrown) {
    const error = toProxyError(thrown);
    sendError(exchange, error);
    job.finish(error.status, error, undefined);
  }
}

/** Wraps another dialect's count in the client's. */
class CountWriter implements AnswerWriter {
  readonly outbox: Outbox;
  readonly #job: Job;
  readonly #target: Target;
  readonly #upstream: TokenCounter;
  readonly #client: TokenCounter;
  readonly #chunks: Buffer[] = [];

  constructor(job: Job, target: Target, upstream: TokenCounter, client: TokenCounter) {
    this.outbox = new Outbox(job.exchange.reply, job);
    this.#job = job;
    this.#target = target;
    this.#upstream = upstream;
    this.#client = client;
  }

  start(_status: number, headers: UpstreamHeaders): void {
    this.outbox.head(200, replyHeaders(this.#job, 'application/json', false, headers, []), false);
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): undefined {
    const tokens = this.#upstream.decodeCount(parseAnswer(this.#target, this.#chunks));
    if (tokens === undefined) {
      throw new ProxyError('upstream_invalid_response', `${this.#target.provider.label} sent a count without a number`);
    }
    this.outbox.text(JSON.stringify(this.#client.encodeCount(tokens)));
    this.outbox.end();
  }

  fail(): void {
    this.#job.exchange.reply.destroy();
  }

  usage(): undefined {
    return undefined;
  }
}
