import { describe, expect, it } from 'vitest';
import type { Part, ToolCallPart, ToolResultPart } from './part.ts';
import type { Message, Role } from './request.ts';
import { repairToolTurns, withUniqueCallIds } from './tool-turns.ts';
import { collectWarnings } from './warning.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (id: string, name = 'f'): ToolCallPart => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: '{}',
});
const result = (callId: string, value: string, more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: value }],
  isError: false,
  kind: 'function',
  ...more,
});

function conversation(...turns: readonly (readonly [Role, ...Part[]])[]): Message[] {
  return turns.map(([role, ...content], index) => ({ role, content, path: `m[${index}]` }));
}

function repair(messages: readonly Message[]) {
  const { warnings, warn } = collectWarnings();
  const repaired = repairToolTurns(messages, warn);
  return { repaired, turns: repaired.map(({ role, content }) => [role, ...content]), warnings };
}

const missing = (id: string, name = 'f', kind: 'function' | 'custom' = 'function'): ToolResultPart => ({
  type: 'tool-result',
  callId: id,
  name,
  content: [{ type: 'text', text: 'no result was given' }],
  isError: true,
  kind,
});
const MISSING = 'the call has no result; the upstream demands one and is told that it is missing';
const ORPHAN = 'the result answers no call; sent as user text';
const SECOND = 'a second result of the same call takes the place of the first';

describe('leaves alone', () => {
  it.each([
    [
      'a conversation without tools',
      conversation(['system', text('s')], ['user', text('u')], ['assistant', text('a')]),
    ],
    ['a call and its result', conversation(['assistant', call('1')], ['user', result('1', 'r')], ['user', text('u')])],
    [
      'results out of order',
      conversation(['assistant', call('1'), call('2')], ['user', result('2', ''), result('1', '')]),
    ],
    [
      'results in several messages',
      conversation(['assistant', call('1'), call('2')], ['user', result('1', '')], ['user', result('2', '')]),
    ],
    [
      'calls in several messages',
      conversation(['assistant', call('1')], ['assistant', call('2')], ['user', result('1', ''), result('2', '')]),
    ],
    ['text beside the last result', conversation(['assistant', call('1')], ['user', text('u'), result('1', 'r')])],
    [
      'an id used again later',
      conversation(
        ['assistant', call('1')],
        ['user', result('1', 'a')],
        ['assistant', call('1')],
        ['user', result('1', 'b')],
      ),
    ],
    ['an empty message', conversation(['user'], ['assistant', text('a')])],
  ])('%s', (_, messages) => {
    const { repaired, warnings } = repair(messages);
    expect(repaired).toBe(messages);
    expect(warnings).toEqual([]);
  });
});

describe('a call without a result', () => {
  it('amid the conversation', () => {
    const { turns, warnings } = repair(
      conversation(['user', text('u')], ['assistant', call('1', 'g')], ['user', text('v')]),
    );
    expect(turns).toEqual([
      ['user', text('u')],
      ['assistant', call('1', 'g')],
      ['user', missing('1', 'g')],
      ['user', text('v')],
    ]);
    expect(warnings).toEqual([{ path: 'm[1].content[0]', reason: MISSING }]);
  });

  it('at its end, of a custom tool', () => {
    const custom: ToolCallPart = { ...call('1'), kind: 'custom' };
    const { turns, warnings } = repair(conversation(['assistant', text('a'), custom]));
    expect(turns).toEqual([
      ['assistant', text('a'), custom],
      ['user', missing('1', 'f', 'custom')],
    ]);
    expect(warnings).toEqual([{ path: 'm[0].content[1]', reason: MISSING }]);
  });

  it('beside one that has a result, before the model goes on', () => {
    const { turns, repaired } = repair(
      conversation(['assistant', call('1'), call('2')], ['user', result('2', 'r')], ['assistant', text('a')]),
    );
    expect(turns).toEqual([
      ['assistant', call('1'), call('2')],
      ['user', missing('1'), result('2', 'r')],
      ['assistant', text('a')],
    ]);
    expect(repaired[1]?.path).toBe('m[0].content[0]');
  });

  it('followed by an empty message', () => {
    expect(repair(conversation(['assistant', call('1')], ['user'], ['user', result('1', 'r')])).turns).toEqual([
      ['assistant', call('1')],
      ['user', result('1', 'r')],
      ['user'],
    ]);
  });
});

it('moves what stands between a call and its result behind the result', () => {
  const { turns, warnings } = repair(
    conversation(
      ['assistant', call('1'), call('2')],
      ['system', text('s')],
      ['user', result('2', 'two'), text('steer')],
      ['user', result('1', 'one')],
    ),
  );
  expect(turns).toEqual([
    ['assistant', call('1'), call('2')],
    ['user', result('1', 'one'), result('2', 'two')],
    ['system', text('s')],
    ['user', text('steer')],
  ]);
  expect(warnings).toEqual([]);
});

it('keeps the last of two results, in the place of the first', () => {
  const { turns, warnings } = repair(
    conversation(
      ['assistant', call('1')],
      ['user', result('1', 'old')],
      ['assistant', text('a')],
      ['user', result('1', 'new')],
    ),
  );
  expect(turns).toEqual([
    ['assistant', call('1')],
    ['user', result('1', 'new')],
    ['assistant', text('a')],
  ]);
  expect(warnings).toEqual([{ path: 'm[3].content[0]', reason: SECOND }]);
});

it('gives an id that is used again to the latest call', () => {
  const { turns } = repair(
    conversation(
      ['assistant', call('1')],
      ['user', result('1', 'a')],
      ['assistant', call('1')],
      ['user', text('x')],
      ['user', result('1', 'b')],
    ),
  );
  expect(turns).toEqual([
    ['assistant', call('1')],
    ['user', result('1', 'a')],
    ['assistant', call('1')],
    ['user', result('1', 'b')],
    ['user', text('x')],
  ]);
});

describe('a result without a call', () => {
  const image: Part = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };

  it('becomes text, what is beside it stays', () => {
    const { turns, warnings } = repair(conversation(['user', result('9', 'lost'), text('go on')]));
    expect(turns).toEqual([['user', text('Tool result: lost'), text('go on')]]);
    expect(warnings).toEqual([{ path: 'm[0].content[0]', reason: ORPHAN }]);
  });

  it('keeps its media and the name of its tool', () => {
    const content = [{ type: 'text', text: 'a' } as const, image, { type: 'text', text: 'b' } as const];
    const { turns } = repair(conversation(['user', result('9', '', { name: 'shot', content, cacheControl: {} })]));
    const told = { type: 'text', text: 'Result of tool shot: a\nb', cacheControl: {} };
    expect(turns).toEqual([['user', told, image]]);
  });

  it('also when it comes before its call or in a message of the model', () => {
    const { turns, warnings } = repair(
      conversation(['user', result('1', 'early')], ['assistant', call('1'), result('2', 'own')]),
    );
    expect(turns).toEqual([
      ['user', text('Tool result: early')],
      ['assistant', call('1'), text('Tool result: own')],
      ['user', missing('1')],
    ]);
    expect(warnings.map(({ reason }) => reason)).toEqual([ORPHAN, ORPHAN, MISSING]);
  });
});

describe('two calls that wait with the same id', () => {
  const renamed = (id: string, name: string): ToolCallPart => ({ ...call('1', name), id });

  it('are told apart, and the results answer them in order', () => {
    const { turns, warnings } = repair(
      conversation(['assistant', call('1'), call('1', 'g')], ['user', result('1', 'a'), result('1', 'b')]),
    );
    expect(turns).toEqual([
      ['assistant', call('1'), renamed('1_2', 'g')],
      ['user', result('1', 'a'), result('1_2', 'b')],
    ]);
    expect(warnings).toEqual([
      { path: 'm[0].content[1]', reason: 'another call that waits has the same id; sent with an id of its own' },
    ]);
  });

  it('and one result: the other is missing; a third takes the place of the last', () => {
    const calls = ['assistant', call('1'), call('1', 'g')] as const;
    expect(repair(conversation(calls, ['user', result('1', 'r')])).turns[1]).toEqual([
      'user',
      result('1', 'r'),
      missing('1_2', 'g'),
    ]);
    const results = ['user', result('1', 'a'), result('1', 'b'), result('1', 'c')] as const;
    expect(repair(conversation(calls, results)).turns[1]).toEqual(['user', result('1', 'a'), result('1_2', 'c')]);
  });

  it('in two turns of the assistant with nothing between', () => {
    const { turns } = repair(
      conversation(['assistant', call('1')], ['assistant', call('1')], ['user', result('1', 'r')]),
    );
    expect(turns).toEqual([
      ['assistant', call('1')],
      ['assistant', renamed('1_2', 'f')],
      ['user', result('1', 'r'), missing('1_2')],
    ]);
  });
});

describe('an id that an earlier turn used', () => {
  const turns = conversation(
    ['user', text('go')],
    ['assistant', call('call_0', 'f'), call('call_1', 'g')],
    ['user', result('call_1', 'g1'), result('call_0', 'f1')],
    ['assistant', call('call_0', 'f')],
    ['user', result('call_0', 'f2'), text('and?')],
    ['assistant', call('call_0_2', 'h'), call('call_0', 'f')],
    ['user', result('call_0_2', 'h1'), result('call_0', 'f3')],
  );

  it('gets an end of its own, and so does its result', () => {
    expect(withUniqueCallIds(turns)).toEqual(
      conversation(
        ['user', text('go')],
        ['assistant', call('call_0', 'f'), call('call_1', 'g')],
        ['user', result('call_1', 'g1'), result('call_0', 'f1')],
        ['assistant', call('call_0_2', 'f')],
        ['user', result('call_0_2', 'f2'), text('and?')],
        ['assistant', call('call_0_2_2', 'h'), call('call_0_3', 'f')],
        ['user', result('call_0_2_2', 'h1'), result('call_0_3', 'f3')],
      ),
    );
  });

  it('which stays as the conversation grows', () => {
    const whole = withUniqueCallIds(turns);
    for (let length = 1; length < turns.length; length++) {
      expect(withUniqueCallIds(turns.slice(0, length))).toEqual(whole.slice(0, length));
    }
  });

  it('other conversations are the same array', () => {
    const unique = turns.slice(0, 3);
    expect(withUniqueCallIds(unique)).toBe(unique);
    const [first, second] = withUniqueCallIds(turns);
    expect([first, second]).toEqual([turns[0], turns[1]]);
    expect(first).toBe(turns[0]);
  });
});
