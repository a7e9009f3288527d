import { ProxyError } from '../errors.ts';

/** What is known of the call whose connection failed. */
export interface FailedCall {
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of the proxy, when there was one. */
  readonly proxy: string | undefined;
  /** There was a connection and the request was on its way. */
  readonly started: boolean;
  /** The upstream's status line had arrived. */
  readonly answered: boolean;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** The error for a call that failed below HTTP: names host and port and says what to do. */
export function connectionError(thrown: unknown, call: FailedCall): ProxyError {
  if (thrown instanceof ProxyError) return thrown;
  const error = describe(thrown, call);
  // Whatever came of it on the way through a proxy says nothing of those who take another way.
  const isOnTheWay = call.proxy !== undefined && !call.started && !call.answered;
  if (!isOnTheWay || error.scope !== 'provider') return error;
  return new ProxyError(error.code, error.message, { scope: 'credential', cause: thrown });
}

function describe(thrown: unknown, call: FailedCall): ProxyError {
  const code = errorCode(thrown);
  const refused = call.proxy === undefined || call.answered ? undefined : proxyFailure(thrown, code, call, call.proxy);
  if (refused !== undefined) return new ProxyError('upstream_unreachable', refused, { cause: thrown });
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
      return unreachable(`no connection to ${where} (${code}); check the proxy`);
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return timeout(`no connection to ${where} in time; check the network or a firewall`);
    case 'UND_ERR_HEADERS_TIMEOUT':
      if (!call.started) return timeout(`no connection to ${where} in time; check the proxy`);
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
  const tls = tlsFailure(code, where);
  if (tls !== undefined) return new ProxyError('upstream_unreachable', tls, { cause: thrown });
  const name = code === '' ? '' : ` (${code})`;
  if (call.answered) {
    const message = `${where} broke off in the middle of its answer${name}`;
    return new ProxyError('upstream_stream_truncated', message, { cause: thrown });
  }
  return new ProxyError('upstream_failed', `${where} closed the connection before it answered${name}`, {
    cause: thrown,
  });
}

/** What to say of a failed TLS handshake; undefined when it was something else. */
function tlsFailure(code: string, where: string): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${where} is for another host (${code}); check the base URL`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${where} is not valid now (${code}); check it and this machine's clock`;
  if (/^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code))
    return `the certificate of ${where} is not trusted (${code}); if it is yours, name its CA in NODE_EXTRA_CA_CERTS`;
  if (/^(ERR_TLS_|ERR_SSL_|EPROTO)/.test(code))
    return `TLS with ${where} failed (${code}); check the base URL: does it speak https there?`;
  return undefined;
}

/** What to say of a failure that is the proxy's own; undefined when it is not. */
function proxyFailure(thrown: unknown, code: string, call: FailedCall, proxy: string): string | undefined {
  const reason = thrown instanceof Error ? thrown.message : '';
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at the proxy ${proxy} (connection refused); check the proxy's URL and that it runs`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name of the proxy ${proxy} cannot be resolved; check the proxy's URL`;
    case 'UND_ERR_SOCKS5':
      return `the proxy ${proxy} opened no connection to ${call.address}: ${reason}; check the proxy's URL`;
    // How undici reports a refused CONNECT, and a refused login without one.
    case 'UND_ERR_ABORTED':
    case 'UND_ERR_INVALID_ARG': {
      const status = /\((\d{3})\)/.exec(reason)?.[1];
      if (status === '407')
        return `the proxy ${proxy} wants another user and password (407); check those in the proxy's URL`;
      return status === undefined
        ? undefined
        : `the proxy ${proxy} refused the connection to ${call.address} (${status})`;
    }
    default:
      return undefined;
  }
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
