import { describe, expect, test } from 'vitest';
import { ProxyError } from '../errors.ts';
import { createAccessManager } from './manager.ts';
import { loopbackOriginAccess } from './web-origin.ts';

const manager = createAccessManager([loopbackOriginAccess()]);
const decide = (origin: string | undefined) =>
  manager.authenticate({ headers: origin === undefined ? {} : { origin }, query: () => undefined });

describe('without client keys', () => {
  test.for([
    undefined,
    'http://localhost',
    'http://localhost:5173',
    'https://LOCALHOST:8443',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('%s is let in', (origin) => {
    expect(decide(origin)).toMatchObject({ ok: true, principal: undefined });
  });

  test.for([
    'https://example.com',
    'null',
    '',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'http://example.com/http://localhost',
    'file://',
    'chrome-extension://abc',
  ])('%s is refused', (origin) => {
    const decision = decide(origin);
    expect(decision).toBeInstanceOf(ProxyError);
    expect(decision).toMatchObject({ code: 'forbidden', status: 403, message: expect.stringContaining('api-keys') });
  });
});
