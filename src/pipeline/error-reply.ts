import type { ClientCodec } from '../dialects/codec.ts';
import type { ProxyError } from '../errors.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Job } from './job.ts';
import { REQUEST_ID_HEADER } from './reply-headers.ts';
import { formatRetryAfter } from './retry-after.ts';
import { streamError } from './stream-error.ts';

/** What of an upstream's error answer is passed on as it is. */
export interface VerbatimError {
  /** Undefined: it is not in the client's dialect. */
  readonly body: string | undefined;
  readonly contentType: string;
  /** Further headers, already filtered. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers an exchange whose head was not sent yet with an error in the client's dialect. */
export function sendError(exchange: Exchange, error: ProxyError, verbatim?: VerbatimError): void {
  const { reply, codec, requestId } = exchange;
  writeErrorReply(reply, codec, error, { ...verbatim?.headers, [REQUEST_ID_HEADER]: requestId }, verbatim);
}

/**
 * Ends with an error what only a keep-alive was sent of. A stream tells it as an event; a whole answer gets the error as
 * its body and is then cut off, because its status says success already and nobody may take it for an answer.
 */
export function sendLateError(job: Job, error: ProxyError): void {
  const { reply, codec } = job.exchange;
  if (reply.closed) return;
  if (job.stream) {
    reply.end(streamError(job, error));
    return;
  }
  reply.write(JSON.stringify(codec.encodeError(error)));
  // What is written reaches the socket at the end of this turn; an end of the body would call the answer whole.
  setImmediate(() => reply.destroy());
}

/**
 * Answers with an error in the client's dialect and further headers. A client that is gone gets nothing more; one that
 * has the head of another answer is cut off, because that answer cannot be completed.
 */
export function writeErrorReply(
  reply: Reply,
  codec: ClientCodec,
  error: ProxyError,
  headers: Readonly<Record<string, string>> = {},
  verbatim?: VerbatimError,
): void {
  if (reply.closed) return;
  if (reply.headSent) {
    reply.destroy();
    return;
  }
  const body = verbatim?.body ?? JSON.stringify(codec.encodeError(error));
  reply.head(error.status, {
    ...headers,
    'content-type': verbatim?.body === undefined ? 'application/json' : verbatim.contentType,
    'content-length': String(Buffer.byteLength(body)),
    ...(error.retryAfterMs !== undefined && { 'retry-after': formatRetryAfter(error.retryAfterMs) }),
  });
  reply.end(body);
}
