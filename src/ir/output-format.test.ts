import { expect, test } from 'vitest';
import { describedSchema } from './output-format.ts';

test('the description of the format stands in its schema, unless that has its own', () => {
  const schema = { type: 'object' };
  expect(describedSchema({ type: 'json-schema', schema })).toBe(schema);
  const format = { type: 'json-schema', schema, description: 'd' } as const;
  expect(describedSchema(format)).toEqual({ type: 'object', description: 'd' });
  const own = { type: 'object', description: 'own' };
  expect(describedSchema({ ...format, schema: own })).toBe(own);
});

test('asked twice it is the same object: by that it is known whether it was compiled', () => {
  const format = { type: 'json-schema', schema: {}, description: 'd' } as const;
  expect(describedSchema(format)).toBe(describedSchema(format));
});
