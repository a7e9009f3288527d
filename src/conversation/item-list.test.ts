import { expect, test } from 'vitest';
import { itemList } from './item-list.ts';

const items = JSON.stringify([
  { role: 'user', content: 'one' },
  {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'two' }],
  },
  { type: 'function_call_output', call_id: 'c', output: 'three' },
]);
const one = {
  id: 'item_resp_1_0',
  type: 'message',
  status: 'completed',
  role: 'user',
  content: [{ type: 'input_text', text: 'one' }],
};
const two = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'two' }],
};
const three = { type: 'function_call_output', id: 'item_resp_1_2', call_id: 'c', output: 'three' };

function page(query: Readonly<Record<string, string>>): unknown {
  return itemList('resp_1', items, { query: (name) => query[name] });
}

test('all items, the newest first unless asked otherwise', () => {
  const list = { object: 'list', has_more: false };
  expect(page({})).toEqual({ ...list, data: [three, two, one], first_id: 'item_resp_1_2', last_id: 'item_resp_1_0' });
  expect(page({ order: 'asc' })).toMatchObject({ data: [one, two, three] });
});

test('pages by cursor', () => {
  expect(page({ order: 'asc', limit: '1' })).toMatchObject({ data: [one], has_more: true, last_id: 'item_resp_1_0' });
  expect(page({ order: 'asc', limit: '2', after: 'item_resp_1_0' })).toMatchObject({
    data: [two, three],
    has_more: false,
  });
  expect(page({ order: 'asc', before: 'item_resp_1_2' })).toMatchObject({ data: [one, two] });
  expect(page({ after: 'item_resp_1_0' })).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
});

test.each([
  [{ limit: '0' }, 'limit'],
  [{ limit: '101' }, 'limit'],
  [{ limit: 'x' }, 'limit'],
  [{ order: 'up' }, 'order'],
  [{ after: 'nobody' }, 'after'],
  [{ before: 'nobody' }, 'before'],
])('%j is refused', (query, path) => {
  expect(() => page(query)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});

test('a text is one message', () => {
  expect(itemList('r', '"hi"', { query: () => undefined })['data']).toEqual([
    {
      id: 'item_r_0',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_text', text: 'hi' }],
    },
  ]);
});
