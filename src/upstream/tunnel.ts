/** Sockets to an origin, direct or through its proxy, for protocols other than undici's HTTP. */
import type { Socket } from 'node:net';
import { type Connector, isAddress, loginOf, socksConnector } from './proxied.ts';
import { buildConnector } from './undici.ts';

type ConnectTarget = Parameters<Connector>[0];

/** A proxy's answer to CONNECT is a few lines. */
const MAX_HEAD = 16 * 1024;

/**
 * Opens a socket to an http(s) URL's host, with TLS for https. Never goes around the proxy: one that nobody
 * understands, or that refuses, is an error.
 */
export async function openSocket(url: URL, proxyUrl: string | undefined, timeoutMs: number): Promise<Socket> {
  const target = targetOf(url);
  if (proxyUrl === undefined) return connect(buildConnector({ allowH2: false, timeout: timeoutMs }), target);
  const proxy = URL.parse(proxyUrl);
  // The text may hold a password, so the message does not repeat it.
  if (proxy === null || proxy.hostname === '')
    throw new TypeError('the proxy URL is not a URL; expected e.g. http://127.0.0.1:3128');
  switch (proxy.protocol) {
    case 'http:':
    case 'https:':
      return throughHttp(target, proxy, timeoutMs);
    case 'socks:':
    case 'socks5:':
    case 'socks5h:':
      return connect(await socksConnector(proxy, timeoutMs), target);
    default:
      throw new TypeError(`proxy protocol "${proxy.protocol}" is not supported; use http, https, socks5 or socks5h`);
  }
}

function targetOf(url: URL): ConnectTarget {
  return {
    hostname: url.hostname,
    host: url.host,
    protocol: url.protocol,
    port: url.port || (url.protocol === 'https:' ? '443' : '80'),
    ...(isAddress(url.hostname) ? { servername: '' } : {}),
  };
}

function connect(connector: Connector, target: ConnectTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connector(target, (error, socket) => {
      if (error !== null || socket === null) reject(error ?? new Error('no socket'));
      else resolve(socket);
    });
  });
}

async function throughHttp(target: ConnectTarget, proxy: URL, timeoutMs: number): Promise<Socket> {
  const connector = buildConnector({ allowH2: false, timeout: timeoutMs });
  const socket = await connect(connector, targetOf(proxy));
  const { user, password } = loginOf(proxy);
  const login = Buffer.from(`${user}:${password}`).toString('base64');
  const host = `${target.hostname}:${target.port}`;
  const lines = [`CONNECT ${host} HTTP/1.1`, `host: ${host}`];
  if (user !== '' || password !== '') lines.push(`proxy-authorization: Basic ${login}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const status = await readStatus(socket, timeoutMs);
  if (status !== 200) {
    socket.destroy();
    throw Object.assign(new Error(`the proxy answered ${status}`), { code: 'UND_ERR_PRX_TLS' });
  }
  return target.protocol === 'https:' ? connect(connector, { ...target, httpSocket: socket }) : socket;
}

/** The status of the proxy's answer; what follows its head stays in the socket. */
function readStatus(socket: Socket, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      socket.off('readable', read).off('error', fail).off('close', closed);
      action();
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const closed = (): void =>
      fail(Object.assign(new Error('the proxy closed the connection'), { code: 'UND_ERR_PRX_CONN' }));
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('the proxy did not answer in time'), { code: 'UND_ERR_CONNECT_TIMEOUT' }));
      socket.destroy();
    }, timeoutMs);
    const read = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length > MAX_HEAD) fail(new Error('the proxy answered with no HTTP'));
      if (end < 0) return;
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1', 0, end))?.[1];
      settle(() => resolve(Number(status ?? 0)));
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
    };
    socket.on('readable', read).on('error', fail).on('close', closed);
  });
}
