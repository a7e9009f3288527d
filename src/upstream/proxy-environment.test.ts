import { expect, test } from 'vitest';
import { proxiesOfEnvironment, proxyFromEnvironment } from './proxy-environment.ts';

const environment = { HTTP_PROXY: 'http://p:1', https_proxy: 'secure-proxy:2' };

test('the scheme picks the variable; lower case wins; a missing scheme is http', () => {
  expect(proxyFromEnvironment('http://a.example', environment)).toBe('http://p:1');
  expect(proxyFromEnvironment('https://a.example', environment)).toBe('http://secure-proxy:2');
  expect(proxyFromEnvironment('https://a.example', { ALL_PROXY: 'socks5://s:3' })).toBe('socks5://s:3');
  expect(proxyFromEnvironment('http://a.example', { http_proxy: 'http://low', HTTP_PROXY: 'http://up' })).toBe(
    'http://low',
  );
  expect(proxyFromEnvironment('http://a.example', { http_proxy: '' })).toBeUndefined();
  expect(proxyFromEnvironment('http://a.example', {})).toBeUndefined();
});

test.each([
  ['*', true],
  ['a.example', true],
  ['.example', true],
  ['*.example', true],
  ['EXAMPLE', true],
  ['b.example, a.example', true],
  ['a.example:8080', true],
  ['a.example:80', false],
  ['xa.example', false],
  ['ample', false],
  ['', false],
])('NO_PROXY %j excludes http://a.example:8080: %s', (NO_PROXY, excluded) => {
  const proxy = proxyFromEnvironment('http://a.example:8080', { HTTP_PROXY: 'http://p:1', NO_PROXY });
  expect(proxy === undefined).toBe(excluded);
});

test.each(['::1', '[::1]', '[::1]:80'])('NO_PROXY %s excludes the IPv6 loopback', (NO_PROXY) => {
  expect(proxyFromEnvironment('http://[::1]', { HTTP_PROXY: 'http://p:1', NO_PROXY })).toBeUndefined();
});

test('every proxy of the environment is known, with a scheme', () => {
  expect(proxiesOfEnvironment({ ...environment, ALL_PROXY: '' })).toEqual(['http://p:1', 'http://secure-proxy:2']);
});
