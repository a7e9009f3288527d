import { expect, test } from 'vitest';
import type { Tool } from '../../ir/index.ts';
import { createToolNames } from './tool-names.ts';

const tool = (type: 'function' | 'custom', name: string): Tool => ({ type, name, path: 'tools' });

test.each([
  [['custom', 'function'], false],
  [['function', 'custom'], false],
  [['custom', 'custom'], true],
  [['function', 'function'], false],
] as const)('of %j with one name, custom is %s', (types, custom) => {
  expect(createToolNames(types.map((type) => tool(type, 'a'))).isCustom('a')).toBe(custom);
});

test('of two functions with one name the first counts; what no tool is called stays', () => {
  const inNamespace = (name: string): Tool => ({
    type: 'function',
    name: 'ns__a',
    extensions: { 'openai-responses': { $namespace: { type: 'namespace', name } } },
    path: 'tools',
  });
  const names = createToolNames([inNamespace('ns'), inNamespace('other')]);
  expect(names.wire('ns__a')).toEqual({ name: 'a', namespace: 'ns' });
  expect(names.wire('b')).toEqual({ name: 'b' });
  expect(names.isCustom('b')).toBe(false);
});
