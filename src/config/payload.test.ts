import { expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const rule = (section: string, params: string, selector = 'name: "*"'): string =>
  `payload:\n  ${section}:\n    - models:\n        - ${selector}\n      params:\n        ${params}\n`;

it.each([
  [
    rule('default', '"a..b": 1'),
    'config.yaml:6:9: payload.default[0].params.a..b: cannot be used: the path has an empty step',
  ],
  [
    rule('override', '"tools.#(type==\\"x\\".y": 1'),
    'config.yaml:6:9: payload.override[0].params.tools.#(type=="x".y: cannot be used: the path has a query that is not closed: "#(type=="x".y"',
  ],
  [
    rule('override-raw', '"a": "{broken"'),
    'config.yaml:6:9: payload.override-raw[0].params.a: cannot be used: a raw value must be JSON, so text stands in double quotes inside the YAML quotes',
  ],
  [
    rule('filter', '- "a.*"'),
    'config.yaml:6:11: payload.filter[0].params[0]: cannot be used: the path has a wildcard in a key; put a backslash before it if it is meant literally',
  ],
  [
    rule('filter', '- a', 'exist: [a, "b|c"]'),
    'config.yaml:4:22: payload.filter[0].models[0].exist[1]: cannot be used: the path holds a "|"; write a dot, or a backslash before it when it is part of a key',
  ],
  [
    rule('filter', '- a', 'match: [{ "a.": 1 }]'),
    'config.yaml:4:21: payload.filter[0].models[0].match[0].a.: cannot be used: the path has an empty step',
  ],
])('%s', (text, message) => {
  expect(() => parseConfig({ text })).toThrow(message);
});

it('raw values may be JSON of any kind, conditions may use wildcards', () => {
  const text = rule(
    'default-raw',
    '"a": "[1, null]"\n        b: {c: 1}',
    'name: "*"\n          exist: ["met*.x", "tools.#"]',
  );
  expect(parseConfig({ text }).warnings).toEqual([]);
});

it('a rule without models is named', () => {
  expect(parseConfig({ text: 'payload: { filter: [{ params: [a] }] }' }).warnings).toEqual([
    { line: 1, path: 'payload.filter[0]', message: 'payload.filter[0] names no models and has no effect' },
  ]);
});

it('an entry without a name is named: it fits no model', () => {
  const text = rule('override', 'a: 1', 'protocol: openai\n        - name: x');
  expect(parseConfig({ text }).warnings).toEqual([
    {
      line: 4,
      path: 'payload.override[0].models[0]',
      message: 'payload.override[0].models[0] has no name and fits no model; "*" is any',
    },
  ]);
});

it('null is a value like any other, also inside of values', () => {
  const text = rule(
    'override',
    'a: null\n        b: { c: null, d: [1, null] }',
    'name: "*"\n          match: [{ e: null }]',
  );
  const { config, warnings } = parseConfig({ text });
  expect(warnings).toEqual([]);
  expect(config.payload.override).toEqual([
    { models: [{ name: '*', match: [{ e: null }] }], params: { a: null, b: { c: null, d: [1, null] } } },
  ]);
});
