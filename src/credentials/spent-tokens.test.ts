import { expect, test } from 'vitest';
import { SpentTokens } from './spent-tokens.ts';

test('the newest of a chain is found from each of its links', () => {
  const spent = new SpentTokens();
  spent.remember('r1', { access_token: 'a2', refresh_token: 'r2' });
  spent.remember('r2', { access_token: 'a3', refresh_token: 'r3' });
  expect(spent.newest('r1')).toEqual({ access_token: 'a3', refresh_token: 'r3' });
  expect(spent.newest('r2')).toEqual({ access_token: 'a3', refresh_token: 'r3' });
  expect(spent.newest('r3')).toBeUndefined();
  expect(spent.newest(undefined)).toBeUndefined();
});

test('a token that stays valid is not spent', () => {
  const spent = new SpentTokens();
  spent.remember('r1', { access_token: 'a2' });
  spent.remember('r1', { access_token: 'a2', refresh_token: 'r1' });
  spent.remember(undefined, { access_token: 'a2', refresh_token: 'r2' });
  expect(spent.newest('r1')).toBeUndefined();
});

test('a circle ends', () => {
  const spent = new SpentTokens();
  spent.remember('r1', { refresh_token: 'r2' });
  spent.remember('r2', { refresh_token: 'r1' });
  expect(spent.newest('r1')).toEqual({ refresh_token: 'r1' });
});
