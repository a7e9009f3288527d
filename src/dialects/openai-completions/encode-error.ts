import type { ProxyError } from '../../errors.ts';
import type { JsonObject } from '../../ir/index.ts';

/** OpenAI's error body. */
export function encodeError(error: ProxyError): JsonObject {
  const code = error.upstream?.code ?? (error.code === 'unauthorized' ? 'invalid_api_key' : error.code);
  const param = error.upstream?.param ?? error.path ?? null;
  return { error: { message: error.message, type: errorType(error.status), param, code } };
}

function errorType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 429:
      return 'rate_limit_error';
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}
