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
    name: 'reasoning that is not shown, and the turn after it',
    ask: { turns: [{ role: 'user', text: 'think' }] },
    answer: { redacted: SIGNATURE, text: 'Therefore.' },
    got: (answer) => expect(answer.text + answer.reasoning).not.toContain(SIGNATURE),
    next(view, upstream, client) {
      expect(view.turns.find(({ role }) => role === 'assistant')?.text).toContain('Therefore.');
      // Whoever made it gets it back, through any client that can carry it.
      if (client === upstream) expect(view.raw).toContain(SIGNATURE);
    },
  },
  {
    name: 'signature without visible reasoning',
    ask: { turns: [{ role: 'user', text: 'think' }], tools: [weather] },
    answer: { signature: SIGNATURE, toolCalls: [{ name: 'get_weather', arguments: { city: 'Bern' } }] },
  },
];
