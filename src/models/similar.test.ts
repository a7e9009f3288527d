import { expect, it } from 'vitest';
import { similarModels } from './similar.ts';

const known = [
  'claude-sonnet-4-6',
  'claude-opus-4-6',
  'gpt-5',
  'gpt-5-mini',
  'gemini-2.5-pro',
  'anthropic/claude-sonnet-4.5',
];

it('puts the nearest spelling first', () => {
  expect(similarModels('gpt-5-mni', known)[0]).toBe('gpt-5-mini');
  expect(similarModels('Claude-Sonnet-4-5', known)[0]).toBe('claude-sonnet-4-6');
});

it('finds names that contain the asked one', () => {
  expect(similarModels('sonnet', known)).toEqual(['claude-sonnet-4-6', 'anthropic/claude-sonnet-4.5']);
});

it('gives at most three, and none for nonsense', () => {
  expect(
    similarModels(
      'claude',
      Array.from({ length: 9 }, (_, i) => `claude-${i}`),
    ),
  ).toHaveLength(3);
  expect(similarModels('zzzzzzzzzz', known)).toEqual([]);
  expect(similarModels('x'.repeat(5000), known)).toEqual([]);
});
