import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import { askVendor, callVendor, type VendorCall, vendorList, vendorNumber } from './vendor-api.ts';

const URL_ASKED = 'https://vendor.example.test/v1/thing?token=1';

function ioOf(answer: () => Promise<Response> | Response, seen: RequestInit[] = []) {
  const fetch = (_url: string, init: RequestInit): Promise<Response> => {
    seen.push(init);
    return Promise.resolve().then(answer);
  };
  return { fetch: fetch as typeof globalThis.fetch, signal: new AbortController().signal };
}

const refused = (body: unknown, init: ResponseInit, call: Partial<VendorCall> = {}): Promise<ProxyError> =>
  askVendor(
    { url: URL_ASKED, ...call },
    ioOf(() => Response.json(body, init)),
  ).then(
    () => expect.unreachable(),
    (error: unknown) => (error instanceof ProxyError ? error : expect.unreachable()),
  );

describe('a question', () => {
  it('is asked with what belongs to its body, and never follows a redirect', async () => {
    const seen: RequestInit[] = [];
    const io = ioOf(() => Response.json({ a: 1 }), seen);
    expect(await askVendor({ url: URL_ASKED, headers: { 'x-own': '1' } }, io)).toEqual({ a: 1 });
    await askVendor({ url: URL_ASKED, form: { a: 'b c' } }, io);
    await askVendor({ url: URL_ASKED, json: {} }, io);
    expect(seen).toMatchObject([
      { method: 'GET', headers: { accept: 'application/json', 'x-own': '1' }, redirect: 'error' },
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b+c' },
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    ]);
    expect(seen[0]).not.toHaveProperty('body');
  });

  it('may be answered with anything', async () => {
    const answer = await callVendor(
      { url: URL_ASKED },
      ioOf(() => new Response('no', { status: 404 })),
    );
    expect(answer).toMatchObject({ ok: false, status: 404, body: undefined, text: 'no' });
    await expect(
      askVendor(
        { url: URL_ASKED },
        ioOf(() => new Response('<html>')),
      ),
    ).rejects.toMatchObject({
      code: 'upstream_invalid_response',
    });
  });

  it('fails without an answer, and says why', async () => {
    const broken = ioOf(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('no route') })));
    await expect(callVendor({ url: URL_ASKED }, broken)).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: 'vendor.example.test cannot be reached: no route',
    });
  });
});

describe('a refusal', () => {
  it('shows nothing of what was sent as a token, wherever it is repeated', async () => {
    const call = { headers: { authorization: 'Bearer fake-token' }, form: { client_secret: 'fake-secret' } };
    const error = await refused(
      { error: { code: 'fake-token', message: 'Bearer fake-token, fake-secret' } },
      { status: 401 },
      call,
    );
    expect(error).toMatchObject({
      message: 'vendor.example.test/v1/thing answered 401 ***: ***, ***',
      upstream: { code: '***' },
    });
  });

  it('is told in the words of the vendor, without secrets', async () => {
    const told = await refused(
      { error: { code: 'bad', message: 'key fake-1 is bad' } },
      { status: 401 },
      { secrets: ['fake-1'] },
    );
    expect(told).toMatchObject({
      code: 'upstream_unauthorized',
      message: 'vendor.example.test/v1/thing answered 401 bad: key *** is bad',
    });
    expect((await refused({ error: 'invalid_grant' }, { status: 400 })).message).toMatch(/answered 400 invalid_grant$/);
    expect((await refused({ message: 'Bad credentials' }, { status: 403 })).code).toBe('upstream_forbidden');
  });

  it('says when to come again', async () => {
    const headers = { 'retry-after': '7' };
    expect(await refused({}, { status: 429, headers })).toMatchObject({
      code: 'upstream_rate_limited',
      retryAfterMs: 7000,
    });
  });
});

it('reads what is there', () => {
  expect(vendorList([{ a: 1 }, 'x', null])).toEqual([{ a: 1 }]);
  expect(vendorList('x')).toEqual([]);
  expect([vendorNumber('12'), vendorNumber(1.5), vendorNumber(''), vendorNumber('x'), vendorNumber(null)]).toEqual([
    12,
    1.5,
    undefined,
    undefined,
    undefined,
  ]);
});
