import { describe, expect, it } from 'vitest';
import { editDistance, nearestName, nearestNames } from './nearest-name.ts';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['port', 'port', 0],
    ['port', 'prot', 1],
    ['kitten', 'sitting', 3],
    ['host', 'hosts', 1],
  ])('%s -> %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('stops above the limit', () => {
    expect(editDistance('completely', 'different!', 2)).toBe(3);
  });
});

describe('nearestName', () => {
  it('finds the meant name, whatever the case', () => {
    expect(nearestName('Request-Rety', ['port', 'request-retry', 'request-log'])).toBe('request-retry');
  });

  it('finds nothing when nothing is similar', () => {
    expect(nearestName('bananas', ['port', 'host'])).toBeUndefined();
  });

  it('sorts by distance, then by name, and stops at the count', () => {
    expect(nearestNames('gpt-5', ['gpt-5-mini', 'gpt-4', 'gpt-6', 'gpt-5.1', 'claude'], 2)).toEqual(['gpt-4', 'gpt-6']);
  });
});
