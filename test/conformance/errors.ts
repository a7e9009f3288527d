/** Every status with which an upstream fails before its answer, and the name that each client dialect has for it. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

/** One status: it stays what it is, and so does the upstream's message. */
export interface ErrorRow {
  readonly status: number;
  readonly told: Readonly<Record<UpstreamDialect, string>>;
}

const row = (status: number, chat: string, responses: string, messages: string, gemini: string): ErrorRow => ({
  status,
  told: { 'openai-chat': chat, 'openai-responses': responses, 'anthropic-messages': messages, gemini },
});

export const errorRows: readonly ErrorRow[] = [
  row(400, 'invalid_request_error', 'invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'),
  row(401, 'authentication_error', 'authentication_error', 'authentication_error', 'UNAUTHENTICATED'),
  row(402, 'insufficient_quota', 'insufficient_quota', 'billing_error', 'FAILED_PRECONDITION'),
  row(403, 'permission_error', 'permission_error', 'permission_error', 'PERMISSION_DENIED'),
  row(404, 'invalid_request_error', 'invalid_request_error', 'not_found_error', 'NOT_FOUND'),
  row(408, 'server_error', 'server_error', 'timeout_error', 'DEADLINE_EXCEEDED'),
  row(409, 'invalid_request_error', 'invalid_request_error', 'conflict_error', 'ABORTED'),
  row(413, 'invalid_request_error', 'invalid_request_error', 'request_too_large', 'INVALID_ARGUMENT'),
  row(422, 'invalid_request_error', 'invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'),
  row(429, 'rate_limit_error', 'rate_limit_error', 'rate_limit_error', 'RESOURCE_EXHAUSTED'),
  row(500, 'server_error', 'server_error', 'api_error', 'INTERNAL'),
  row(503, 'server_error', 'server_error', 'api_error', 'UNAVAILABLE'),
  row(504, 'server_error', 'server_error', 'timeout_error', 'DEADLINE_EXCEEDED'),
  row(529, 'server_error', 'server_error', 'overloaded_error', 'UNAVAILABLE'),
];

/** The upstream's body for a status, in its own form and without a word that says more than the status. */
export function errorBody(upstream: UpstreamDialect, status: number, message: string): Wire {
  switch (upstream) {
    case 'openai-chat':
    case 'openai-responses':
      return { error: { message, type: null, param: null, code: null } };
    case 'anthropic-messages':
      return { type: 'error', error: { message }, request_id: 'req_scripted' };
    case 'gemini':
      return { error: { code: status, message } };
  }
}

/** What the client is told, as its SDKs look for it. */
export function errorName(client: UpstreamDialect, body: Wire): string {
  return client === 'gemini' ? body.error.status : body.error.type;
}
