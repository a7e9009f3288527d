import { expect, test } from 'vitest';
import { durationMs } from './duration.ts';

test.each([
  ['0', 0],
  ['250ms', 250],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['2m0.5s', 120_500],
  ['5us', 0.005],
  ['5µs', 0.005],
  ['1000000ns', 1],
])('%s', (text, ms) => {
  expect(durationMs(text)).toBeCloseTo(ms, 9);
});
