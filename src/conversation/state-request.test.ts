import { expect, test } from 'vitest';
import { compactionItem } from './compaction-item.ts';
import { readStateRequest } from './state-request.ts';

function read(body: object): ReturnType<typeof readStateRequest> {
  return readStateRequest(Buffer.from(JSON.stringify(body)));
}

test('a plain request stores, and is left as it is', () => {
  const bytes = Buffer.from('{"model":"m","input":"hi"}');
  const request = readStateRequest(bytes);
  expect(request?.body.bytes).toBe(bytes);
  expect(request).toMatchObject({
    model: 'm',
    previousId: undefined,
    hasConversation: false,
    background: false,
    store: true,
    stream: false,
    compacts: false,
  });
});

test('everything at once', () => {
  const input = [{ type: 'compaction_trigger' }];
  const body = {
    model: 'm',
    previous_response_id: 'r',
    conversation: 'c',
    background: true,
    store: false,
    stream: true,
  };
  expect(read({ ...body, input })).toMatchObject({
    previousId: 'r',
    hasConversation: true,
    background: true,
    store: false,
    stream: true,
    compacts: true,
  });
});

test('null means absent', () => {
  const body = { model: 'm', input: 'x', previous_response_id: null, conversation: null, store: null };
  expect(read(body)).toMatchObject({ previousId: undefined, hasConversation: false, store: true });
});

test('own summaries become text; those of others, and talk about them, stay', () => {
  const foreign = { type: 'compaction', encrypted_content: 'gAAAA' };
  expect(read({ model: 'm', input: [foreign, compactionItem('c', 'short')] })?.body.bytes.toString()).toContain(
    'short',
  );
  const kept = JSON.stringify({ model: 'm', input: [foreign, { role: 'user', content: 'what is compaction?' }] });
  expect(readStateRequest(Buffer.from(kept))?.body.bytes.toString()).toBe(kept);
});

test.each([
  ['no JSON', Buffer.from('{"model":')],
  ['no object', Buffer.from('[]')],
  ['no UTF-8', Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff]), Buffer.from('"}')])],
  ['a wrong escape', Buffer.from('{"model":"m","previous_response_id":"\\x"}')],
])('%s is left to the pipeline', (_, bytes) => {
  expect(readStateRequest(bytes)).toBeUndefined();
});
