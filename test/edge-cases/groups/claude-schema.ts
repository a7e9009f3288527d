/** Schemas of tools as Claude takes them. */
import { expect } from 'vitest';
import type { Group } from '../ledger.ts';
import { request } from '../through.ts';

const schemaFor = (parameters: unknown) =>
  request('openai-chat', 'anthropic-messages', {
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  }).body.tools[0].input_schema;

const string = { type: 'string' };
const a = { a: string };
const deep = (levels: number): object =>
  levels === 0 ? string : { type: 'object', properties: { a: deep(levels - 1) } };

const cases: readonly (readonly [unknown, object])[] = [
  [undefined, { type: 'object', properties: {} }],
  [{}, { type: 'object', properties: {} }],
  [{ properties: a }, { type: 'object', properties: a }],
  [
    { type: 'object', properties: a, required: ['a'] },
    { type: 'object', properties: a, required: ['a'] },
  ],
  [
    { type: ['object', 'null'], properties: a },
    { type: 'object', properties: a },
  ],
  [
    { allOf: [{ properties: a, required: ['a'] }, { properties: { b: string } }] },
    { type: 'object', properties: { ...a, b: string }, required: ['a'] },
  ],
  [
    {
      type: 'object',
      anyOf: [
        { properties: a, required: ['a'] },
        { properties: { b: string }, required: ['b'] },
      ],
    },
    { type: 'object', properties: { ...a, b: string }, description: '(one of: ["a","b"])' },
  ],
  [
    { type: 'object', properties: { a: { anyOf: [string, { type: 'null' }] } } },
    { type: 'object', properties: { a: { anyOf: [string, { type: 'null' }] } } },
  ],
  [
    { type: 'object', properties: { a: true, b: {} } },
    { type: 'object', properties: { a: {}, b: {} } },
  ],
];

export const claudeSchema: Group = {
  group: 'claude_schema',
  entries: [
    {
      names: ['NormalizeClaudeToolInputSchema'],
      run() {
        for (const [parameters, expected] of cases)
          expect(schemaFor(parameters), JSON.stringify(parameters)).toEqual(expected);
        expect(schemaFor(deep(60))).toEqual(deep(60));
        const self = { type: 'object', properties: { next: { $ref: '#' } } };
        expect(schemaFor(self)).toEqual(self);
      },
    },
  ],
};
