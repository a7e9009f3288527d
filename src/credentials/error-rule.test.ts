import { describe, expect, test } from 'vitest';
import { compilePattern, errorRules, idleReason } from './error-rule.ts';

const entry = { status: 400, match: [], 'match-regexr': [] };

describe('rules', () => {
  test('are compiled; those that never match are left out', () => {
    const rules = errorRules([
      { status: 400, match: ['a', ''], 'match-regexr': ['(?is)B.c', '', '('], action: 'continue' },
      { ...entry, match: ['a'] },
      { ...entry, action: 'stop' },
      { ...entry, status: 0, match: ['a'], action: 'stop' },
    ]);
    expect(rules).toEqual([{ status: 400, texts: ['a'], patterns: [/B.c/is], action: 'continue' }]);
  });

  test('say why they never match', () => {
    expect(idleReason({ ...entry, status: 0, match: ['a'], action: 'stop' })).toBe('has no status');
    expect(idleReason({ ...entry, match: ['a'] })).toBe('has no action');
    expect(idleReason({ ...entry, match: [''], action: 'stop' })).toBe('has neither match nor match-regexr');
    expect(idleReason({ ...entry, 'match-regexr': ['a'], action: 'stop' })).toBeUndefined();
  });
});

test('patterns may begin with flags', () => {
  expect(compilePattern('(?i)quota')).toEqual(/quota/i);
  expect(compilePattern('(?ii)a\nb')).toEqual(/a\nb/i);
  expect(compilePattern('a(?=b)')).toEqual(/a(?=b)/);
  expect(compilePattern('(')).toBeUndefined();
  expect(compilePattern('(?i)')).toBeUndefined();
  expect(compilePattern('')).toBeUndefined();
});
