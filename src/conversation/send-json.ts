import type { JsonObject } from '../ir/index.ts';
import type { Reply } from '../pipeline/exchange.ts';
import { REQUEST_ID_HEADER } from '../pipeline/reply-headers.ts';

/** Answers with a whole JSON object. */
export function sendJson(reply: Reply, value: JsonObject, requestId: string): void {
  const body = JSON.stringify(value);
  reply.head(200, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    [REQUEST_ID_HEADER]: requestId,
  });
  reply.end(body);
}
