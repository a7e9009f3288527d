import { expect } from 'vitest';
import type { Case } from './model.ts';

const SIGNATURE = 'U0lHTkFUVVJFL2luK3RoZS1tYXRyaXg9PQ==';
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** What a client sees of signed reasoning; two-turns, lost-, foreign- and refused-signatures tests hold the way back. */
export const signatureCases: readonly Case[] = [
  {
    name: 'signed reasoning',
    ask: { turns: [{ role: 'user', text: 'think' }], effort: 'medium', maxTokens: 32_000 },
    answer: { reasoning: 'First this.', signature: SIGNATURE, text: 'Therefore.' },
    got: (answer) => expect(answer.text + answer.reasoning).not.toContain(SIGNATURE),
  },
  {
    name: 'signed reasoning before parallel tool calls',
    ask: { turns: [{ role: 'user', text: 'think' }], tools: [weather], effort: 'medium', maxTokens: 32_000 },
    answer: {
      reasoning: 'Two cities.',
      signature: SIGNATURE,
      text: 'Let me see.',
      toolCalls: [
        { name: 'get_weather', arguments: { city: 'Bern' } },
        { name: 'get_weather', arguments: { city: 'Chur' } },
      ],
    },
  },
  {
    name: 'signature without visible reasoning',
    ask: { turns: [{ role: 'user', text: 'think' }], tools: [weather] },
    answer: { signature: SIGNATURE, toolCalls: [{ name: 'get_weather', arguments: { city: 'Bern' } }] },
  },
];
