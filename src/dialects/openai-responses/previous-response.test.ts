import { expect, test } from 'vitest';
import { openaiResponses } from './index.ts';

const decode = (body: Parameters<typeof openaiResponses.decodeRequest>[0]) =>
  openaiResponses.decodeRequest({ model: 'm', ...body }, {});

test.for([5, true, [], {}])('previous_response_id must be a string, not %j', (previous_response_id) => {
  expect(() => decode({ input: 'hi', previous_response_id })).toThrow('previous_response_id: must be a string');
});

test('it stands for input, as do null and absence not', () => {
  expect(decode({ previous_response_id: 'resp_1' }).messages).toEqual([]);
  expect(() => decode({ previous_response_id: null })).toThrow('input: is required');
  expect(() => decode({})).toThrow('input: is required');
});
