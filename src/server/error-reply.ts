import type { ClientCodec } from '../dialects/codec.ts';
import type { ProxyError } from '../errors.ts';
import type { JsonObject } from '../ir/index.ts';
import type { Reply } from '../pipeline/exchange.ts';
import { formatRetryAfter } from '../pipeline/retry-after.ts';

/** Answers with an error in the client's dialect. A client that is gone, or has its head, gets nothing more. */
export function writeErrorReply(
  reply: Reply,
  codec: ClientCodec,
  error: ProxyError,
  extra: Readonly<Record<string, string>> = {},
): void {
  if (reply.closed) return;
  if (reply.headSent) {
    reply.destroy();
    return;
  }
  const retry = error.retryAfterMs === undefined ? {} : { 'retry-after': formatRetryAfter(error.retryAfterMs) };
  writeJson(reply, error.status, codec.encodeError(error), { ...extra, ...retry });
}

/** Answers with a whole JSON body. */
export function writeJson(
  reply: Reply,
  status: number,
  value: JsonObject,
  extra: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  reply.head(status, { 'content-type': 'application/json', 'content-length': String(body.length), ...extra });
  reply.end(body);
}
