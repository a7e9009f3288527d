import { expect, it } from 'vitest';
import { collectWarnings, type GenerationRequest, type OutputFormat } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeConfig } from './encode-config.ts';

const base: GenerationRequest = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };

function encode(fields: Partial<GenerationRequest>, to: Partial<EncodeTarget> = {}) {
  const { warnings, warn } = collectWarnings();
  const target = { model: 'm', stream: false, quirks: {}, ...to };
  return { config: encodeConfig({ ...base, ...fields }, target, warn), warnings };
}

it('writes every setting under the name of Gemini', () => {
  const sampling = {
    maxOutputTokens: 1,
    temperature: 2,
    topP: 3,
    topK: 4,
    stop: ['a', 'b', 'c', 'd', 'e'],
    seed: 5,
    presencePenalty: 6,
    frequencyPenalty: 7,
    candidateCount: 8,
    logprobs: true,
    topLogprobs: 9,
  };
  expect(encode({ sampling, modalities: ['text', 'image'], reasoning: { effort: 'low' } })).toStrictEqual({
    config: {
      maxOutputTokens: 1,
      temperature: 2,
      topP: 3,
      topK: 4,
      stopSequences: ['a', 'b', 'c', 'd', 'e'],
      seed: 5,
      presencePenalty: 6,
      frequencyPenalty: 7,
      candidateCount: 8,
      responseLogprobs: true,
      logprobs: 9,
      responseModalities: ['TEXT', 'IMAGE'],
      thinkingConfig: { thinkingBudget: 1024, includeThoughts: true },
    },
    warnings: [],
  });
});

it('says nothing where nothing was said', () => {
  expect(encode({}, { maxOutputTokens: 5 })).toStrictEqual({ config: {}, warnings: [] });
});

it.each([
  [5, 5, 5],
  [5, 4, 4],
  [6, 5, 5],
])('of %i tokens the client gets no more than %i', (wanted, limit, maxOutputTokens) => {
  const reason = `the model generates at most ${limit} tokens`;
  expect(encode({ sampling: { maxOutputTokens: wanted } }, { maxOutputTokens: limit })).toStrictEqual({
    config: { maxOutputTokens },
    warnings: wanted > limit ? [{ path: 'sampling.maxOutputTokens', reason }] : [],
  });
});

it('takes five stop sequences', () => {
  expect(encode({ sampling: { stop: ['1', '2', '3', '4', '5', '6'] } })).toStrictEqual({
    config: { stopSequences: ['1', '2', '3', '4', '5'] },
    warnings: [{ path: 'sampling.stop', reason: 'Gemini takes 5 stop sequences; the others are left out' }],
  });
});

const json = { responseMimeType: 'application/json' };
it.each<[OutputFormat, object]>([
  [{ type: 'text' }, { responseMimeType: 'text/plain' }],
  [{ type: 'json-object' }, json],
  [{ type: 'json-schema', schema: {} }, json],
  [
    { type: 'json-schema', schema: { type: 'object', additionalProperties: false } },
    { ...json, responseJsonSchema: { type: 'object', additionalProperties: false } },
  ],
  // Only the older member knows lengths of strings.
  [
    { type: 'json-schema', schema: { type: 'string', minLength: 2 } },
    { ...json, responseSchema: { type: 'string', minLength: 2 } },
  ],
])('output %j', (output, expected) => {
  expect(encode({ output })).toStrictEqual({ config: expected, warnings: [] });
});

it('names what no member knows by its path', () => {
  const schema = { type: 'object', properties: { a: { type: 'array', uniqueItems: true } } };
  const { config, warnings } = encode({ output: { type: 'json-schema', schema } });
  expect(Object.keys(config)).toEqual(['responseMimeType', 'responseJsonSchema']);
  expect(warnings.map(({ path }) => path)).toEqual(['output.schema.properties.a.uniqueItems']);
});
