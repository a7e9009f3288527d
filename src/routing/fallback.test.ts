import { describe, expect, test } from 'vitest';
import { ProxyError, upstreamError } from '../errors.ts';
import { type FallbackRule, fallbackCause, type GivenUp, MOST_MODELS, nextModel } from './fallback.ts';

const rule = (model: string, to: readonly string[], when: FallbackRule['when'] = []): FallbackRule => ({
  model,
  to,
  when,
});
const limited = (model: string): GivenUp => ({ model, cause: 'rate-limit' });

describe('what a failure means for other models', () => {
  const cause = (status: number, more: { code?: string; message?: string } = {}) =>
    fallbackCause(upstreamError({ status, message: 'no', ...more }));

  test.each([
    [429, {}, 'rate-limit'],
    [429, { code: 'usage_limit_reached' }, 'rate-limit'],
    [402, {}, 'rate-limit'],
    [529, {}, 'overloaded'],
    [503, { code: 'overloaded_error' }, 'overloaded'],
    [401, {}, 'unavailable'],
    [403, {}, 'unavailable'],
    [404, { code: 'model_not_found' }, 'unavailable'],
    [404, {}, 'unavailable'],
    [408, {}, 'timeout'],
    [504, {}, 'timeout'],
    [500, {}, 'error'],
    [502, {}, 'error'],
    [400, { message: 'prompt is too long: 210000 tokens' }, 'context-length'],
    [413, {}, 'context-length'],
    [400, { code: 'content_filter' }, 'content-filter'],
    [400, {}, undefined],
    [422, {}, undefined],
    [409, {}, undefined],
  ])('%i %j: %s', (status, more, expected) => {
    expect(cause(status, more)).toBe(expected);
  });

  test('what never reached an upstream', () => {
    expect(fallbackCause(new ProxyError('upstream_unreachable', 'x'))).toBe('unavailable');
    expect(fallbackCause(new ProxyError('upstream_timeout', 'x'))).toBe('timeout');
    expect(fallbackCause(new ProxyError('upstream_stream_truncated', 'x'))).toBe('error');
    expect(fallbackCause(new ProxyError('model_cooldown', 'x'))).toBe('rate-limit');
    expect(fallbackCause(new ProxyError('lossy_translation', 'x'))).toBeUndefined();
    expect(fallbackCause(new ProxyError('invalid_request', 'x'))).toBeUndefined();
  });
});

describe('the next model', () => {
  test('goes through the list in its order, and then there is none', () => {
    const rules = [rule('a', ['b', 'c'])];
    expect(nextModel(rules, [limited('a')])).toBe('b');
    expect(nextModel(rules, [limited('a'), limited('b')])).toBe('c');
    expect(nextModel(rules, [limited('a'), limited('b'), limited('c')])).toBeUndefined();
    expect(nextModel(rules, [limited('x')])).toBeUndefined();
  });

  test('patterns; case and the suffix of the name do not matter', () => {
    expect(nextModel([rule('claude-*', ['gpt'])], [limited('Claude-opus(high)')])).toBe('gpt');
    expect(nextModel([rule('*', ['gpt'])], [limited('any')])).toBe('gpt');
  });

  test('conditions: without any, all but what the request is to blame for', () => {
    const any = [rule('a', ['b'])];
    for (const cause of ['rate-limit', 'overloaded', 'unavailable', 'timeout', 'error', 'cooling'] as const) {
      expect([cause, nextModel(any, [{ model: 'a', cause }])]).toEqual([cause, 'b']);
    }
    for (const cause of ['context-length', 'content-filter', undefined] as const) {
      expect([cause, nextModel(any, [{ model: 'a', cause }])]).toEqual([cause, undefined]);
    }
    const long = [rule('a', ['large'], ['context-length']), rule('a', ['other'], ['rate-limit'])];
    expect(nextModel(long, [{ model: 'a', cause: 'context-length' }])).toBe('large');
    expect(nextModel(long, [{ model: 'a', cause: 'rate-limit' }])).toBe('other');
    expect(nextModel(long, [{ model: 'a', cause: 'cooling' }])).toBe('other');
    expect(nextModel(long, [{ model: 'a', cause: 'error' }])).toBeUndefined();
    expect(nextModel([rule('a', ['b'], ['context-length'])], [{ model: 'a', cause: 'cooling' }])).toBeUndefined();
  });

  test('the chain of a fallback follows that of the asked model, each for its own failure', () => {
    const rules = [rule('a', ['b', 'c'], ['rate-limit']), rule('b', ['d'], ['error'])];
    const b = (cause: GivenUp['cause']): GivenUp => ({ model: 'b', cause });
    expect(nextModel(rules, [limited('a'), b(undefined)])).toBe('c');
    expect(nextModel(rules, [limited('a'), b('error'), limited('c')])).toBe('d');
    expect(nextModel(rules, [limited('a'), b('timeout'), limited('c')])).toBeUndefined();
  });

  test('loops end, and so do long chains', () => {
    const loop = [rule('a', ['b', 'A']), rule('b', ['a', 'b'])];
    expect(nextModel(loop, [limited('a'), limited('b')])).toBeUndefined();
    const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const chain = names.map((name, index) => rule(name, [`m${index + 1}`]));
    const used: GivenUp[] = [limited('m0')];
    for (let next = nextModel(chain, used); next !== undefined; next = nextModel(chain, used)) used.push(limited(next));
    expect(used).toHaveLength(MOST_MODELS);
  });
});
