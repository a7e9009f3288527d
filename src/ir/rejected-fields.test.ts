import { expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { withOnlyValues, withoutRejected } from './rejected-fields.ts';
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

it('leaves fields out that have other values than those which the upstream takes', () => {
  const only = { service_tier: ['priority'], stream_options: [{ a: 1 }], n: [1, null] };
  const left = (body: JsonObject): unknown => {
    const warnings: string[] = [];
    return [withOnlyValues(body, only, (path, reason) => warnings.push(`${path}: ${reason}`)), warnings];
  };
  const kept = { service_tier: 'priority', stream_options: { a: 1 }, n: null, other: 'flex' };
  expect(left(kept)).toEqual([kept, []]);
  expect(left({})).toEqual([{}, []]);
  expect(left({ service_tier: 'flex', stream_options: { a: 2 }, n: '1' })).toEqual([
    {},
    ['service_tier: the upstream does not accept this field', 'n: the upstream does not accept this field'],
  ]);
});
