import { describe, expect, it } from 'vitest';
import type { GenerationRequest, JsonObject, Tool, ToolChoice } from '../../ir/index.ts';
import { gemini } from './index.ts';
import { geminiToolNames } from './tool-names.ts';

const base: GenerationRequest = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };
const fn = (name: string, parameters?: JsonObject): Tool => ({
  type: 'function',
  name,
  ...(parameters === undefined ? {} : { parameters }),
  path: 'tools[0]',
});

function encode(tools: readonly Tool[], toolChoice?: ToolChoice, more: Partial<GenerationRequest> = {}) {
  const request = { ...base, ...more, tools, ...(toolChoice === undefined ? {} : { toolChoice }) };
  return gemini.encodeRequest(request, { model: 'gemini-3-pro', stream: false, quirks: {} });
}

describe('tools', () => {
  it('removes refused keywords and reports those that restrict', () => {
    const { value, warnings } = encode([
      fn('a', {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        additionalProperties: false,
        properties: {
          const: { const: 1 },
          n: { type: 'integer', exclusiveMinimum: 0 },
          list: { type: 'array', items: { type: 'string', deprecated: true }, uniqueItems: true },
          ref: { $ref: '#/$defs/x', description: 'd' },
        },
        'x-note': 1,
      }),
    ]);
    expect(value['tools']).toEqual([
      {
        functionDeclarations: [
          {
            name: 'a',
            parametersJsonSchema: {
              type: 'object',
              additionalProperties: false,
              properties: {
                const: { type: 'number', enum: [1] },
                n: { type: 'integer', minimum: 1 },
                list: { type: 'array', items: { type: 'string' }, description: '(uniqueItems: true)' },
                ref: { description: 'd' },
              },
            },
          },
        ],
      },
    ]);
    expect(warnings.map((warning) => warning.path)).toEqual(['tools[0].parameters.properties.ref.$ref']);
  });

  it('gives a custom tool one string argument', () => {
    const { value } = encode([{ type: 'custom', name: 'patch', path: 'tools[0]' }]);
    expect(value['tools']).toMatchObject([
      { functionDeclarations: [{ name: 'patch', parametersJsonSchema: { required: ['input'] } }] },
    ]);
  });

  it('keeps functions and drops built-in tools when both are there', () => {
    const { value, warnings } = encode([fn('a'), { type: 'built-in', name: 'web-search', path: 'tools[1]' }]);
    expect(value['tools']).toEqual([{ functionDeclarations: [{ name: 'a' }] }]);
    expect(warnings.map((warning) => warning.path)).toEqual(['tools[1]']);
  });

  it.each<[ToolChoice, unknown]>([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'a' },
      { mode: 'ANY', allowedFunctionNames: ['a'] },
    ],
    [
      { type: 'auto', names: ['a'] },
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
    ],
  ])('writes choice %j', (choice, expected) => {
    expect(encode([fn('a')], choice).value['toolConfig']).toEqual({ functionCallingConfig: expected });
  });

  it('leaves the choice out when there are no functions', () => {
    const { value, warnings } = encode([], { type: 'required' });
    expect(value['toolConfig']).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});

describe('what Gemini cannot carry', () => {
  it('is reported by its path', () => {
    const { warnings } = encode([], undefined, {
      parallelToolCalls: false,
      verbosity: 'low',
      serviceTier: 'scale',
      user: 'u',
      metadata: { a: 1 },
      sampling: { stop: ['1', '2', '3', '4', '5', '6'] },
      extensions: { 'openai-chat': { logit_bias: { 50256: -100 } } },
    });
    expect(warnings.map((warning) => warning.path).sort()).toEqual([
      'logit_bias',
      'parallelToolCalls',
      'sampling.stop',
      'serviceTier',
      'verbosity',
    ]);
  });
});

describe('tool names', () => {
  const long = 'x'.repeat(70);
  const request = {
    ...base,
    tools: [fn('a b'), fn('a_b'), fn('9lives'), fn(long), fn(`${long}y`), fn('fine.name:1-2')],
  };
  const names = () => geminiToolNames(request);

  it('are valid, distinct and lead back to the originals', () => {
    expect([...names().values()].sort()).toEqual(['9lives', 'a b', long, `${long}y`]);
    for (const wire of names().keys()) expect(wire).toMatch(/^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/);
    expect(names().has('a_b')).toBe(false);
    expect(geminiToolNames({ ...request, tools: request.tools.toReversed() })).toEqual(names());
  });

  it('are those of the encoded request, and given to whoever restores the answer', () => {
    const wireName = [...names()].find(([, original]) => original === 'a b')?.[0] ?? '';
    expect(JSON.stringify(encode(request.tools).value)).toContain(`"${wireName}"`);
    expect(gemini.toolNames?.(request)).toEqual(names());
  });
});
