import { expect, it } from 'vitest';
import { qwen } from './qwen.ts';

it.each([
  [{ code: 'insufficient_quota', message: 'm' }],
  [{ type: 'quota_exceeded', message: 'm' }],
  [{ message: 'Free allocated quota exceeded.' }],
])('names a spent allowance: %o', (error) => {
  expect(qwen.unwrap?.({ error, request_id: 'r' })).toEqual({
    error: { ...error, code: 'free-usage-exhausted', type: 'free-usage-exhausted' },
    request_id: 'r',
  });
});

it.each([[{ error: { code: 'invalid_api_key', message: 'm' } }], [{ error: 'insufficient_quota' }], [{ choices: [] }]])(
  'leaves everything else as it is: %o',
  (answer) => expect(qwen.unwrap?.(answer)).toBe(answer),
);
