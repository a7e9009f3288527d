import { isIP } from 'node:net';
import { ProxyError } from '../errors.ts';
import type { Config } from './schema.ts';

/** Only this machine can reach it. A name other than localhost may resolve to anything. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}

/** Throws `invalid_config` when other machines could reach the proxy without a client key. */
export function checkExposure(config: Config): void {
  if (config['api-keys'].length > 0 || isLoopback(config.host)) return;
  const where = config.host === '' ? 'every interface' : config.host;
  throw new ProxyError(
    'invalid_config',
    `host: listening on ${where} without any client key would let everybody on the network use your accounts; add a key to api-keys or set host to 127.0.0.1`,
    { path: 'host' },
  );
}
