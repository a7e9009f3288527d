import { expect, test } from 'vitest';
import { hasShapeOf } from './same-shape.ts';

const model = { type: 'error', error: { type: 'api_error', code: 'x', message: 'm', details: [1] } };

test('further members, null and lists do not matter', () => {
  expect(hasShapeOf(model, { type: 'error', more: 1, error: { type: 'a', code: null, message: '' } })).toBe(true);
});

test('a number where others write a text is still the dialect', () => {
  expect(hasShapeOf(model, { type: 'error', error: { type: 'a', code: 400, message: 'm' } })).toBe(true);
});

test.for([
  [{ error: { type: 'a', code: 'c', message: 'm' } }],
  [{ type: 'error', error: 'm' }],
  [{ type: 'error', error: { type: 'a', code: true, message: 'm' } }],
  [{ type: 'error', error: { type: 'a', code: {}, message: 'm' } }],
  [['error']],
  ['error'],
  [undefined],
] as const)('a missing or differently typed scalar does: %j', ([value]) => {
  expect(hasShapeOf(model, value)).toBe(false);
});
