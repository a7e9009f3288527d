import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import type { JsonObject } from '../../ir/index.ts';
import { gemini } from './index.ts';

const KEYS = [
  ...[
    'contents',
    'role',
    'parts',
    'text',
    'thought',
    'thoughtSignature',
    'inlineData',
    'fileData',
    'fileUri',
    'mimeType',
  ],
  ...['data', 'functionCall', 'functionResponse', 'function_call', 'name', 'id', 'args', 'response', 'result', 'error'],
  ...[
    'tools',
    'functionDeclarations',
    'parameters',
    'type',
    'properties',
    'items',
    'toolConfig',
    'mode',
    'googleSearch',
  ],
  ...['functionCallingConfig', 'allowedFunctionNames', 'generationConfig', 'responseSchema', 'thinkingConfig'],
  ...['thinkingLevel', 'thinkingBudget', 'stopSequences', 'systemInstruction', 'candidates', 'content', 'index'],
  ...['finishReason', 'usageMetadata', 'promptTokenCount', 'promptFeedback', 'blockReason', 'groundingMetadata'],
  ...['logprobsResult', 'responseId', 'createTime', '__proto__', 'constructor'],
];

/** JSON that uses the dialect's own keys often enough to get past the first check. */
const { tree } = fc.letrec<{ tree: unknown; object: JsonObject }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, '', 'model', 'user', 'ANY', 'STOP', 'OBJECT', 'f', 'llmproxy.x'),
    fc.array(tie('tree'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 6 }) as fc.Arbitrary<JsonObject>,
}));
const body = fc.dictionary(fc.constantFrom(...KEYS), tree, { maxKeys: 8 }) as fc.Arbitrary<JsonObject>;
const list = fc.array(tree, { maxLength: 3 });
const requestBody = fc
  .tuple(
    body,
    fc.array(fc.record({ role: fc.constantFrom('user', 'model', 'function'), parts: list }), { maxLength: 4 }),
  )
  .map(([rest, contents]): JsonObject => JSON.parse(JSON.stringify({ ...rest, contents })));
const responseBody = fc
  .tuple(body, fc.array(fc.record({ content: fc.record({ parts: list }), finishReason: tree, index: tree })))
  .map(([rest, candidates]): JsonObject => JSON.parse(JSON.stringify({ ...rest, candidates })));

/** The value, or undefined when a ProxyError was thrown; anything else fails the test. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProxyError);
    return undefined;
  }
}

describe('arbitrary JSON', () => {
  it('as a request: decodes or is refused, and what decodes also encodes', () => {
    let decodedOnce = false;
    fc.assert(
      fc.property(fc.oneof(body, requestBody), (value) => {
        const request = attempt(() => gemini.decodeRequest(value, { model: 'm', stream: true }));
        if (request === undefined) return;
        decodedOnce = true;
        attempt(() => gemini.encodeRequest(request, { model: 'm', stream: true, quirks: {} }));
      }),
      { numRuns: 400 },
    );
    expect(decodedOnce).toBe(true);
  });

  it('as an answer: decodes or is refused', () => {
    fc.assert(
      fc.property(fc.oneof(body, responseBody), (value) => {
        const response = attempt(() => gemini.decodeResponse(value));
        if (response !== undefined) expect(response.candidates.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it('as frames: every opened block is closed and the events keep their order', () => {
    fc.assert(
      fc.property(fc.array(responseBody, { maxLength: 4 }), (frames) => {
        const decoder = gemini.createStreamDecoder();
        const events = attempt(() => [
          ...frames.flatMap((frame) => decoder.push({ event: undefined, data: JSON.stringify(frame) })),
          ...decoder.end(),
        ]);
        if (events === undefined) return;
        const started = events.filter((event) => event.type.endsWith('-start') && 'block' in event);
        expect(events.filter((event) => event.type === 'block-end')).toHaveLength(started.length);
        expect(events[0]?.type).toBe('response-start');
        expect(events.at(-1)?.type).toBe('response-end');
      }),
      { numRuns: 300 },
    );
  });

  it('as an error body: never throws', () => {
    fc.assert(fc.property(body, (value) => gemini.decodeError(500, value).status >= 400));
  });

  it('as text of a tail: never throws, and only a terminal field makes it complete', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { complete } = gemini.readStreamTail(a, `"usageMetadata":{${b}`);
        expect(complete).toBe(/"(finishReason|blockReason)"/.test(`${a}\n${b}`) && complete);
      }),
    );
  });
});

it('refuses a schema nested without end', () => {
  let schema: JsonObject = { type: 'STRING' };
  for (let depth = 0; depth < 500; depth++) schema = { type: 'ARRAY', items: schema };
  const tools = [{ functionDeclarations: [{ name: 'f', parameters: schema }] }];
  expect(() => gemini.decodeRequest({ contents: [], tools }, { model: 'm' })).toThrow('nested too deeply');
});
