import type { ProxyError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { REQUEST_ID_HEADER } from './reply-headers.ts';
import { formatRetryAfter } from './retry-after.ts';

/** An upstream's error answer in the client's own dialect, passed on as it is. */
export interface VerbatimError {
  readonly body: string;
  readonly contentType: string;
  /** Further headers, already filtered. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers an exchange whose head was not sent yet with an error in the client's dialect. */
export function sendError(exchange: Exchange, error: ProxyError, verbatim?: VerbatimError): void {
  const { reply, codec } = exchange;
  if (reply.closed) return;
  const body = verbatim?.body ?? JSON.stringify(codec.encodeError(error));
  const headers: Record<string, string> = {
    ...verbatim?.headers,
    'content-type': verbatim?.contentType ?? 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    [REQUEST_ID_HEADER]: exchange.requestId,
  };
  if (error.retryAfterMs !== undefined) headers['retry-after'] = formatRetryAfter(error.retryAfterMs);
  reply.head(error.status, headers);
  reply.end(body);
}
