import { type ProxyError, toProxyError } from '../errors.ts';
import { findMember } from '../json-splice.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import { reachesItsAccount } from './account-members.ts';
import { prepareCompact } from './compact.ts';
import { prepareCount } from './count-tokens.ts';
import { envelopedCodec, needsTranslation } from './enveloped.ts';
import { sendError } from './error-reply.ts';
import type { Exchange, Operation } from './exchange.ts';
import { attemptWithState } from './exchange-state.ts';
import { Failover, type Preparation, type Prepare } from './failover.ts';
import { holdsForeignSignatures, refusedUnsigned } from './foreign-signatures.ts';
import { Job } from './job.ts';
import { sendKeepAlive } from './keep-alive.ts';
import { askedTargets } from './model-chain.ts';
import type { PipelineOptions } from './options.ts';
import { thinksBeyondLimit } from './output-limit.ts';
import { preparePassThrough } from './passthrough.ts';
import { holdsUnreadable } from './readable-media.ts';
import { mustSettle } from './signatures/request-signatures.ts';
import { overSocket, overSocketSteps, takesSocket } from './socket-call.ts';
import { takesPrefixAsItIs } from './system-prefix.ts';
import { prepareTranslation } from './translate.ts';
import { answerWarmUp } from './warm-up.ts';
import { Watch } from './watch.ts';

/** Takes authenticated client requests to an upstream and its answers back. */
export interface Pipeline {
  /** Answers the exchange; returns at once and never throws. */
  handle(exchange: Exchange): void;
  /** Answers an exchange with an error that somebody before the pipeline found, and records it. */
  refuse(exchange: Exchange, error: ProxyError, asked: AskedFor): void;
}

/** What is known of a request that goes no further. */
export interface AskedFor {
  readonly model: string;
  readonly stream: boolean;
}

/** Wires a pipeline. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const watch = new Watch<Job>(options.settings, sendKeepAlive);
  return {
    handle(exchange) {
      const startedAtMs = options.clock.now();
      let job: Job | undefined;
      try {
        job = new Job(exchange, options, startedAtMs);
        job.targets = askedTargets(job);
        new Failover(job, prepareFor[exchange.operation], watch).start();
      } catch (thrown) {
        const error = toProxyError(thrown);
        sendError(exchange, error);
        if (job === undefined) recordUnread(exchange, options, startedAtMs, error, unread(exchange));
        else job.finish(error.status, error, undefined);
      }
    },
    refuse(exchange, error, asked) {
      sendError(exchange, error);
      recordUnread(exchange, options, options.clock.now(), error, asked);
    },
  };
}

function unread({ urlModel = '', urlStream = false }: Exchange): AskedFor {
  return { model: urlModel, stream: urlStream };
}

const prepareFor: Readonly<Record<Operation, Prepare>> = {
  generate: prepareGenerate,
  'count-tokens': prepareCount,
  compact: prepareCompact,
};

function prepareGenerate(job: Job, target: Target): Preparation {
  const clientDialect = job.exchange.codec.id;
  const endpoint = selectEndpoint(target, clientDialect);
  const codec = envelopedCodec(job.codecOf(endpoint.dialect), endpoint);
  if (job.exchange.state !== undefined) attemptWithState(job.exchange.state, target, endpoint, clientDialect);
  const { turn } = job.exchange;
  const socket = turn !== undefined && takesSocket(turn, target, endpoint);
  if (turn?.warmUp === true && !socket) {
    answerWarmUp(job);
    return undefined;
  }
  if (endpoint.dialect !== clientDialect || needsTranslation(endpoint, job) || !canPassThrough(job, target)) {
    const steps = prepareTranslation(job, target, endpoint, codec);
    return socket ? overSocketSteps(job, turn, target, steps) : steps;
  }
  const prepared = preparePassThrough(job, target, endpoint, codec);
  return socket ? overSocket(job, turn, target, prepared) : prepared;
}

/** Whether the target can take the body as the client wrote it; otherwise the codec refuses it or says what is lost. */
function canPassThrough(job: Job, target: Target): boolean {
  const { codec, body } = job.exchange;
  // One JSON array is not looked into: only the encoder writes another model's name there.
  if (target.forceMapping && job.stream && job.exchange.framing === 'json-array') return false;
  if (holdsForeignSignatures(body, refusedUnsigned(codec, target)) || mustSettle(job, target)) return false;
  if (target.info?.capabilities?.structuredOutput === false && asksForSchema(job)) return false;
  if (thinksBeyondLimit(job, target)) return false;
  if (holdsUnreadable(body, target.info) || holdsUnplainTools(job.exchange, target)) return false;
  if (target.provider.quirks?.strictInput === true && codec.needsStrictInput?.(job.body) === true) return false;
  return takesPrefixAsItIs(target, codec.id) && reachesItsAccount(job, target);
}

/** Whether the body may hold tools of this dialect that the server does not know. */
function holdsUnplainTools({ codec, body }: Exchange, { provider }: Target): boolean {
  if (provider.quirks?.plainTools === undefined) return false;
  return codec.unplainTools?.some((sign) => body.includes(sign)) === true;
}

/** Whether the body may demand a schema, which a model without structured output must be made to obey by a tool. */
function asksForSchema({ body, exchange }: Job): boolean {
  const members = exchange.codec.schemaMembers ?? [];
  return members.some((name) => findMember(body, name) !== undefined);
}

/** Records a request that no job was made of. */
function recordUnread(
  exchange: Exchange,
  options: PipelineOptions,
  startedAtMs: number,
  error: ProxyError,
  { model, stream }: AskedFor,
): void {
  options.onFinished?.({
    requestId: exchange.requestId,
    operation: exchange.operation,
    principal: exchange.principal,
    clientDialect: exchange.codec.id,
    upstreamDialect: undefined,
    provider: undefined,
    credentialId: undefined,
    requestedModel: model,
    upstreamModel: undefined,
    stream,
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
