import { expect, test } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { inStreamError } from './errors.ts';

test.each<[JsonObject, number, string]>([
  [{ type: 'error', error: { type: 'invalid_request', message: 'no' } }, 400, 'no'],
  [{ type: 'error', error: { type: 'invalid_request_error', message: 'no' } }, 400, 'no'],
  [{ type: 'error', error: { type: 'invalid_requests', message: 'no' } }, 502, 'no'],
  [{ type: 'error', error: { type: 'server_error' } }, 502, 'the upstream reported a failure: server_error'],
  [{ type: 'error', error: { type: 'server_error', code: 'c' } }, 502, 'c'],
  [{ type: 'error' }, 502, 'the upstream reported a failure'],
  [{ type: 'response.failed', response: {} }, 502, 'the upstream reported a failure'],
  [{ type: 'error', error: {} }, 502, 'the upstream reported a failure'],
])('%j is %i: %s', (event, status, message) => {
  const error = inStreamError(event);
  expect([error.status, error.message]).toEqual([status, message]);
});
