import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RememberedTurn } from './remembered-turn.ts';
import { ReplayLedger } from './replay-ledger.ts';

const turn = (bytes = 10): RememberedTurn => ({ reasoning: [], signed: [], bytes });
const HOUR = 3600 * 1000;

function clocked(limits: ConstructorParameters<typeof ReplayLedger>[1] = {}) {
  const clock = { at: 0, now: () => clock.at };
  return { clock, ledger: new ReplayLedger(clock, limits) };
}

test('a turn is found under each of its keys, in its own scope only', () => {
  const { ledger } = clocked();
  const one = turn();
  ledger.record('key:a claude', ['k1', 'k2'], one);
  expect(ledger.find('key:a claude', 'k1')).toBe(one);
  expect(ledger.find('key:a claude', 'k2')).toBe(one);
  expect(ledger.find('key:b claude', 'k1')).toBeUndefined();
  expect(ledger.find('key:a gemini', 'k1')).toBeUndefined();
  expect([ledger.knows('key:a claude'), ledger.knows('key:b claude')]).toEqual([true, false]);
});

test('the first turn under a key stays', () => {
  const { ledger } = clocked();
  const first = turn();
  ledger.record('s', ['k'], first);
  ledger.record('s', ['k'], turn());
  expect(ledger.find('s', 'k')).toBe(first);
  expect(ledger.size).toBe(1);
  const second = turn();
  ledger.record('s', ['k', 'other'], second);
  expect([ledger.find('s', 'k'), ledger.find('s', 'other')]).toEqual([first, second]);
});

test('three hours without use end it, use prolongs it', () => {
  const { ledger, clock } = clocked();
  ledger.record('s', ['k'], turn());
  clock.at = 3 * HOUR - 1;
  expect(ledger.find('s', 'k')).toBeDefined();
  clock.at = 6 * HOUR - 2;
  expect(ledger.find('s', 'k')).toBeDefined();
  clock.at = 9 * HOUR - 2;
  expect(ledger.find('s', 'k')).toBeUndefined();
  expect([ledger.size, ledger.bytes, ledger.knows('s')]).toEqual([0, 0, false]);
});

test('what expired is dropped without being asked for', () => {
  const { ledger, clock } = clocked();
  ledger.record('s', ['k'], turn());
  clock.at = 3 * HOUR;
  expect(ledger.knows('s')).toBe(false);
  ledger.record('s', ['k'], turn(7));
  expect([ledger.size, ledger.bytes]).toEqual([1, 7]);
});

test('the longest unused goes first', () => {
  const { ledger } = clocked({ entries: 2 });
  for (const key of ['a', 'b']) ledger.record('s', [key], turn());
  ledger.find('s', 'a');
  ledger.record('s', ['c'], turn());
  expect(['a', 'b', 'c'].map((key) => ledger.find('s', key) !== undefined)).toEqual([true, false, true]);
});

test('a turn that is too large is not kept', () => {
  const { ledger } = clocked({ bytes: 100 });
  ledger.record('s', ['k'], turn(101));
  expect(ledger.size).toBe(0);
  ledger.record('s', ['k'], turn(100));
  expect(ledger.size).toBe(1);
});

test('a turn that its maker refused is forgotten under all its keys', () => {
  const { ledger } = clocked();
  ledger.record('s', ['a', 'b'], turn());
  ledger.record('t', ['a'], turn());
  ledger.forget('s', ['b', 'unknown']);
  expect(ledger.find('s', 'a')).toBeUndefined();
  expect(ledger.find('t', 'a')).toBeDefined();
});

const step = fc.record({
  scope: fc.constantFrom('a', 'b'),
  keys: fc.array(fc.constantFrom('1', '2', '3', '4', '5'), { minLength: 1, maxLength: 3 }),
  bytes: fc.integer({ min: 1, max: 60 }),
  waitMs: fc.integer({ min: 0, max: HOUR }),
  find: fc.boolean(),
});

test('whatever happens: bounded, in time, and never another scope’s', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { ledger, clock } = clocked({ entries: 4, bytes: 150, ttlMs: 3 * HOUR });
      const scopeOf = new Map<RememberedTurn, string>();
      const usedAt = new Map<RememberedTurn, number>();
      for (const { scope, keys, bytes, waitMs, find } of steps) {
        clock.at += waitMs;
        if (find) {
          const found = ledger.find(scope, keys[0] ?? '');
          if (found === undefined) continue;
          expect(scopeOf.get(found)).toBe(scope);
          expect(clock.at - (usedAt.get(found) ?? 0)).toBeLessThan(3 * HOUR);
          usedAt.set(found, clock.at);
        } else {
          const made = turn(bytes);
          scopeOf.set(made, scope);
          usedAt.set(made, clock.at);
          ledger.record(scope, keys, made);
        }
        expect(ledger.size).toBeLessThanOrEqual(4);
        expect(ledger.bytes).toBeLessThanOrEqual(150);
        expect(ledger.bytes >= ledger.size).toBe(true);
      }
    }),
  );
});
