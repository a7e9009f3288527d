import { ProxyError } from '../errors.ts';

/** What is known of the call whose connection failed. */
export interface FailedCall {
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of the proxy, when there was one. */
  readonly proxy: string | undefined;
  /** The upstream's status line had arrived. */
  readonly answered: boolean;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** The error for a call that failed below HTTP: names host and port and says what to do. */
export function connectionError(thrown: unknown, call: FailedCall): ProxyError {
  if (thrown instanceof ProxyError) return thrown;
  const code = errorCode(thrown);
  const where = call.proxy === undefined ? call.address : `${call.address} through the proxy ${call.proxy}`;
  const unreachable = (message: string): ProxyError =>
    new ProxyError('upstream_unreachable', message, { cause: thrown });
  const timeout = (message: string): ProxyError => new ProxyError('upstream_timeout', message, { cause: thrown });
  switch (code) {
    case 'ECONNREFUSED':
      return unreachable(`nothing listens at ${where} (connection refused); check the base URL and that it runs`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(`the host name of ${where} cannot be resolved; check the base URL and the network`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unreachable(`${where} is not reachable (${code}); check the network`);
    case 'UND_ERR_PRX_CONN':
    case 'UND_ERR_PRX_TLS':
    case 'UND_ERR_SOCKS5':
      return unreachable(`no connection to ${where} (${code}); check the proxy`);
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return timeout(`no connection to ${where} in time; check the network or a firewall`);
    case 'UND_ERR_HEADERS_TIMEOUT':
      return timeout(`${where} sent no answer within ${seconds(call.firstByteTimeoutMs)} s`);
    case 'UND_ERR_BODY_TIMEOUT':
      return timeout(`${where} stopped sending for ${seconds(call.idleTimeoutMs)} s`);
    case 'UND_ERR_INVALID_ARG':
      return unreachable(
        `the request to ${call.address} cannot be sent: its key or a header holds characters that HTTP does not allow`,
      );
    case 'UND_ERR_CLOSED':
    case 'UND_ERR_DESTROYED':
      return new ProxyError('shutting_down', 'llmproxy is shutting down; try again in a moment', { cause: thrown });
    default:
      return failed(thrown, code, where, call);
  }
}

function failed(thrown: unknown, code: string, where: string, call: FailedCall): ProxyError {
  if (thrown instanceof TypeError && code === '') {
    return new ProxyError('upstream_unreachable', thrown.message, { cause: thrown });
  }
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)) {
    const message = `TLS with ${where} failed (${code}); check the base URL, or name your CA in NODE_EXTRA_CA_CERTS`;
    return new ProxyError('upstream_unreachable', message, { cause: thrown });
  }
  const name = code === '' ? '' : ` (${code})`;
  if (call.answered) {
    const message = `${where} broke off in the middle of its answer${name}`;
    return new ProxyError('upstream_stream_truncated', message, { cause: thrown });
  }
  // undici reports a refused CONNECT as an abort.
  if (call.proxy !== undefined && code === 'UND_ERR_ABORTED') {
    const message = `the proxy ${call.proxy} refused the connection to ${call.address}`;
    return new ProxyError('upstream_unreachable', message, { cause: thrown });
  }
  return new ProxyError('upstream_failed', `${where} closed the connection before it answered${name}`, {
    cause: thrown,
  });
}

/** The `code` of an error or of its cause; '' when there is none. */
function errorCode(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth++) {
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return '';
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
