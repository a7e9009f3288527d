import { expect, test } from 'vitest';
import { matchStored } from './response-path.ts';

test.each([
  ['GET', '/v1/responses/resp_1', { action: 'get', id: 'resp_1' }],
  ['HEAD', '/v1/responses/resp_1', { action: 'get', id: 'resp_1' }],
  ['DELETE', '/v1/responses/a%20b', { action: 'delete', id: 'a b' }],
  ['POST', '/v1/responses/resp_1', { allow: 'GET, HEAD, DELETE' }],
  ['GET', '/v1/responses/resp_1/input_items', { action: 'input-items', id: 'resp_1' }],
  ['DELETE', '/v1/responses/resp_1/input_items', { allow: 'GET, HEAD' }],
  ['POST', '/v1/responses/resp_1/cancel', { action: 'cancel', id: 'resp_1' }],
  ['GET', '/backend-api/codex/responses/resp_1/cancel', { allow: 'POST' }],
  ['GET', '/v1/responses', undefined],
  ['GET', '/v1/responses/resp_1/else', undefined],
  ['GET', '/v1/models/resp_1', undefined],
])('%s %s', (method, path, expected) => {
  expect(matchStored(path, method)).toEqual(expected);
});
