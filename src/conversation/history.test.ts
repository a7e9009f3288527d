import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { History, type NextTurn } from './history.ts';

const user = (text: string): JsonObject => ({ role: 'user', content: text });
const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'look', arguments: '{}' });
const output = (id: string): JsonObject => ({ type: 'function_call_output', call_id: id, output: 'ok' });

const turn = (input: readonly JsonObject[], more: Partial<NextTurn> = {}): NextTurn => ({
  input,
  previousResponseId: undefined,
  lastResponseId: undefined,
  continues: false,
  ...more,
});

function history(maxBytes = 1000): History {
  const made = new History({ maxBytes });
  made.add('r1', { input: [user('one')], output: [call('c1')] }, 10);
  return made;
}

describe('a request', () => {
  it('stands alone when it names nothing', () => {
    const input = [user('two')];
    const resolved = history().resolve(turn(input, { lastResponseId: 'r1' }));
    expect(resolved).toEqual({
      items: input,
      previousResponseId: undefined,
      changed: false,
      replaced: true,
      dropped: [],
    });
    expect(resolved?.items).toBe(input);
  });

  it('continues the response it names', () => {
    expect(history().resolve(turn([output('c1')], { previousResponseId: 'r1' }))).toEqual({
      items: [user('one'), call('c1'), output('c1')],
      previousResponseId: 'r1',
      changed: true,
      replaced: false,
      dropped: [],
    });
  });

  it('tells its whole story in place of the response it names', () => {
    const input = [user('new'), { role: 'assistant', content: 'x' }, user('more')];
    expect(history().resolve(turn(input, { previousResponseId: 'r1' }))).toMatchObject({
      items: input,
      previousResponseId: 'r1',
      replaced: true,
    });
  });

  it('is not known when it names an unknown response', () => {
    expect(history().resolve(turn([], { previousResponseId: 'r2', lastResponseId: 'r1' }))).toBeUndefined();
  });

  it('goes on from the last response when it says so', () => {
    const next = turn([user('two')], { lastResponseId: 'r1', continues: true });
    expect(history().resolve(next)).toMatchObject({ previousResponseId: 'r1', replaced: false });
    expect(history().resolve({ ...next, lastResponseId: 'r2' })).toBeUndefined();
    expect(history().resolve({ ...next, lastResponseId: undefined })).toMatchObject({ items: [user('two')] });
  });

  it('goes on from the last response when it answers its calls', () => {
    expect(history().resolve(turn([output('c1')], { lastResponseId: 'r1' }))).toMatchObject({
      items: [user('one'), call('c1'), output('c1')],
      previousResponseId: 'r1',
    });
  });

  it.each([
    ['brings the call itself', [call('c1'), output('c1')]],
    ['answers another call', [output('c9')]],
  ])('does not when it %s', (_name, input) => {
    expect(history().resolve(turn(input, { lastResponseId: 'r1' }))?.previousResponseId).toBeUndefined();
  });

  it('gets the call of an output back, from any response of the connection', () => {
    const made = history();
    made.add('r2', { input: [user('x')], output: [] }, 10);
    expect(made.resolve(turn([output('c1'), output('c9')], { lastResponseId: 'r2' }))).toMatchObject({
      items: [call('c1'), output('c1')],
      changed: true,
      dropped: ['c9'],
    });
  });
});

describe('what is kept', () => {
  const knows = (made: History, id: string): boolean =>
    made.resolve(turn([], { previousResponseId: id })) !== undefined;

  it('is bounded in bytes, but the latest is kept however big', () => {
    const made = history(25);
    made.add('r2', { input: [], output: [] }, 10);
    expect(knows(made, 'r1')).toBe(true);
    made.add('r3', { input: [], output: [] }, 10);
    expect([knows(made, 'r1'), knows(made, 'r2'), knows(made, 'r3')]).toEqual([false, true, true]);
    made.add('r4', { input: [], output: [] }, 99);
    expect([knows(made, 'r2'), knows(made, 'r3'), knows(made, 'r4')]).toEqual([false, false, true]);
  });

  it('counts a response that comes again once', () => {
    const made = history(25);
    for (let again = 0; again < 5; again++) made.add('r2', { input: [], output: [] }, 10);
    expect(knows(made, 'r1')).toBe(true);
  });

  it('is bounded in number', () => {
    const made = history();
    for (let index = 0; index < 32; index++) made.add(`n${index}`, { input: [], output: [] }, 0);
    expect([knows(made, 'r1'), knows(made, 'n0'), knows(made, 'n31')]).toEqual([false, true, true]);
  });

  it('holds the last 256 calls', () => {
    const made = history();
    const calls = Array.from({ length: 256 }, (_, index) => call(`n${index}`));
    made.add('r2', { input: [], output: calls }, 0);
    const dropped = (id: string) => made.resolve(turn([output(id)]))?.dropped;
    expect([dropped('c1'), dropped('n0'), dropped('n255')]).toEqual([['c1'], [], []]);
  });
});
