import { expect, test } from 'vitest';
import { setBodyMembers, setEventMembers } from './answer-members.ts';

const nothing = {};

test('members are set in a whole answer, and others keep their bytes', () => {
  const body = Buffer.from('{"id":"a", "output":[ 1 ],"store":false}');
  expect(setBodyMembers(body, { set: { id: '"b"', background: 'true' }, correct: nothing }).toString()).toBe(
    '{"id":"b","output":[ 1 ],"store":false,"background":true}',
  );
});

test('what is right, and what is no response, stays as it is', () => {
  const right = Buffer.from('{ "id":"a","output":[] }');
  expect(setBodyMembers(right, { set: { id: '"a"' }, correct: { store: 'true' } })).toBe(right);
  const error = Buffer.from('{"error":{}}');
  expect(setBodyMembers(error, { set: { id: '"a"' }, correct: nothing })).toBe(error);
  const noJson = Buffer.from('oops');
  expect(setBodyMembers(noJson, { set: { id: '"a"' }, correct: nothing })).toBe(noJson);
});

test('what is only corrected is never added', () => {
  const correct = { store: 'true' };
  expect(setBodyMembers(Buffer.from('{"output":[],"store":false}'), { set: nothing, correct }).toString()).toBe(
    '{"output":[],"store":true}',
  );
});

test('events: the response objects change, deltas do not', () => {
  const delta = 'event: response.output_text.delta\ndata: {"delta":"\\"response\\":{\\"id\\":1}"}\n\n';
  const created = 'event: response.created\ndata: {"type":"response.created","response": {"id":"a","output":[]}}\n\n';
  const members = { set: { id: '"b"' }, correct: nothing };
  expect(setEventMembers(delta, members)).toBe(delta);
  expect(setEventMembers(delta + created + delta, members)).toBe(
    `${delta}event: response.created\ndata: {"type":"response.created","response":{"id":"b","output":[]}}\n\n${delta}`,
  );
  expect(setEventMembers(created, { set: { id: '"a"' }, correct: nothing })).toBe(created);
});
