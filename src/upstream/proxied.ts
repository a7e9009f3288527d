/** Dispatchers that reach an origin through a forward proxy. */
import { isIP } from 'node:net';
import type { buildConnector as BuildConnector, Dispatcher, Pool as PoolClass } from 'undici';
import { buildConnector, Pool, ProxyAgent } from './undici.ts';

/** How undici opens a socket. */
export type Connector = BuildConnector.connector;

/** Settings of a pool of connections; the time limit also holds for what the proxy takes to open one. */
export interface ProxiedSettings extends PoolClass.Options {
  readonly connectTimeout: number;
}

/** Connects through the proxy at a URL. Throws TypeError for a URL nobody understands. */
export function connectThrough(
  proxyUrl: string,
  origin: string,
  settings: ProxiedSettings,
): Dispatcher | Promise<Dispatcher> {
  const url = URL.parse(proxyUrl);
  // The text may hold a password, so the message does not repeat it.
  if (url === null || url.hostname === '')
    throw new TypeError('the proxy URL is not a URL; expected e.g. http://127.0.0.1:3128');
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return throughHttp(url, settings);
    case 'socks:':
    case 'socks5:':
    case 'socks5h:':
      return throughSocks(url, origin, settings);
    default:
      throw new TypeError(`proxy protocol "${url.protocol}" is not supported; use http, https, socks5 or socks5h`);
  }
}

function throughHttp(url: URL, settings: ProxiedSettings): Dispatcher {
  const { user, password } = loginOf(url);
  const connect = buildConnector({ allowH2: false, timeout: settings.connectTimeout });
  const login = Buffer.from(`${user}:${password}`).toString('base64');
  return new ProxyAgent({
    ...settings,
    uri: url.origin,
    ...(user === '' && password === '' ? {} : { token: `Basic ${login}` }),
    // For upstreams without TLS undici connects to the proxy here, and else in its client.
    factory: (origin, options: PoolClass.Options) =>
      new Pool(origin, {
        ...settings,
        ...options,
        ...(typeof options.connect === 'function' && { connect: namingNoAddress(options.connect) }),
      }),
    clientFactory: (proxy) =>
      new Pool(proxy, {
        // A proxy that accepts connections but opens none would otherwise hold a request for five minutes.
        headersTimeout: settings.connectTimeout,
        connect: namingNoAddress(connect),
      }),
  });
}

/** undici takes the proxy's host for the server name, which TLS does not allow to be an address. */
function namingNoAddress(connect: Connector): Connector {
  return (target, callback) => connect(isAddress(target.servername) ? { ...target, servername: '' } : target, callback);
}

/** Whether a host is an IP address, which TLS does not take for a server name. */
export function isAddress(host: string | null | undefined): boolean {
  return isIP((host ?? '').replace(/^\[(.*)\]$/, '$1')) !== 0;
}

async function throughSocks(url: URL, origin: string, settings: ProxiedSettings): Promise<Dispatcher> {
  return new Pool(origin, { ...settings, connect: await socksConnector(url, settings.connectTimeout) });
}

/** Opens sockets through a SOCKS proxy, with TLS where the target wants it. */
export async function socksConnector(url: URL, timeoutMs: number): Promise<Connector> {
  const { socksConnector: create } = await import('fetch-socks');
  const { user, password } = loginOf(url);
  const connector = create(
    {
      type: 5,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || 1080,
      ...(user === '' ? {} : { userId: user }),
      ...(password === '' ? {} : { password }),
    },
    { allowH2: false, timeout: timeoutMs },
  );
  return (target, callback) =>
    connector(target, (...result) => {
      if (result[0] === null) callback(...result);
      else callback(withoutLogin(result[0]), null);
    });
}

/** The errors of the SOCKS client carry its settings, password and all, and no code. */
function withoutLogin(error: Error): Error {
  if (!('options' in error)) return error;
  const system = /\bE[A-Z]{4,}(?:_[A-Z]+)?\b/.exec(error.message)?.[0];
  const code = error.message.endsWith('timed out') ? 'UND_ERR_CONNECT_TIMEOUT' : (system ?? 'UND_ERR_SOCKS5');
  return Object.assign(new Error(error.message), { code });
}

/** User and password of a proxy's URL. */
export function loginOf(url: URL): { user: string; password: string } {
  return { user: decode(url.username), password: decode(url.password) };
}

/** A percent sign that nobody escaped stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return text;
  }
}
