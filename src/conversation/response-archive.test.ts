import { beforeEach, expect, test } from 'vitest';
import type { JsonValue } from '../ir/index.ts';
import { MemoryResponseRows } from '../storage/memory/response-rows.ts';
import { compactionItem } from './compaction-item.ts';
import { createResponseArchive, type Found, type ResponseArchive } from './response-archive.ts';

let archive: ResponseArchive;
beforeEach(() => {
  const limits = { ttlMs: 1000, maxRows: 100, maxBytes: 1_000_000 };
  archive = createResponseArchive(new MemoryResponseRows(limits, { now: () => 0 }));
});

const user = (text: string): JsonValue => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const said = (id: string, text: string): JsonValue => ({ id, type: 'message', role: 'assistant', content: text });

async function save(id: string, previousId: string | undefined, input: JsonValue, output: JsonValue): Promise<void> {
  await archive.save({
    owner: 'a',
    previousId,
    credentialId: undefined,
    model: 'm',
    createdAtMs: 0,
    request: Buffer.from(JSON.stringify({ model: 'm', input })),
    answer: Buffer.from(JSON.stringify({ id, object: 'response', output })),
  });
}

async function next(id: string, input: JsonValue, owner = 'a'): Promise<JsonValue> {
  return read(await archive.continue(owner, id, Buffer.from(JSON.stringify(input))));
}

function read(found: Found<Uint8Array>): JsonValue {
  return found.kind === 'stored' ? JSON.parse(Buffer.from(found.value).toString()) : found.kind;
}

test('a chain of turns becomes the whole input', async () => {
  await save('r1', undefined, 'one', [said('m1', 'first')]);
  await save('r2', 'r1', [user('two')], [said('m2', 'second')]);
  expect(await next('r2', 'three')).toEqual([
    user('one'),
    said('m1', 'first'),
    user('two'),
    said('m2', 'second'),
    user('three'),
  ]);
  expect(read(await archive.inputOf('a', 'r2'))).toEqual([user('one'), said('m1', 'first'), user('two')]);
});

test('answers that all have the same id are not taken for one', async () => {
  await save('r1', undefined, 'one', [said('same', 'first')]);
  await save('r2', 'r1', 'two', [said('same', 'second')]);
  const { id: _, ...second } = { id: 0, type: 'message', role: 'assistant', content: 'second' };
  expect(await next('r2', 'three')).toEqual([user('one'), said('same', 'first'), user('two'), second, user('three')]);
});

test('a reference to an item is replaced by it', async () => {
  await save('r1', undefined, 'one', [said('m1', 'first')]);
  const reference = { type: 'item_reference', id: 'm1' };
  const unknown = { type: 'item_reference', id: 'm9' };
  expect(await next('r1', [reference, unknown])).toEqual([user('one'), said('m1', 'first'), unknown]);
});

test('without its beginning a conversation cannot be continued', async () => {
  await save('r1', undefined, 'one', []);
  await save('r2', 'r1', 'two', []);
  expect(await archive.remove('a', 'r1')).toBe(true);
  expect(await next('r2', 'three')).toBe('foreign');
  expect(await next('r1', 'three')).toBe('unknown');
});

test('another owner finds nothing', async () => {
  await save('r1', undefined, 'one', []);
  expect(await next('r1', 'two', 'b')).toBe('foreign');
  expect(read(await archive.find('b', 'r1'))).toBe('foreign');
  expect(read(await archive.find('a', 'r9'))).toBe('unknown');
  expect(await archive.remove('b', 'r1')).toBe(false);
});

test('a turn that names itself as the one before is no endless loop', async () => {
  await save('r1', 'r1', 'one', []);
  expect(await next('r1', 'two')).toBe('foreign');
});

test('a summary takes the place of what was before it', async () => {
  await save('r1', undefined, 'many words', []);
  await save('r2', 'r1', [{ type: 'compaction_trigger' }], [compactionItem('cmp_1', 'short')]);
  const items = await next('r2', 'go on');
  expect(JSON.stringify(items)).not.toContain('many words');
  expect(items).toMatchObject([{ role: 'user', content: [{ text: expect.stringContaining('short') }] }, user('go on')]);
});

test('a stream is read to its last event; one that leaves the output out, item by item', async () => {
  const item = said('m1', 'streamed');
  const event = (type: string, rest: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const answer =
    event('response.created', { response: { id: 'r1', output: [] } }) +
    event('response.output_item.done', { output_index: 0, item }) +
    event('response.completed', { response: { id: 'r1', status: 'completed', output: [] } });
  const common = { owner: 'a', previousId: undefined, credentialId: undefined, model: 'm', createdAtMs: 0 };
  await archive.save({ ...common, request: Buffer.from('{"input":"one"}'), answer: Buffer.from(answer) });
  expect(read(await archive.find('a', 'r1'))).toEqual({ id: 'r1', status: 'completed', output: [item] });
});

test('an answer without an id, and one that broke off, are not stored', async () => {
  const common = { owner: 'a', previousId: undefined, credentialId: undefined, model: 'm', createdAtMs: 0 };
  const request = Buffer.from('{"input":"one"}');
  await archive.save({ ...common, request, answer: Buffer.from('{"output":[]}') });
  await archive.save({
    ...common,
    request,
    answer: Buffer.from('data: {"type":"response.created","response":{"id":"r1","output":[]}}\n\n'),
  });
  expect(read(await archive.find('a', 'r1'))).toBe('unknown');
});

test('of what the provider keeps, only with whom is known', async () => {
  const pinned = { owner: 'a', previousId: undefined, credentialId: 'c', model: 'm', createdAtMs: 0 };
  await archive.save({
    ...pinned,
    request: new Uint8Array(),
    answer: Buffer.from('{"id": "r1","output":[{"id":"x"}]}'),
  });
  const expected = { kind: 'with-provider', credentialId: 'c', model: 'm' };
  expect(await archive.find('a', 'r1')).toEqual(expected);
  expect(await archive.continue('a', 'r1', Buffer.from('[]'))).toEqual(expected);
  expect(await archive.inputOf('a', 'r1')).toEqual(expected);
});
