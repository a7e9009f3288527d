import { type ProxyError, toProxyError } from '../errors.ts';
import { findMember } from '../json-splice.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt } from './answer-writer.ts';
import { prepareCount } from './count-tokens.ts';
import { sendError } from './error-reply.ts';
import type { Exchange } from './exchange.ts';
import { Failover } from './failover.ts';
import { holdsForeignSignatures } from './foreign-signatures.ts';
import { Job } from './job.ts';
import type { PipelineOptions } from './options.ts';
import { preparePassThrough } from './passthrough.ts';
import { prepareTranslation } from './translate.ts';

/** Takes authenticated client requests to an upstream and its answers back. */
export interface Pipeline {
  /** Answers the exchange; returns at once and never throws. */
  handle(exchange: Exchange): void;
}

/** Wires a pipeline. */
export function createPipeline(options: PipelineOptions): Pipeline {
  return {
    handle(exchange) {
      const startedAtMs = options.clock.now();
      let job: Job | undefined;
      try {
        job = new Job(exchange, options, startedAtMs);
        const targets = options.route(job.model, exchange);
        job.targets = targets;
        new Failover(job, targets, exchange.operation === 'generate' ? prepareGenerate : prepareCount).start();
      } catch (thrown) {
        const error = toProxyError(thrown);
        sendError(exchange, error);
        if (job === undefined) recordUnread(exchange, options, startedAtMs, error);
        else job.finish(error.status, error, undefined);
      }
    },
  };
}

function prepareGenerate(job: Job, target: Target): PreparedAttempt {
  const clientDialect = job.exchange.codec.id;
  const endpoint = selectEndpoint(target, clientDialect);
  const codec = job.codecOf(endpoint.dialect);
  return endpoint.dialect === clientDialect && canPassThrough(job, target)
    ? preparePassThrough(job, target, endpoint, codec)
    : prepareTranslation(job, target, endpoint, codec);
}

/** Whether the target can take the body as the client wrote it; otherwise the codec refuses it or says what is lost. */
function canPassThrough(job: Job, target: Target): boolean {
  const { codec, body } = job.exchange;
  // One JSON array is not looked into: only the encoder writes another model's name there.
  if (target.forceMapping && job.stream && job.exchange.framing === 'json-array') return false;
  if (holdsForeignSignatures(body, codec.unsignedReasoning) || mustSettle(job, target)) return false;
  return reachesItsAccount(job, target);
}

/** Records a request that could not even be read. */
function recordUnread(exchange: Exchange, options: PipelineOptions, startedAtMs: number, error: ProxyError): void {
  options.onFinished?.({
    requestId: exchange.requestId,
    operation: exchange.operation,
    principal: exchange.principal,
    clientDialect: exchange.codec.id,
    upstreamDialect: undefined,
    provider: undefined,
    credentialId: undefined,
    requestedModel: exchange.urlModel ?? '',
    upstreamModel: undefined,
    stream: exchange.urlStream ?? false,
    status: error.status,
    errorCode: error.code,
    error,
    attempts: 0,
    latencyMs: options.clock.now() - startedAtMs,
    ttfbMs: undefined,
    usage: undefined,
    warnings: [],
  });
}
