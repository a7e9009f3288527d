import { expect } from 'vitest';
import { OUTPUT_TOOL_MODEL } from './cases-special-models.ts';
import type { Case, Turn } from './model.ts';

const user = (text: string): Turn => ({ role: 'user', text });
const strict = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const tree = {
  name: 'plant',
  description: 'Plants a tree',
  schema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { root: { $ref: '#/definitions/node' }, label: { $ref: '#/definitions/label' } },
    required: ['root'],
    definitions: {
      label: { type: 'string', minLength: 3 },
      node: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/definitions/node' } } } },
    },
  },
};
const union = {
  name: 'pay',
  description: 'Pays',
  schema: {
    oneOf: [
      { type: 'object', properties: { card: { type: 'string' } }, required: ['card'] },
      { type: 'object', properties: { iban: { type: 'string' } }, required: ['iban'] },
    ],
  },
};
const oddId = `call.${'x'.repeat(90)}:1`;
const oddName = 'mcp__server.with.dots__and_a_name_that_is_much_longer_than_sixty_four_characters';
const odd = { name: oddName, description: 'Odd', schema: strict({ a: { type: 'string' } }) };

/** Schemas of answers and tools, and the names and ids of tools. */
export const schemaCases: readonly Case[] = [
  {
    name: 'strict schema of the answer',
    ask: {
      turns: [user('who?')],
      schema: strict({ name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } }),
    },
    answer: { text: '{"name":"Ada","tags":[]}' },
    seen: (view, _, dropped) => {
      expect(view.schema).toEqual(
        strict({ name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } }),
      );
      expect(dropped).toEqual([]);
    },
  },
  {
    name: 'schema of the answer for a Claude model without structured output',
    ask: { turns: [user('who?')], schema: strict({ name: { type: 'string' } }) },
    models: { 'anthropic-messages': OUTPUT_TOOL_MODEL },
    answer: { text: '{"name":"Ada"}' },
    reply: ({ dialect, tools }) =>
      dialect === 'anthropic-messages'
        ? { toolCalls: [{ name: tools.at(-1)?.name ?? '', arguments: { name: 'Ada' } }] }
        : { text: '{"name":"Ada"}' },
    seen: (view, upstream, dropped) => {
      expect(dropped).toEqual([]);
      if (upstream !== 'anthropic-messages') return;
      expect(view.schema).toBeUndefined();
      expect(view.toolChoice).toBe(view.tools.at(-1)?.name);
      expect(view.tools.at(-1)?.properties).toEqual(['name']);
    },
  },
  {
    name: 'tool schema with nested and recursive references',
    ask: { turns: [user('plant')], tools: [tree] },
    answer: { toolCalls: [{ name: 'plant', arguments: { root: { children: [{}] } } }] },
    seen: (view, _, dropped) => {
      expect(view.tools[0]?.properties).toEqual(['root', 'label']);
      expect(dropped).toEqual([]);
    },
  },
  {
    name: 'tool schema with a union at its root',
    ask: { turns: [user('pay')], tools: [union] },
    answer: { toolCalls: [{ name: 'pay', arguments: { card: '4242' } }] },
    seen: (view, upstream, dropped, client) => {
      if (client === upstream) expect(view.tools[0]?.properties).toEqual([]);
      // Gemini knows unions, and needs no object at the root.
      else if (upstream === 'gemini') expect(view.raw).toMatch(/oneOf.*"card".*"iban"/);
      else expect(view.tools[0]?.properties).toEqual(['card', 'iban']);
      expect(dropped).toEqual([]);
    },
  },
  {
    name: 'long and odd tool names and ids in a conversation',
    ask: {
      turns: [
        user('go'),
        { role: 'assistant', calls: [{ id: oddId, name: oddName, arguments: { a: '1' } }] },
        { role: 'tool', id: oddId, name: oddName, text: 'done' },
      ],
      tools: [odd],
      toolChoice: { name: oddName },
    },
    answer: { toolCalls: [{ name: oddName, arguments: { a: '2' } }] },
    byGivenName: true,
    seen: (view, upstream, dropped, client) => {
      const [tool] = view.tools;
      expect(view.toolChoice).toBe(tool?.name);
      expect(view.turns.flatMap((turn) => turn.calls).map((call) => call.name)).toEqual([tool?.name]);
      expect(view.turns.flatMap((turn) => turn.results).map((result) => result.text)).toEqual(['done']);
      if (client === upstream) expect(tool?.name).toBe(oddName);
      else if (upstream !== 'anthropic-messages') expect(tool?.name.length).toBeLessThanOrEqual(64);
      expect(dropped).toEqual([]);
    },
  },
];
