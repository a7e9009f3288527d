import { expect, test } from 'vitest';
import type { Tool } from '../../ir/index.ts';
import { encodeToolChoice } from './tool-choice.ts';
import { createToolNames } from './tool-names.ts';

const tool = (type: 'function' | 'custom', name: string): Tool => ({ type, name, path: 'tools' });

test.each([
  [['custom', 'function'], true],
  [['function', 'custom'], false],
  [['custom', 'custom'], true],
  [['function', 'function'], false],
] as const)('of %j with one name, custom is %s', (types, custom) => {
  expect(createToolNames(types.map((type) => tool(type, 'a'))).isCustom('a')).toBe(custom);
});

test('of a custom tool and a function with one name a choice means the function', () => {
  const choice = { type: 'tool', name: 'a' } as const;
  const both = [tool('custom', 'a'), tool('function', 'a')];
  expect(encodeToolChoice(choice, both)).toStrictEqual({ type: 'function', name: 'a' });
  expect(encodeToolChoice(choice, both.slice(0, 1))).toStrictEqual({ type: 'custom', name: 'a' });
  expect(encodeToolChoice(choice, [])).toStrictEqual({ type: 'function', name: 'a' });
});

test('of two functions with one name the first counts; what no tool is called stays', () => {
  const inNamespace = (name: string): Tool => ({
    type: 'function',
    name: 'ns__a',
    extensions: { 'openai-responses': { $namespace: { type: 'namespace', name } } },
    path: 'tools',
  });
  const names = createToolNames([inNamespace('ns'), inNamespace('other')]);
  expect(names.wire('ns__a')).toStrictEqual({ name: 'a', namespace: 'ns' });
  expect(names.wire('b')).toStrictEqual({ name: 'b' });
  expect(names.isCustom('b')).toBe(false);
});
