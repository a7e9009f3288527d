import { describe, expect, it } from 'vitest';
import { cooldownFor } from '../credentials/cooldown.ts';
import { connectionError, type FailedCall } from './connection-error.ts';

const call: FailedCall = {
  address: 'api.example.test:443',
  proxy: undefined,
  started: false,
  answered: false,
  firstByteTimeoutMs: 1000,
  idleTimeoutMs: 1000,
};
const failed = (code: string): Error => Object.assign(new Error('fake'), { code });

describe('who is to blame for a connection that failed', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_PRX_TLS', 'UND_ERR_SOCKS5', 'ECONNRESET'])(
    '%s: the provider, or on the way through a proxy the credential',
    (code) => {
      expect(connectionError(failed(code), call).scope).toBe('provider');
      const proxied = { ...call, proxy: 'proxy.test:3128' };
      const error = connectionError(failed(code), proxied);
      expect(error.scope).toBe('credential');
      expect(error.retryable).toBe(true);
      // All of its models take that way; how long it lasts is a guess.
      expect(cooldownFor(error, 0, { transientMs: 5000 })).toMatchObject({
        scope: 'credential',
        ms: 5000,
        isGuess: true,
      });
      expect(cooldownFor(error, 0, { transientMs: 0 })).toBeUndefined();
      expect(connectionError(failed(code), { ...proxied, started: true }).scope).toBe('provider');
    },
  );

  it('nobody, when the gateway itself is shutting down', () => {
    const proxied = { ...call, proxy: 'proxy.test:3128' };
    expect(connectionError(failed('UND_ERR_DESTROYED'), proxied)).toMatchObject({
      code: 'shutting_down',
      scope: 'request',
    });
  });
});
