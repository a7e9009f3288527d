import type { UpstreamCodec } from '../dialects/codec.ts';
import type { ProxyError } from '../errors.ts';
import type { UpstreamCall } from '../executors/executor.ts';
import type { DialectId, TranslationWarning, Usage } from '../ir/index.ts';
import type { Outbox } from './outbox.ts';
import type { Steps } from './steps.ts';

/** Response headers of an upstream: lower-case names. */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Knows what an answer cost, as far as it has come. */
export interface UsageSource {
  /** Read from the bytes at each call: ask only for what is used. */
  usage(): Usage | undefined;
}

/** An error that the upstream itself has already told the client in the stream; undefined: all is well. */
export type Ending = ProxyError | undefined;

/** Turns the body of a 2xx answer into the client's reply. Its methods throw ProxyError when the answer is no good. */
export interface AnswerWriter extends UsageSource {
  /** Everything for the client goes through here. */
  readonly outbox: Outbox;
  start(status: number, headers: UpstreamHeaders): void;
  /** Takes what came in one turn of the event loop; the outbox is flushed afterwards. */
  data(bytes: Buffer): void;
  /** Every byte means work: after a good many of them others have their turn. */
  readonly rests?: true;
  /** Ends the reply. */
  end(): Ending | Steps<Ending>;
  /** True when what came is a whole answer, whatever happens to the connection afterwards. Asked only when it breaks. */
  complete(): boolean;
  /** Ends an answer whose beginning was sent, visibly broken. */
  fail(error: ProxyError): void;
  /** What may be written now to keep the client waiting; '' for nothing. */
  keepAlive(): string;
}

/** An attempt ready to be sent: the call, and who takes its answer. */
export interface PreparedAttempt {
  readonly dialect: DialectId;
  /** Reads its errors, where the service puts something around them; absent: as the dialect has them. */
  readonly codec?: UpstreamCodec;
  readonly call: UpstreamCall;
  readonly writer: AnswerWriter;
  readonly warnings: readonly TranslationWarning[];
  /** Answers in another way when the upstream's refusal means that it has no such endpoint; false: it means no such. */
  answerInstead?(status: number, body: string): boolean;
}
