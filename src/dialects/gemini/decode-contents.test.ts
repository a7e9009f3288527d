import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, Part } from '../../ir/index.ts';
import { decodeContents, decodeSystemInstruction } from './decode-contents.ts';

const refused = (path: string) => expect.objectContaining({ code: 'invalid_request', path });
const text = (words: string): Part => ({ type: 'text', text: words });

describe('roles', () => {
  it.each([
    ['model', 'assistant'],
    ['user', 'user'],
    ['function', 'user'],
    ['tool', 'user'],
    ['', 'user'],
    [null, 'user'],
    ['system', 'system'],
  ])('%s is %s', (role, expected) => {
    expect(decodeContents([{ role, parts: [{ text: 'a' }] }])).toStrictEqual([
      { role: expected, content: [text('a')], path: 'contents[0]' },
    ]);
  });

  it.each<[JsonValue, string]>([
    [{ role: 'assistant' }, 'contents[1].role'],
    [{ role: 5 }, 'contents[1].role'],
    [5, 'contents[1]'],
    [{ parts: {} }, 'contents[1].parts'],
    [{ parts: [{}, 5] }, 'contents[1].parts[1]'],
  ])('%j is refused at %s', (content, path) => {
    expect(() => decodeContents([{}, content])).toThrow(refused(path));
  });

  it('says which roles there are', () => {
    expect(() => decodeContents([{ role: 'x' }])).toThrow(/must be user, model or function/);
  });

  it('empty parts are none', () => {
    expect(decodeContents([{ parts: [{}] }, {}])).toStrictEqual([
      { role: 'user', content: [], path: 'contents[0]' },
      { role: 'user', content: [], path: 'contents[1]' },
    ]);
  });
});

describe('which call a response answers', () => {
  const call = (name: string, id?: string): JsonObject => ({ functionCall: { name, ...(id && { id }) } });
  const answer = (name: string, id?: string): JsonObject => ({ functionResponse: { name, ...(id && { id }) } });
  const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts });
  const user = (...parts: JsonObject[]): JsonObject => ({ role: 'user', parts });
  const ids = (...contents: JsonObject[]): string[] =>
    decodeContents(contents).flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : [])),
    );

  it.each<[string, JsonObject[], string[]]>([
    [
      'the first of one turn',
      [model(call('f')), model(call('f')), user(answer('f'), answer('f'))],
      ['call_f_0', 'call_f_1'],
    ],
    ['one of the latest turn', [model(call('f')), user(), model(call('f')), user(answer('f'))], ['call_f_1']],
    [
      'then one of an earlier turn',
      [
        model(call('f')),
        user(),
        model(call('f')),
        user(),
        model(call('f')),
        user(answer('f'), answer('f'), answer('f')),
      ],
      ['call_f_2', 'call_f_1', 'call_f_0'],
    ],
    ['the one with its id', [model(call('f', 'x'), call('f')), user(answer('f', 'x'), answer('f'))], ['x', 'call_f_0']],
    [
      'of two with one id each once',
      [model(call('f', 'x'), call('f', 'x'), call('f')), user(answer('f', 'x'), answer('f', 'x'), answer('f'))],
      ['x', 'x', 'call_f_0'],
    ],
    ['by id even if nobody asked', [model(call('f')), user(answer('f', 'y'), answer('f'))], ['y', 'call_f_0']],
    [
      'without a name the oldest of all',
      [model(call('g'), call(''), call('f')), user(answer(''), answer(''), answer(''), answer(''))],
      ['call_g_0', 'call__1', 'call_f_2', 'call__3'],
    ],
    ['of no call: an id of its own', [user({ text: 'a' }, answer('f'), answer('f'))], ['call_f_0', 'call_f_1']],
  ])('%s', (_, contents, expected) => expect(ids(...contents)).toEqual(expected));

  it('ids hold a part of the name in plain letters', () => {
    expect(ids(user(answer(`a b/c${'x'.repeat(40)}`)))).toEqual([`call_a_b_c${'x'.repeat(27)}_0`]);
  });
});

describe('system instruction', () => {
  it.each<[JsonValue | undefined, Part[]]>([
    ['plain', [text('plain')]],
    [{ parts: [{ text: 'a' }, 'b', {}] }, [text('a'), text('b')]],
    [{ text: 'c' }, [text('c')]],
    [
      ['a', { text: 'b' }],
      [text('a'), text('b')],
    ],
  ])('%j', (wire, content) => {
    expect(decodeSystemInstruction(wire)).toStrictEqual([{ role: 'system', content, path: 'systemInstruction' }]);
  });

  it.each<[JsonValue | undefined]>([[undefined], [null], [{}], [[]], [{ parts: [] }], [{ parts: [{}] }]])(
    '%j is none',
    (wire) => expect(decodeSystemInstruction(wire)).toEqual([]),
  );

  it.each<[JsonValue, string]>([
    [5, 'systemInstruction'],
    [[{}, 5], 'systemInstruction[1]'],
    [{ parts: 'a' }, 'systemInstruction.parts'],
    [{ parts: [{}, 5] }, 'systemInstruction.parts[1]'],
  ])('%j is refused at %s', (wire, path) => {
    expect(() => decodeSystemInstruction(wire)).toThrow(refused(path));
  });

  it('a call in it has an id all the same', () => {
    expect(decodeSystemInstruction([{ functionCall: { name: 'f' } }])[0]?.content).toMatchObject([{ id: 'call_f_0' }]);
  });
});
