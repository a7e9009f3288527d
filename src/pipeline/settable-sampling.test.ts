import { describe, expect, test } from 'vitest';
import type { GenerationRequest, ReasoningConfig, Sampling } from '../ir/index.ts';
import type { ModelCapabilities } from '../models/model-info.ts';
import { models as claude } from '../providers/claude/models.ts';
import { models as codex } from '../providers/codex/models.ts';
import { models as openai } from '../providers/openai/models.ts';
import { withSettableSampling } from './settable-sampling.ts';

const ask = (sampling: Sampling, reasoning?: ReasoningConfig) =>
  ({ sampling, ...(reasoning && { reasoning }) }) as GenerationRequest;
const model = (sampling?: ModelCapabilities['sampling']) => ({
  id: 'm',
  capabilities: sampling === undefined ? {} : { sampling },
});
const all: Sampling = { temperature: 0.2, topP: 0.9, topK: 40, stop: ['x'], maxOutputTokens: 9 };

describe('a model that refuses sampling settings', () => {
  test('gets none of them, and the client is told', () => {
    expect(withSettableSampling(ask(all), model(false))).toEqual({
      request: { sampling: { stop: ['x'], maxOutputTokens: 9 } },
      warnings: [
        { path: 'sampling.temperature', reason: 'm refuses this setting' },
        { path: 'sampling.topP', reason: 'm refuses this setting' },
        { path: 'sampling.topK', reason: 'm refuses this setting' },
      ],
    });
  });

  test('loses nothing with the values that are its own', () => {
    const settled = withSettableSampling(ask({ temperature: 1, topP: 1 }), model(false));
    expect(settled).toEqual({ request: { sampling: {} }, warnings: [] });
  });

  test.each([undefined, true] as const)('others get them: %s', (sampling) => {
    const request = ask(all);
    expect(withSettableSampling(request, model(sampling)).request).toBe(request);
    expect(withSettableSampling(request, undefined).request).toBe(request);
  });

  test('nothing to refuse: the very same request', () => {
    const request = ask({ stop: ['x'] });
    expect(withSettableSampling(request, model(false)).request).toBe(request);
  });

  test('while it reasons only', () => {
    const kept = (reasoning?: ReasoningConfig) =>
      withSettableSampling(ask(all, reasoning), model('without-reasoning')).request.sampling.temperature;
    expect(kept()).toBe(0.2);
    expect(kept({ effort: 'none' })).toBe(0.2);
    expect(kept({ summary: 'auto' })).toBe(0.2);
    expect(kept({ effort: 'low' })).toBeUndefined();
  });
});

test('the models that refuse them are known', () => {
  const refusing = (models: typeof claude) =>
    models.filter(({ capabilities }) => capabilities?.sampling === false).map(({ id }) => id);
  expect(refusing(claude)).toEqual([
    'claude-opus-5',
    'claude-sonnet-5',
    'claude-fable-5',
    'claude-opus-4-8',
    'claude-opus-4-7',
  ]);
  expect(refusing(codex)).toHaveLength(codex.length);
  expect(refusing(openai)).toContain('o3');
  expect(refusing(openai)).not.toContain('gpt-4o');
  expect(openai.find(({ id }) => id === 'gpt-5.2')?.capabilities?.sampling).toBe('without-reasoning');
});
