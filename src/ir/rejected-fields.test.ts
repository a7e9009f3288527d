import { expect, it } from 'vitest';
import { withoutRejected } from './rejected-fields.ts';
import { collectWarnings } from './warning.ts';

it('leaves the fields out and warns of those that change an answer', () => {
  const { warnings, warn } = collectWarnings();
  const body = { model: 'm', logit_bias: { 5: 1 }, stream_options: { include_usage: true } };
  expect(withoutRejected(body, ['logit_bias', 'stream_options', 'seed'], warn)).toEqual({ model: 'm' });
  expect(warnings.map(({ path }) => path)).toEqual(['logit_bias']);
});

it('is the body itself when there is nothing to leave out', () => {
  const { warnings, warn } = collectWarnings();
  const body = { model: 'm' };
  expect(withoutRejected(body, ['seed'], warn)).toBe(body);
  expect(withoutRejected(body, undefined, warn)).toBe(body);
  expect(warnings).toEqual([]);
});
