import { expect, test } from 'vitest';
import { tokenTimes } from './token-times.ts';

const AT = Date.parse('2026-11-22T12:00:00Z');

test.each([
  [{ expired: '2026-11-22T12:00:00Z' }],
  [{ expire: '2026-11-22T13:00:00+01:00' }],
  [{ expires_at: AT / 1000 }],
  [{ expiresAt: AT }],
  [{ expiry: String(AT / 1000) }],
  [{ expires: String(AT) }],
  [{ token: { expiry: '2026-11-22T12:00:00Z' } }],
  [{ expired: '', expires_at: AT }],
  [{ expired: '0001-01-01T00:00:00Z', token: { expires_at: AT } }],
  [{ expires_in: 3600, timestamp: AT - 3_600_000 }],
  [{ token: { expires_in: '3600' }, last_refresh: '2026-11-22T11:00:00Z' }],
  [{ expires_at: AT * 1000 }],
  [{ expires_at: String(AT * 1e6) }],
])('the end of a token: %j', (fields) => {
  expect(tokenTimes(fields).expiresAtMs).toBe(AT);
});

test.each([
  [{}],
  [{ expired: 'soon' }],
  [{ expired: null, token: [] }],
  [{ expires_at: -5 }],
  [{ expires_at: 1e30 }],
  [{ expired: '2026' }],
  [{ expires_in: 3600 }],
])('nobody knows the end of %j', (fields) => {
  expect(tokenTimes(fields).expiresAtMs).toBeUndefined();
});

test.each([[{ last_refresh: '2026-11-22T12:00:00Z' }], [{ lastRefreshedAt: AT }], [{ timestamp: AT }]])(
  'when it was made: %j',
  (fields) => {
    expect(tokenTimes(fields).refreshedAtMs).toBe(AT);
  },
);

test.each([
  [{ refresh_interval: 90 }, 90_000],
  [{ refresh_interval_seconds: '90' }, 90_000],
  [{ refreshInterval: '1h30m' }, 5_400_000],
  [{ 'refresh-interval': '1.5m' }, 90_000],
  [{ refresh_interval: 1 }, 30_000],
  [{ refresh_interval: 'often' }, undefined],
  [{ refresh_interval: 0 }, undefined],
])('how often the user wants it renewed: %j', (fields, ms) => {
  expect(tokenTimes(fields).intervalMs).toBe(ms);
});
