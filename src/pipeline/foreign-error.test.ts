import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../ir/index.ts';
import { evenErrorBody, retryHintMs } from './foreign-error.ts';

describe('evenErrorBody', () => {
  it.each<[string, JsonValue, string]>([
    ['a text', { error: 'just text' }, 'just text'],
    ['a message', { message: 'top', code: 'x' }, 'top'],
    ['a detail', { detail: 'no such model' }, 'no such model'],
    [
      'FastAPI',
      { detail: [{ loc: ['body', 'x'], msg: 'bad x' }, 'and y', { msg: 'z' }, {}] },
      'body.x: bad x; and y; z',
    ],
    ['a detail with a message', { detail: { message: 'inner' } }, 'inner'],
    [
      'Cloudflare',
      { success: false, errors: [{ code: 10000, message: 'Authentication error' }] },
      'Authentication error',
    ],
    ['msg', { code: 1001, msg: 'balance' }, 'balance'],
    ['OAuth', { error_description: 'expired' }, 'expired'],
    ['an array', [{ message: 'wrapped' }], 'wrapped'],
  ])('%s', (_, body, message) => {
    expect(evenErrorBody(body)).toMatchObject({ error: { message } });
  });

  it('keeps what is named beside the message', () => {
    expect(evenErrorBody({ message: 'top', code: 'x', type: 'y' })).toEqual({
      message: 'top',
      code: 'x',
      type: 'y',
      error: { message: 'top', code: 'x', type: 'y' },
    });
  });

  it.each<[JsonValue | undefined, JsonValue | undefined]>([
    [undefined, undefined],
    ['page', 'page'],
    [{ error: { message: 'm' } }, { error: { message: 'm' } }],
    [[{ error: { message: 'm' } }], { error: { message: 'm' } }],
    [{ a: 1 }, { a: 1 }],
    [
      { errors: [], detail: [] },
      { errors: [], detail: [] },
    ],
  ])('%j stays', (body, expected) => {
    expect(evenErrorBody(body)).toEqual(expected);
  });
});

it.each<[JsonValue | undefined, number | undefined]>([
  [{ error: { details: [{}, { retryDelay: '34.5s' }] } }, 34_500],
  [{ error: { details: [{ retryDelay: 'soon' }], resets_in_seconds: 120 } }, 120_000],
  [{ error: { message: 'm' }, retry_after: 1.5 }, 1500],
  [{ retry_after_seconds: 2 }, 2000],
  [{ error: { retry_after: -1 } }, undefined],
  [{ error: { retry_after: '3' } }, undefined],
  ['text', undefined],
  [undefined, undefined],
])('when to try again: %j', (body, ms) => {
  expect(retryHintMs(body)).toBe(ms);
});
