import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProxyError } from '../errors.ts';
import { createLoginSessions, isState } from './login-sessions.ts';

const MINUTE = 60_000;
const clock = { now: () => Date.now() };
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => vi.useRealTimers());

async function begin(own: Partial<Parameters<typeof createLoginSessions>[0]> = {}) {
  const sessions = createLoginSessions({ clock, ...own });
  return { sessions, session: await sessions.open('some-ai') };
}

const notFound = expect.objectContaining({ code: 'not_found', status: 404 });
const complete = expect.objectContaining({ status: 409 });

test('a session has a state of its own, and is found by it alone', async () => {
  const { sessions, session } = await begin();
  const other = await sessions.open('other-ai');
  expect(session.state).toMatch(/^[\w-]{43}$/);
  expect(other.state).not.toBe(session.state);
  expect(sessions.find(session.state)).toBe(session);
  expect(session).toMatchObject({
    provider: 'some-ai',
    status: { status: 'wait' },
    isAnswered: false,
    expiresAtMs: Date.now() + 30 * MINUTE,
  });
  for (const state of ['', session.state.slice(0, -1), `${session.state}x`, session.state.toUpperCase(), '../x'])
    expect(sessions.find(state)).toBeUndefined();
});

test.each([
  ['abc._-09', true],
  ['', false],
  ['a/b', false],
  ['a b', false],
  ['ä', false],
  ['x'.repeat(129), false],
])('state %j: %s', (text, valid) => expect(isState(text)).toBe(valid));

describe('the answer of the browser', () => {
  test('comes once', async () => {
    const { sessions, session } = await begin();
    session.show({ status: 'auth_url', url: 'https://some.test/go' });
    expect(session.status).toEqual({ status: 'auth_url', url: 'https://some.test/go' });
    sessions.answer(session.state, { code: 'c', state: session.state });
    expect(await session.answer).toEqual({ code: 'c', state: session.state });
    expect(session).toMatchObject({ isAnswered: true, status: { status: 'wait' } });
    expect(() => sessions.answer(session.state, { code: 'd' })).toThrow(complete);
    session.succeed();
    expect(session.status).toEqual({ status: 'ok' });
    expect(() => sessions.answer(session.state, { code: 'd' })).toThrow(complete);
    expect(session.signal.aborted).toBe(false);
  });

  test('to nobody', async () => {
    const { sessions } = await begin();
    expect(() => sessions.answer('unknown', { code: 'c' })).toThrow(notFound);
    expect(() => sessions.answer('<b>', { code: 'c' })).toThrow(notFound);
  });

  test('may be a refusal', async () => {
    const { sessions, session } = await begin();
    sessions.answer(session.state, { error: 'access_denied' });
    await expect(session.answer).rejects.toMatchObject({ code: 'upstream_forbidden' });
    expect(session.status).toMatchObject({ status: 'error', error: expect.stringContaining('denied') });
    expect(() => sessions.answer(session.state, { code: 'd' })).toThrow(complete);
  });
});

test('a code for a device is shown until the login is over', async () => {
  const { session } = await begin();
  const status = { status: 'device_code', verification_url: 'https://some.test/d', user_code: 'AB' } as const;
  session.show(status);
  expect(session.status).toEqual(status);
  session.fail(new ProxyError('upstream_timeout', 'too late'));
  session.show(status);
  session.succeed();
  expect(session.status).toEqual({ status: 'error', error: 'too late' });
});

test('the words of a foreign error are not repeated', async () => {
  const { session } = await begin();
  session.fail(new Error('secret words'));
  expect(session.status).toEqual({ status: 'error', error: expect.not.stringContaining('secret words') });
});

test('lives half an hour, and a minute when it is over', async () => {
  const { sessions, session } = await begin();
  const done = await sessions.open('some-ai');
  done.succeed();
  vi.advanceTimersByTime(MINUTE - 1);
  expect(sessions.find(done.state)).toBe(done);
  vi.advanceTimersByTime(1);
  expect(sessions.find(done.state)).toBeUndefined();
  vi.advanceTimersByTime(29 * MINUTE - 1);
  expect(sessions.find(session.state)).toBe(session);
  expect(session.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(session.signal.aborted).toBe(true);
  await expect(session.answer).rejects.toMatchObject({ code: 'client_closed' });
  expect(() => sessions.answer(session.state, { code: 'c' })).toThrow(notFound);
  expect(vi.getTimerCount()).toBe(0);
});

test('is gone in time also when no timer ran', async () => {
  const { sessions, session } = await begin();
  vi.setSystemTime(Date.now() + 30 * MINUTE);
  expect(sessions.find(session.state)).toBeUndefined();
  expect(session.signal.aborted).toBe(true);
});

test('is cancelled once', async () => {
  const { sessions, session } = await begin();
  expect(sessions.cancel(session.state)).toBe(true);
  expect(session.signal.aborted).toBe(true);
  await expect(session.answer).rejects.toMatchObject({ code: 'client_closed' });
  expect(sessions.cancel(session.state)).toBe(false);
  const done = await sessions.open('some-ai');
  done.succeed();
  expect(sessions.cancel(done.state)).toBe(false);
  expect(sessions.find(done.state)).toBe(done);
});

test('there are only so many: those that are over go first, then the oldest', async () => {
  const { sessions, session: first } = await begin({ maxSessions: 3 });
  const second = await sessions.open('some-ai');
  const third = await sessions.open('some-ai');
  second.succeed();
  const fourth = await sessions.open('some-ai');
  expect([first, second, third, fourth].map(({ state }) => sessions.find(state) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
  ]);
  await sessions.open('some-ai');
  expect(first.signal.aborted).toBe(true);
  expect(sessions.find(third.state)).toBe(third);
});

test('all end when the gateway does', async () => {
  const { sessions, session } = await begin();
  sessions.close();
  expect(session.signal.aborted).toBe(true);
  expect(sessions.find(session.state)).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});
