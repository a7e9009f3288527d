import { describe, expect, it } from 'vitest';
import type { JsonObject, ReasoningConfig } from '../../ir/index.ts';
import { type DecodedConfig, decodeConfig, decodeThinking } from './decode-config.ts';

const decode = (config: JsonObject): Omit<DecodedConfig, 'sampling'> => {
  const { sampling: _, ...others } = decodeConfig(config);
  return others;
};

describe('sampling', () => {
  it('has every setting under the name of the hub', () => {
    expect(
      decodeConfig({
        maxOutputTokens: 1,
        temperature: 2,
        topP: 3,
        topK: 4,
        stopSequences: ['s', 't'],
        seed: 5,
        presencePenalty: 6,
        frequencyPenalty: 7,
        candidateCount: 8,
        responseLogprobs: true,
        logprobs: 9,
      }),
    ).toStrictEqual({
      sampling: {
        maxOutputTokens: 1,
        temperature: 2,
        topP: 3,
        topK: 4,
        stop: ['s', 't'],
        seed: 5,
        presencePenalty: 6,
        frequencyPenalty: 7,
        candidateCount: 8,
        logprobs: true,
        topLogprobs: 9,
      },
    });
  });

  it('is empty where nothing is said', () => {
    expect(decodeConfig(undefined)).toStrictEqual({ sampling: {} });
    expect(decodeConfig({})).toStrictEqual({ sampling: {} });
    expect(decodeConfig({ stopSequences: [], topP: null })).toStrictEqual({ sampling: {} });
  });

  it.each<[JsonObject, string, string]>([
    [{ topP: 'x' }, 'generationConfig.topP', 'number'],
    [{ max_output_tokens: '9' }, 'generationConfig.maxOutputTokens', 'number'],
    [{ responseLogprobs: 5 }, 'generationConfig.responseLogprobs', 'true or false'],
    [{ stopSequences: 'x' }, 'generationConfig.stopSequences', 'array'],
    [{ stopSequences: ['a', 1] }, 'generationConfig.stopSequences[1]', 'must be a string'],
    [{ responseModalities: [1] }, 'generationConfig.responseModalities[0]', 'must be a string'],
    [{ responseMimeType: 1 }, 'generationConfig.responseMimeType', 'string'],
    [{ responseSchema: 'x' }, 'generationConfig.responseSchema', 'object'],
    [{ responseJsonSchema: 'x' }, 'generationConfig.responseJsonSchema', 'object'],
    [{ thinkingConfig: 'x' }, 'generationConfig.thinkingConfig', 'object'],
    [{ thinkingConfig: { thinkingLevel: 1 } }, 'generationConfig.thinkingConfig.thinkingLevel', 'string'],
    [{ thinkingConfig: { thinkingBudget: 'x' } }, 'generationConfig.thinkingConfig.thinkingBudget', 'number'],
    [{ thinkingConfig: { includeThoughts: 1 } }, 'generationConfig.thinkingConfig.includeThoughts', 'true or false'],
  ])('%j is refused at %s', (config, path, words) => {
    expect(() => decodeConfig(config)).toThrow(
      expect.objectContaining({ code: 'invalid_request', path, message: expect.stringContaining(words) }),
    );
  });
});

describe('output', () => {
  const upper = { type: 'OBJECT' };
  const schema = { type: 'object' };
  it.each<[JsonObject, JsonObject]>([
    [{ responseMimeType: 'text/plain' }, { output: { type: 'text' } }],
    [{ responseMimeType: 'application/json' }, { output: { type: 'json-object' } }],
    [{ responseMimeType: 'application/xml' }, { rest: { responseMimeType: 'application/xml' } }],
    [{ responseSchema: upper }, { output: { type: 'json-schema', schema } }],
    [{ response_json_schema: upper }, { output: { type: 'json-schema', schema } }],
    [{ responseMimeType: 'application/json', responseSchema: upper }, { output: { type: 'json-schema', schema } }],
    [
      { responseSchema: { type: 'STRING' }, responseJsonSchema: { type: 'object' } },
      { output: { type: 'json-schema', schema } },
    ],
    [
      { responseMimeType: 'text/x.enum', responseSchema: { enum: ['a'] } },
      { rest: { responseMimeType: 'text/x.enum', responseSchema: { enum: ['a'] } } },
    ],
  ])('%j', (config, expected) => expect(decode(config)).toStrictEqual(expected));

  it('names a schema that is too deep by the member that holds it', () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 140; depth++) deep = { items: deep };
    expect(() => decode({ responseSchema: deep })).toThrow(/^generationConfig\.responseSchema\.items\./);
    expect(() => decode({ responseJsonSchema: deep })).toThrow(/^generationConfig\.responseJsonSchema\.items\./);
  });
});

describe('the rest', () => {
  it('modalities are in lower case; what only Gemini knows keeps its names', () => {
    expect(decode({ responseModalities: ['TEXT', 'Image'], speech_config: { a: 1 }, mediaResolution: 'LOW' })).toEqual({
      modalities: ['text', 'image'],
      rest: { speechConfig: { a: 1 }, mediaResolution: 'LOW' },
    });
  });

  it('is joined from all that has one', () => {
    expect(
      decode({ later: 1, responseMimeType: 'x/y', thinkingConfig: { thinking_level: 'ULTRA', future: true } }),
    ).toEqual({
      reasoning: { unknownEffort: 'ultra', summary: 'none' },
      rest: { later: 1, responseMimeType: 'x/y', thinkingConfig: { future: true, thinkingLevel: 'ULTRA' } },
    });
  });
});

describe('thinking', () => {
  it.each<[JsonObject, ReasoningConfig, JsonObject | undefined]>([
    [{}, { summary: 'none' }, undefined],
    [{ thinkingLevel: 'HIGH' }, { effort: 'high', summary: 'none' }, undefined],
    [{ thinkingBudget: 0, includeThoughts: false }, { budgetTokens: 0, summary: 'none' }, undefined],
    [{ thinkingLevel: 'low', thinkingBudget: 7 }, { effort: 'low', budgetTokens: 7, summary: 'none' }, undefined],
    [{ thinkingLevel: 'AUTO', thinkingBudget: 7 }, { budgetTokens: -1, summary: 'none' }, undefined],
    [{ includeThoughts: true }, { summary: 'auto' }, undefined],
    [
      { thinkingLevel: 'Ultra' },
      { unknownEffort: 'ultra', summary: 'none' },
      { thinkingConfig: { thinkingLevel: 'Ultra' } },
    ],
    [{ later: null }, { summary: 'none' }, { thinkingConfig: { later: null } }],
  ])('%j', (thinking, config, rest) => {
    expect(decodeThinking(thinking)).toStrictEqual({ config, ...(rest && { rest }) });
  });
});
