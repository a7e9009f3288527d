import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { UpstreamCodec } from '../dialects/codec.ts';
import type { ErrorCode, ProxyError } from '../errors.ts';
import type { Executor } from '../executors/executor.ts';
import type { DialectId, TranslationWarning, Usage } from '../ir/index.ts';
import type { PayloadChanges } from '../payload/index.ts';
import type { Manifest } from '../providers/provider.ts';
import type { FallbackRule } from '../routing/fallback.ts';
import type { Target } from '../routing/target.ts';
import type { Exchange, Operation } from './exchange.ts';
import type { SignatureKeeper } from './signatures/keeper.ts';

/** Behaviour that the configuration decides. */
export interface PipelineSettings {
  /** Answer 400 instead of dropping what the upstream's dialect cannot carry. */
  readonly strict: boolean;
  /** Make providers cache the conversation's prefix where the client's dialect cannot ask for it. */
  readonly promptCaching: boolean;
  /** Pass the upstream's own response headers on. */
  readonly passthroughHeaders: boolean;
  /** Further rounds over all credentials after one in which all failed. */
  readonly requestRetry: number;
  /** The most credentials tried in one round; 0: all. */
  readonly maxRetryCredentials: number;
  /** The longest wait before a further round, in seconds; 0: only rounds that need no wait. */
  readonly maxRetryIntervalS: number;
  /** Further rounds for streams of which nothing has been sent. */
  readonly bootstrapRetries: number;
  /** The most attempts of one request, all rounds and fallbacks together; 0 or absent: any number. */
  readonly attemptBudget?: number;
  /** How long a client waits for the first byte of an answer; 0 or absent: as long as it takes. */
  readonly requestDeadlineMs?: number;
  /** Models that answer when the asked one cannot; absent: none do. */
  readonly fallbacks?: readonly FallbackRule[] | undefined;
  /** A stream that is silent for this long is kept open; 0: it is not. */
  readonly streamKeepAliveMs: number;
  /** The same for whole answers. */
  readonly wholeKeepAliveMs: number;
  /** A stream in which nothing but keep-alives comes from the upstream for this long is given up; 0: never. */
  readonly stallMs: number;
  /** Sub-agents stay on the account of the conversation that started them; absent: they do. */
  readonly subagentsFollow?: boolean;
  /** Changes of request bodies; absent: none. */
  readonly payload?: PayloadChanges | undefined;
}

/** How one attempt of a request went. */
export interface AttemptOutcome {
  readonly provider: string;
  readonly credentialId: string;
  readonly model: string;
  readonly outcome: 'ok' | ErrorCode;
  /** Of the upstream's answer; undefined when there was none, or it was a success. */
  readonly status: number | undefined;
  readonly ms: number;
}

/** One finished exchange, for usage records, metrics and the request log. */
export interface FinishedExchange {
  readonly requestId: string;
  readonly operation: Operation;
  readonly principal: string | undefined;
  readonly clientDialect: DialectId;
  /** Of the last attempt; undefined when nothing was sent upstream. */
  readonly upstreamDialect: DialectId | undefined;
  readonly provider: string | undefined;
  readonly credentialId: string | undefined;
  /** '' when the request named none. */
  readonly requestedModel: string;
  readonly upstreamModel: string | undefined;
  readonly stream: boolean;
  /** Sent to the client; 499 when the client left first. */
  readonly status: number;
  /** Also set for a stream that broke after its head was sent. */
  readonly errorCode: ErrorCode | undefined;
  /** The failure itself, for its message and cause. */
  readonly error: ProxyError | undefined;
  readonly attempts: number;
  /** Each of them in turn; absent when the first one was all there was to it. */
  readonly outcomes?: readonly AttemptOutcome[] | undefined;
  readonly latencyMs: number;
  /** Until the first byte was sent to the client; undefined when none was. */
  readonly ttfbMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly warnings: readonly TranslationWarning[];
}

/** What is counted of a finished exchange. */
export interface MeasuredExchange {
  /** As in {@link FinishedExchange}, like the rest. */
  readonly provider: string | undefined;
  readonly credentialId: string | undefined;
  readonly model: string | undefined;
  readonly errorCode: ErrorCode | undefined;
  readonly latencyMs: number;
  readonly ttfbMs: number | undefined;
  readonly usage: Usage | undefined;
}

/** Everything the pipeline is wired to. */
export interface PipelineOptions {
  /** The ways to serve a model, best first. Throws ProxyError `model_not_found`. */
  route(model: string, exchange: Exchange): readonly Target[];
  readonly pool: CredentialPool;
  /**
   * The target with a new token, after its old one was refused; undefined when it has none to renew or that failed.
   * Requests that ask at the same time share one renewal. Absent: nothing can be renewed.
   */
  renew?(target: Target): Promise<Target | undefined>;
  readonly upstreamCodecs: ReadonlyMap<DialectId, UpstreamCodec>;
  executorFor(provider: Manifest): Executor;
  readonly clock: Clock;
  /** 0 to 1; absent: the system's. Spreads requests that wait for the same moment. */
  random?(): number;
  /** Absent: signatures are told apart by their tags alone, and none are remembered. */
  readonly signatures?: SignatureKeeper;
  newId(prefix: string): string;
  /** Read for every request, so that a changed configuration takes effect at once. */
  readonly settings: PipelineSettings;
  /** `llmproxy/<version>`, sent when the client names no user agent. */
  readonly userAgent: string;
  /** Counts every exchange that names a model, without a record of it. Absent: nobody does. Must not throw. */
  measure?(exchange: MeasuredExchange): void;
  /** Whether anybody looks at the record of an exchange with this outcome; absent: always. Usage is read for it. */
  recordsWanted?(errorCode: ErrorCode | undefined): boolean;
  /** Called once for each exchange whose record is wanted. Must not throw. */
  onFinished?(record: FinishedExchange): void;
}
