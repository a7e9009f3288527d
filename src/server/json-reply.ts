import type { Reply } from '../pipeline/exchange.ts';

/** Answers with a whole JSON body. */
export function writeJson(
  reply: Reply,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  writeText(reply, status, JSON.stringify(value), { ...headers, 'content-type': 'application/json' });
}

/** Answers with a whole text. */
export function writeText(reply: Reply, status: number, text: string, headers: Readonly<Record<string, string>>): void {
  const body = Buffer.from(text);
  reply.head(status, { ...headers, 'content-length': String(body.length) });
  reply.end(body);
}
