import { describe, expect, test } from 'vitest';
import { provider, target } from '../../test/support/test-target.ts';
import { ProxyError, upstreamError } from '../errors.ts';
import { atNextBase } from './next-base.ts';

const manifest = provider({
  baseUrl: 'https://a.example',
  account: { types: ['test'], refreshLeadMs: 0, fallbackBaseUrls: ['https://b.example', 'https://c.example'] },
});

function at(
  baseUrl: string | undefined,
  error: ProxyError,
  kind: 'account' | 'api-key' = 'account',
): string | undefined {
  const asked = target('', 'c1', { provider: manifest });
  const { baseUrl: _, ...credential } = asked.credential;
  const known = { ...credential, kind, ...(baseUrl === undefined ? {} : { baseUrl }) };
  return atNextBase({ ...asked, credential: known }, error)?.credential.baseUrl;
}

const unreachable = new ProxyError('upstream_unreachable', 'a.example cannot be reached');
const limited = (more: object): ProxyError => upstreamError({ status: 429, message: 'slow down', ...more });

describe('the next address of an account', () => {
  test('is asked when one cannot be reached, until there are no more', () => {
    expect(at(undefined, unreachable)).toBe('https://b.example');
    expect(at('https://a.example', unreachable)).toBe('https://b.example');
    expect(at('https://b.example', unreachable)).toBe('https://c.example');
    expect(at('https://c.example', unreachable)).toBeUndefined();
  });

  test('is for accounts that have no address of their own', () => {
    expect(at('https://mine.example', unreachable)).toBeUndefined();
    expect(at(undefined, unreachable, 'api-key')).toBeUndefined();
    expect(
      atNextBase(target('https://a.example', 'c1', { account: { kind: 'account' } }), unreachable),
    ).toBeUndefined();
  });

  test.each([
    [upstreamError({ status: 503, message: 'No capacity available for model x' }), 'https://b.example'],
    [upstreamError({ status: 503, message: 'backend error' }), undefined],
    [upstreamError({ status: 500, message: 'no capacity available' }), undefined],
    [limited({}), 'https://b.example'],
    [limited({ retryAfterMs: 1000 }), undefined],
    [limited({ limitName: 'quota' }), undefined],
    [upstreamError({ status: 400, message: 'bad request' }), undefined],
  ])('%s', (error, expected) => {
    expect(at(undefined, error)).toBe(expected);
  });
});
