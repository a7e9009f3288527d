import { expect, it } from 'vitest';
import type { JsonObject } from '../ir/json.ts';
import { compileSchema } from './compile.ts';
import { withOrphans } from './orphans.ts';

const string = { type: 'string' };

it.each<[string, JsonObject, JsonObject]>([
  [
    'with a description',
    { description: 'D', a: string },
    { description: 'D', type: 'object', properties: { a: string } },
  ],
  ['with the type said', { type: 'object', a: string }, { type: 'object', properties: { a: string } }],
  ['nullable', { nullable: true, a: string }, { nullable: true, type: 'object', properties: { a: string } }],
  [
    'beside others',
    { type: 'object', properties: { a: string }, b: { type: ['integer', 'null'] } },
    { type: 'object', properties: { a: string, b: { type: ['integer', 'null'] } } },
  ],
  [
    'an object of its own',
    { title: 'T', a: { properties: { b: string } }, 'x-v': 1 },
    { title: 'T', 'x-v': 1, type: 'object', properties: { a: { properties: { b: string } } } },
  ],
  ['named twice', { properties: { a: string }, a: { type: 'null' } }, { type: 'object', properties: { a: string } }],
])('a property outside of properties, %s', (_, schema, expected) => {
  expect(withOrphans(schema)).toEqual(expected);
});

it.each<[string, JsonObject]>([
  ['of a vendor', { type: 'string', enum: ['a'], 'x-enum': { a: string } }],
  ['of an object', { type: 'object', 'x-a': string }],
  ['of another type', { type: 'string', a: string }],
  ['of a union', { anyOf: [string], a: string }],
  ['with an object that is no schema', { type: 'object', discriminator: { propertyName: 'k' }, xml: { name: 'n' } }],
  ['with no object', { type: 'object', a: 'string', b: null, c: [string] }],
  [
    'whose value looks like a schema',
    { type: 'object', default: string, example: string, additionalProperties: string },
  ],
])('a keyword %s is none', (_, schema) => {
  expect(withOrphans(schema)).toBe(schema);
});

it('__proto__ stays a name', () => {
  const { properties } = withOrphans(JSON.parse('{"type":"object","__proto__":{"type":"string"}}'));
  expect(Object.keys(properties ?? {})).toEqual(['__proto__']);
});

it('is repaired before anything else is', () => {
  const { schema, dropped } = compileSchema({ type: 'object', a: { type: 'str' } }, 'gemini-json-schema');
  expect(schema).toEqual({ type: 'object', properties: { a: string } });
  expect(dropped).toEqual([]);
});

it('what takes the place of a union says what both say', () => {
  const union = (branch: JsonObject, more: JsonObject = {}) =>
    compileSchema(
      { type: 'object', properties: { q: { anyOf: [branch, { type: 'null' }], ...more } } },
      'antigravity-response',
    ).schema['properties'];
  const q = (description: string) => ({ q: { type: 'string', nullable: true, description } });
  expect(union({ ...string, description: 'C' })).toEqual(q('C'));
  expect(union({ ...string, description: 'C' }, { description: 'P' })).toEqual(q('P (C)'));
  expect(union({ ...string, description: 'P' }, { description: 'P' })).toEqual(q('P'));
  expect(union({ ...string, description: '' }, { description: 'P' })).toEqual(q('P'));
  const two = { anyOf: [{ ...string, description: 'C' }, { type: 'integer' }] };
  expect(
    compileSchema({ type: 'object', properties: { q: two } }, 'antigravity-response').schema['properties'],
  ).toEqual({
    q: { type: 'string', description: 'C (Accepts: string | integer)' },
  });
});
