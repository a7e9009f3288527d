import { expect, it } from 'vitest';
import { providers } from '../providers/index.ts';
import { selectEndpoint } from './endpoint.ts';

function path(providerId: string, modelId: string, clientDialect: string): string {
  const provider = providers.find((candidate) => candidate.id === providerId);
  if (provider === undefined) throw new Error(`no provider ${providerId}`);
  return selectEndpoint({ provider, info: provider.models.find((model) => model.id === modelId) }, clientDialect).path;
}

it('passes a client through where its own dialect is served', () => {
  expect(path('openai', 'gpt-5', 'openai-chat')).toBe('/chat/completions');
  expect(path('openai', 'gpt-4o', 'openai-responses')).toBe('/responses');
  expect(path('deepseek', 'deepseek-chat', 'anthropic-messages')).toBe('/anthropic/v1/messages');
});

it('translates to the best endpoint of the model otherwise', () => {
  expect(path('openai', 'gpt-5', 'anthropic-messages')).toBe('/responses');
  expect(path('openai', 'gpt-4o', 'anthropic-messages')).toBe('/chat/completions');
  expect(path('openai', 'gpt-unknown', 'gemini')).toBe('/chat/completions');
});

it('keeps chat clients off the chat endpoint for models it does not serve', () => {
  expect(path('openai', 'gpt-5-codex', 'openai-chat')).toBe('/responses');
});
