import { beforeEach, expect, test } from 'vitest';
import { type Counters, createCounters } from './counters.ts';
import type { SavedState } from './state-keeper.ts';

const SLOT_MS = 600_000;
let nowMs: number;
let counters: Counters;
const clock = { now: () => nowMs };

beforeEach(() => {
  nowMs = 1000 * SLOT_MS;
  counters = createCounters(clock);
});

function recent(id: string): string {
  return counters
    .of(id)
    .recent.map(({ succeeded, failed }) => (succeeded + failed === 0 ? '.' : `${succeeded}/${failed}`))
    .join(' ');
}

function saved(shiftMs = 0): SavedState[] {
  return counters
    .changed()
    .map(({ key, value, expiresAtMs }) => ({ key, value: JSON.parse(JSON.stringify(value)), expiresAtMs, shiftMs }));
}

const none = (amount: number): string => Array.from({ length: amount }, () => '.').join(' ');

test('counts attempts and how they went, by credential', () => {
  counters.begun('a');
  counters.succeeded('a');
  counters.begun('a');
  counters.failed('a');
  counters.begun('b');
  expect(counters.of('a')).toMatchObject({ attempts: 2, succeeded: 1, failed: 1 });
  expect(counters.of('b')).toMatchObject({ attempts: 1, succeeded: 0, failed: 0 });
  expect(counters.of('never seen')).toMatchObject({ attempts: 0, succeeded: 0, failed: 0 });
  expect(counters.of('a').recent.at(-1)).toEqual({ startMs: 1000 * SLOT_MS, succeeded: 1, failed: 1 });
});

test('the last twenty times ten minutes', () => {
  counters.succeeded('a');
  nowMs += SLOT_MS;
  counters.failed('a');
  nowMs += 2 * SLOT_MS;
  counters.succeeded('a');
  expect(recent('a')).toBe(`${none(16)} 1/0 0/1 . 1/0`);
  nowMs += 17 * SLOT_MS;
  expect(recent('a')).toBe(`0/1 . 1/0 ${none(17)}`);
  nowMs += 100 * SLOT_MS;
  expect(recent('a')).toBe(none(20));
  expect(counters.of('a').succeeded).toBe(2);
});

test('a clock that goes back a little counts on, one that goes back a day begins anew', () => {
  counters.succeeded('a');
  nowMs -= SLOT_MS;
  counters.succeeded('a');
  expect(recent('a')).toBe(`${none(19)} 2/0`);
  nowMs -= 144 * SLOT_MS;
  counters.failed('a');
  expect(recent('a')).toBe(`${none(19)} 0/1`);
});

test('hands over what has changed, once', () => {
  counters.begun('a');
  counters.begun('a');
  counters.begun('b');
  expect(counters.changed().map(({ key }) => key)).toEqual(['a', 'b']);
  expect(counters.changed()).toEqual([]);
  counters.begun('b');
  expect(counters.changed().map(({ key }) => key)).toEqual(['b']);
});

test('goes on after a restart', () => {
  counters.begun('a');
  counters.succeeded('a');
  nowMs += SLOT_MS;
  counters.failed('a');
  const rows = saved();
  counters = createCounters(clock);
  counters.restore(rows);
  expect(counters.of('a')).toMatchObject({ attempts: 1, succeeded: 1, failed: 1 });
  expect(recent('a')).toBe(`${none(18)} 1/0 0/1`);
  counters.succeeded('a');
  expect(recent('a')).toBe(`${none(18)} 1/0 1/1`);
});

test('after a restart with a clock a day back the sums hold', () => {
  counters.succeeded('a');
  const rows = saved(-144 * SLOT_MS);
  nowMs -= 144 * SLOT_MS;
  counters = createCounters(clock);
  counters.restore(rows);
  expect(counters.of('a').succeeded).toBe(1);
  expect(recent('a')).toBe(none(20));
});

test.each([
  null,
  5,
  {},
  { slot: 1, ring: [1] },
  { slot: -1, ring: Array(40).fill(0) },
  { slot: 1, ring: Array(40).fill('x') },
])('rows that are no counts are left out: %j', (value) => {
  counters.restore([{ key: 'a', value, expiresAtMs: nowMs + 1, shiftMs: 0 }]);
  expect(counters.of('a').attempts).toBe(0);
});
