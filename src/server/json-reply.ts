import type { Reply } from '../pipeline/exchange.ts';

/** Answers with a whole JSON body. */
export function writeJson(
  reply: Reply,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  reply.head(status, { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) });
  reply.end(body);
}
