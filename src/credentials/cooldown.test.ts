import { describe, expect, it } from 'vitest';
import { ProxyError, upstreamError } from '../errors.ts';
import { cooldownFor, transientCooldownMs } from './cooldown.ts';

const MINUTE = 60_000;
const settings = { transientMs: MINUTE };
const upstream = (status: number, retryAfterMs?: number): ProxyError =>
  upstreamError({ status, message: 'test', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe('cooldownFor', () => {
  it.each([401, 402, 403])('%i rests the credential for half an hour', (status) => {
    expect(cooldownFor(upstream(status), 0, settings)).toMatchObject({ scope: 'credential', ms: 30 * MINUTE });
  });

  it.each([
    [MINUTE, 30 * MINUTE],
    [120 * MINUTE, 120 * MINUTE],
    [1e12, 24 * 60 * MINUTE],
  ])('for longer when the upstream says so, a day at most: %i', (told, ms) => {
    expect(cooldownFor(upstream(403, told), 0, settings)?.ms).toBe(ms);
  });

  it.each([400, 404, 409, 413, 422])('%i is the fault of the request', (status) => {
    expect(cooldownFor(upstream(status), 0, settings)).toBeUndefined();
  });

  it.each(['client_closed', 'model_cooldown', 'internal'] as const)('%s rests nobody', (code) => {
    expect(cooldownFor(new ProxyError(code, 'test'), 0, settings)).toBeUndefined();
  });

  it('a limit of the whole credential rests all of it, for as long as it lasts', () => {
    const limited = (retryAfterMs?: number) =>
      upstreamError({ status: 429, message: 'test', limitOf: 'credential', ...(retryAfterMs && { retryAfterMs }) });
    const rests = { scope: 'credential', isGuess: false, holds: true };
    expect(cooldownFor(limited(5000), 0, settings)).toEqual({ ...rests, ms: 5000, raisesLevel: false });
    expect(cooldownFor(limited(), 1, settings)).toEqual({ ...rests, ms: 2000, raisesLevel: true });
  });

  it('a limit of one kind of request rests nobody', () => {
    const limited = upstreamError({ status: 429, message: 'test', limitOf: 'request', retryAfterMs: 5000 });
    expect(cooldownFor(limited, 0, settings)).toBeUndefined();
  });

  it('only a rate limit can be of something else', () => {
    const refused = upstreamError({ status: 400, message: 'test', limitOf: 'credential' });
    expect(cooldownFor(refused, 0, settings)).toBeUndefined();
  });

  it('waits as long as a 429 says, a week at most', () => {
    expect(cooldownFor(upstream(429, 5000), 7, settings)).toEqual({
      scope: 'model',
      ms: 5000,
      raisesLevel: false,
      isGuess: false,
      holds: false,
    });
    expect(cooldownFor(upstream(429, 1e12), 0, settings)?.ms).toBe(7 * 24 * 60 * MINUTE);
  });

  it.each([
    [0, 1000],
    [3, 8000],
    [10, 1_024_000],
    [11, 30 * MINUTE],
    [5000, 30 * MINUTE],
  ])('doubles the wait of a bare 429: level %i', (level, ms) => {
    expect(cooldownFor(upstream(429), level, settings)).toEqual({
      scope: 'model',
      ms,
      raisesLevel: true,
      isGuess: false,
      holds: false,
    });
  });

  it.each([408, 500, 502, 503, 504, 529])('%i rests the model on that credential for the configured time', (status) => {
    expect(cooldownFor(upstream(status), 0, settings)).toMatchObject({ scope: 'model', ms: MINUTE });
    expect(cooldownFor(upstream(status, 2000), 0, settings)?.ms).toBe(2000);
    expect(cooldownFor(upstream(status), 0, { transientMs: 0 })).toBeUndefined();
  });

  it.each(['upstream_unreachable', 'upstream_timeout', 'upstream_stream_truncated'] as const)(
    '%s is transient',
    (code) => {
      expect(cooldownFor(new ProxyError(code, 'test'), 0, settings)).toMatchObject({ scope: 'model', ms: MINUTE });
    },
  );
});

it.each([
  [0, 60_000],
  [-1, 0],
  [5, 5000],
])('transient-error-cooldown-seconds: %i', (seconds, ms) => {
  expect(transientCooldownMs(seconds)).toBe(ms);
});
