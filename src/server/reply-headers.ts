import { REQUEST_ID_HEADER } from '../pipeline/reply-headers.ts';

/** Headers that a browser may read only when told so. */
const EXPOSED =
  'Retry-After, X-Request-Id, x-llmproxy-dropped, x-llmproxy-provider, x-llmproxy-model, x-llmproxy-attempts';

/** Answer to a CORS preflight: any origin, because only the client key decides who may come in. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': '*, Authorization',
  'access-control-max-age': '86400',
};

/** A reply's headers and those that all replies have, as a flat list: node:http takes it without building an object. */
export function completeHeaders(headers: Record<string, string>, requestId: string, fromBrowser: boolean): string[] {
  const list = ['access-control-allow-origin', '*'];
  if (headers[REQUEST_ID_HEADER] === undefined) list.push(REQUEST_ID_HEADER, requestId);
  if (fromBrowser) list.push('access-control-expose-headers', EXPOSED);
  for (const name in headers) list.push(name, headers[name] ?? '');
  return list;
}
