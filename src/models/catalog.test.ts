import { expect, it } from 'vitest';
import { providers } from '../providers/index.ts';
import { createCatalog } from './catalog.ts';

const catalog = createCatalog(providers);

it.each([
  ['claude-haiku-4-5-20251001', 'claude-haiku-4-5-20251001'],
  ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'],
  ['claude-haiku-4-5@20251001', 'claude-haiku-4-5-20251001'],
  ['claude-sonnet-4-6-20990101', 'claude-sonnet-4-6'],
  ['gpt-4o-2024-08-06', 'gpt-4o'],
  ['gemini-2.5-flash-preview-09-2025', 'gemini-2.5-flash'],
  ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
  ['minimax-m2', 'MiniMax-M2'],
])('%s is %s', (asked, found) => {
  expect(catalog.find(asked)?.id).toBe(found);
});

it.each(['gpt-5.9', 'gpt-5-turbo', 'claude-opus-9', 'gemini-9-pro', ''])('does not guess: %s', (asked) => {
  expect(catalog.find(asked)).toBeUndefined();
});

it("prefers the provider's own entry and takes no endpoint choice from a foreign one", () => {
  expect(catalog.find('gpt-5.4-mini', 'codex')?.dialects).toBeUndefined();
  expect(catalog.find('gpt-5-codex', 'openai')?.dialects).toEqual(['openai-responses']);
  expect(catalog.find('gpt-5-codex', 'someone-else')).toMatchObject({ id: 'gpt-5-codex', contextLength: 400_000 });
  expect(catalog.find('gpt-5-codex', 'someone-else')?.dialects).toBeUndefined();
});
