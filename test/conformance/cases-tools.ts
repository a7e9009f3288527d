import { expect } from 'vitest';
import type { Call, Case, Turn, View } from './model.ts';

const user = (text: string): Turn => ({ role: 'user', text });
const look = { name: 'look', description: 'Looks', schema: { type: 'object', properties: { at: { type: 'string' } } } };
const call = (id: string, at: string): Call => ({ id, name: 'look', arguments: { at } });
const result = (id: string, text: string): Turn => ({ role: 'tool', id, name: 'look', text });
const texts = (view: View): string => view.turns.map((turn) => turn.text).join('|');
const results = (view: View): string[] => view.turns.flatMap((turn) => turn.results.map(({ text }) => text));

/** What other dialects are given is repaired; the same dialect's is passed through, and its server judges it. */
const repaired =
  (check: NonNullable<Case['seen']>, asItCame: readonly string[]): NonNullable<Case['seen']> =>
  (view, upstream, dropped, client) => {
    if (client !== upstream) return check(view, upstream, dropped, client);
    expect(results(view)).toEqual(asItCame);
    expect(dropped).toEqual([]);
  };

/** Calls and results that do not fit together: most servers refuse the conversation as it is. */
export const toolCases: readonly Case[] = [
  {
    name: 'call without a result, amid the conversation',
    ask: {
      turns: [
        user('a'),
        { role: 'assistant', calls: [call('c1', 'x'), call('c2', 'y')] },
        result('c2', 'two'),
        user('b'),
      ],
      tools: [look],
    },
    answer: { text: 'ok' },
    seen: repaired(
      (view, _, dropped) => {
        expect(results(view)).toEqual([expect.stringContaining('no result was given'), 'two']);
        expect(view.turns[2]).toMatchObject({ role: 'user', text: 'b' });
        expect(dropped.length).toBeGreaterThan(0);
      },
      ['two'],
    ),
  },
  {
    name: 'call without a result, at the end',
    ask: { turns: [user('a'), { role: 'assistant', calls: [call('c1', 'x')] }], tools: [look] },
    answer: { text: 'ok' },
    seen: repaired((view, _, dropped) => {
      expect(results(view)).toEqual([expect.stringContaining('no result was given')]);
      expect(dropped.length).toBeGreaterThan(0);
    }, []),
  },
  {
    name: 'result that answers no call',
    ask: { turns: [user('a'), { role: 'assistant', text: 'b' }, result('c9', 'stray'), user('c')], tools: [look] },
    answer: { text: 'ok' },
    seen: repaired(
      (view, _, dropped) => {
        expect(results(view)).toEqual([]);
        expect(texts(view)).toMatch(/stray.*c/s);
        expect(dropped.length).toBeGreaterThan(0);
      },
      ['stray'],
    ),
  },
  {
    name: 'two results of one call',
    ask: {
      turns: [
        user('a'),
        { role: 'assistant', calls: [call('c1', 'x'), call('c2', 'y')] },
        result('c1', 'old'),
        result('c2', 'two'),
        result('c1', 'new'),
      ],
      tools: [look],
    },
    answer: { text: 'ok' },
    seen: repaired((view) => expect(results(view)).toEqual(['new', 'two']), ['old', 'two', 'new']),
  },
  {
    name: 'message between a call and its result',
    ask: {
      turns: [
        user('a'),
        { role: 'assistant', calls: [call('c1', 'x')] },
        user('steer'),
        result('c1', 'one'),
        user('c'),
      ],
      tools: [look],
    },
    answer: { text: 'ok' },
    seen: repaired(
      (view) => {
        expect(results(view)).toEqual(['one']);
        expect(view.turns[2]?.text).toMatch(/steer.*c/s);
      },
      ['one'],
    ),
  },
];
