import { expect, test } from 'vitest';
import { createId } from './ids.ts';

test('createId: prefix, 24 base62 characters, never twice', () => {
  const ids = Array.from({ length: 2000 }, () => createId('resp_'));
  for (const id of ids) expect(id).toMatch(/^resp_[0-9A-Za-z]{24}$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test('createId uses every letter', () => {
  const letters = new Set(Array.from({ length: 500 }, () => createId('')).join(''));
  expect(letters.size).toBe(62);
});
