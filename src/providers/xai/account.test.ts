import { expect, test } from 'vitest';
import { account } from './account.ts';

const fields = { refresh_token: 'fake-refresh' };

/** Addresses that were asked, and what was thrown. */
async function asked(own: object, discovery: unknown = {}): Promise<readonly unknown[]> {
  const urls: string[] = [];
  const fetch = (url: string): Promise<Response> => {
    urls.push(url);
    const isDiscovery = url.includes('.well-known');
    return Promise.resolve(Response.json(isDiscovery ? discovery : { access_token: 'new', expires_in: 60 }));
  };
  const io = { fetch: fetch as typeof globalThis.fetch, nowMs: 0, signal: new AbortController().signal };
  const outcome = await account.refresh?.({ ...fields, ...own }, io).then(
    (changes) => changes['access_token'],
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
  return [...urls, outcome];
}

test('asks where the login was made, over TLS or on this machine', async () => {
  const own = (url: string) => asked({ token_endpoint: url });
  expect(await own('https://auth.x.ai/oauth2/token')).toEqual(['https://auth.x.ai/oauth2/token', 'new']);
  expect(await own('http://127.0.0.1:9/token')).toEqual(['http://127.0.0.1:9/token', 'new']);
  for (const url of ['http://auth.x.ai/token', 'http://127.0.0.1.example.test/token', 'file:///etc/passwd', 'nonsense'])
    expect(await own(url)).toEqual(['token_endpoint is not used: expected an https URL']);
});

test('or where the provider says today', async () => {
  const page = 'https://auth.x.ai/.well-known/openid-configuration';
  expect(await asked({}, { token_endpoint: 'https://auth.x.ai/t' })).toEqual([page, 'https://auth.x.ai/t', 'new']);
  expect(await asked({}, { token_endpoint: 'http://auth.x.ai/t' })).toEqual([
    page,
    `${page} is not used: expected an https URL`,
  ]);
  expect(await asked({}, {})).toEqual([page, `${page} names no token endpoint`]);
});
