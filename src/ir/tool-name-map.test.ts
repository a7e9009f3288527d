import { expect, it } from 'vitest';
import type { GenerationRequest } from './request.ts';
import { plainNameRule, replacedToolNames, wireToolNames, withWireToolNames } from './tool-name-map.ts';

const rule = { valid: /^[a-z_0-9]{1,6}$/, maxLength: 6, clean: (name: string) => name.replace(/[^a-z_0-9]/g, '_') };
const tool = (name: string) => ({ type: 'function', name, path: 'tools' }) as const;
const request: GenerationRequest = {
  model: 'm',
  stream: false,
  messages: [
    {
      role: 'assistant',
      content: [{ type: 'tool-call', id: '1', name: 'c.c', kind: 'function', arguments: '{}' }],
      path: 'm',
    },
    {
      role: 'user',
      content: [{ type: 'tool-result', callId: '1', name: 'd.d', content: [], isError: false, kind: 'function' }],
      path: 'm',
    },
  ],
  tools: ['good', 'a_b', 'a.b', 'a:b', 'longlong', 'longlonger'].map(tool),
  toolChoice: { type: 'required', names: ['e.e'] },
  sampling: {},
  extensions: {},
};

it('replaces refused names only, never by one that is taken', () => {
  const replaced = replacedToolNames(request, rule);
  expect(Object.fromEntries(replaced)).toEqual({
    a_b_2: 'a.b',
    a_b_3: 'a:b',
    c_c: 'c.c',
    d_d: 'd.d',
    e_e: 'e.e',
    longlo: 'longlong',
    long_2: 'longlonger',
  });
  for (const wire of replaced.keys()) expect(wire).toMatch(rule.valid);
});

it('does not depend on the order of the tools', () => {
  const reversed = { ...request, tools: request.tools.toReversed() };
  expect(replacedToolNames(reversed, rule)).toEqual(replacedToolNames(request, rule));
});

it('writes every name one way', () => {
  const wire = wireToolNames(replacedToolNames(request, rule));
  expect(['good', 'a_b', 'a.b', 'unknown'].map(wire)).toEqual(['good', 'a_b', 'a_b_2', 'unknown']);
});

it('renames a request throughout', () => {
  const renamed = withWireToolNames(request, replacedToolNames(request, rule));
  expect(renamed.tools.map((tool) => ('name' in tool ? tool.name : ''))).toEqual([
    'good',
    'a_b',
    'a_b_2',
    'a_b_3',
    'longlo',
    'long_2',
  ]);
  expect(renamed.messages.map(({ content }) => content[0])).toMatchObject([{ name: 'c_c' }, { name: 'd_d' }]);
  expect(renamed.toolChoice).toEqual({ type: 'required', names: ['e_e'] });
  expect(replacedToolNames(renamed, rule).size).toBe(0);
  expect(withWireToolNames(renamed, new Map())).toBe(renamed);
});

it('has the rule of most APIs', () => {
  const { valid, clean } = plainNameRule(5);
  expect(['a-b_1', 'toolong', 'a.b', ''].map((name) => valid.test(name))).toEqual([true, false, false, false]);
  expect(['a.b:c', ''].map(clean)).toEqual(['a_b_c', '_']);
});
