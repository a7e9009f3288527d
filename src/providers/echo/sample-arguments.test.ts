import { expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { sampleArguments } from './sample-arguments.ts';

const object = (properties: JsonObject, required = Object.keys(properties)): JsonObject => ({
  type: 'object',
  properties,
  required,
});

it('fills required properties only', () => {
  expect(sampleArguments(object({ a: { type: 'string' }, b: { type: 'string' } }, ['b']))).toEqual({ b: 'llmproxy' });
  expect(sampleArguments(undefined)).toEqual({});
});

it('has a value for every type', () => {
  const schema = object({
    text: { type: ['null', 'string'] },
    count: { type: 'integer', minimum: 3 },
    ratio: { type: 'NUMBER' },
    flag: { type: 'boolean' },
    list: { type: 'array', items: { type: 'string' } },
    pair: { type: 'array', minItems: 1, items: { type: 'integer' } },
    mode: { enum: ['fast', 'slow'] },
    kind: { const: 'x' },
    nested: object({ inner: { type: 'string' } }),
  });
  expect(sampleArguments(schema)).toEqual({
    text: 'llmproxy',
    count: 3,
    ratio: 1,
    flag: false,
    list: [],
    pair: [1],
    mode: 'fast',
    kind: 'x',
    nested: { inner: 'llmproxy' },
  });
});

it('follows local references and unions, and stops in a circle', () => {
  const schema: JsonObject = {
    ...object({ cmd: { anyOf: [{ type: 'array' }, { type: 'string' }] }, tree: { $ref: '#/$defs/tree' } }),
    $defs: { tree: object({ child: { $ref: '#/$defs/tree' } }) },
  };
  const value = sampleArguments(schema);
  expect(value['cmd']).toEqual(['echo', 'llmproxy']);
  expect(JSON.stringify(value['tree'])).toContain('null');
  expect(sampleArguments(object({ loop: { $ref: '#/properties/loop' } }))).toEqual({ loop: null });
});
