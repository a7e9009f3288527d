import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { antigravityCodeAssist, codeAssist } from './code-assist.ts';
import type { EnvelopeContext } from './envelope.ts';

const antigravity = antigravityCodeAssist({
  userAgent: 'antigravity',
  maxOutputTokens: (model) => (model === 'claude-x' ? 64_000 : undefined),
});
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

function context(more: Partial<EnvelopeContext> = {}): EnvelopeContext {
  return {
    operation: 'generate',
    model: 'gemini-x',
    stream: false,
    parameters: { project: 'p-1' },
    session: undefined,
    headers: {},
    newUuid: () => 'uuid-1',
    ...more,
  };
}

function inner(body: JsonObject, more: Partial<EnvelopeContext> = {}): unknown {
  return antigravity.wrap?.(body, context(more))['request'];
}

describe('Gemini CLI', () => {
  test('the body is the request, the model and the project stand beside it', () => {
    expect(codeAssist.wrap?.({ contents, safetySettings: [] }, context())).toEqual({
      model: 'gemini-x',
      project: 'p-1',
      request: { contents, safetySettings: [] },
    });
  });

  test('an account without a project sends none', () => {
    expect(codeAssist.wrap?.({ contents }, context({ parameters: { project: '' } }))).toEqual({
      model: 'gemini-x',
      request: { contents },
    });
  });

  test("the conversation's name goes along; the client's own comes first", () => {
    expect(codeAssist.wrap?.({ contents }, context({ session: 's-1' }))['request']).toEqual({
      contents,
      session_id: 's-1',
    });
    expect(codeAssist.wrap?.({ contents, sessionId: 'mine' }, context({ session: 's-1' }))['request']).toEqual({
      contents,
      session_id: 'mine',
    });
  });

  test('counting is of no project, and counts no settings', () => {
    const body = { contents, safetySettings: [], generationConfig: {}, session_id: 's', tools: [] };
    expect(codeAssist.wrap?.(body, context({ operation: 'count-tokens' }))).toEqual({
      request: { model: 'models/gemini-x', contents, tools: [] },
    });
  });

  test('credits are enabled only by the parameters', () => {
    const parameters = { project: 'p-1', creditType: 'GOOGLE_ONE_AI' };
    expect(codeAssist.wrap?.({ contents }, context({ parameters }))['enabledCreditTypes']).toEqual(['GOOGLE_ONE_AI']);
    expect(codeAssist.wrap?.({ contents }, context())).not.toHaveProperty('enabledCreditTypes');
  });

  test('answers and events are what is in the response; errors stay as they are', () => {
    const response = { candidates: [] };
    expect(codeAssist.unwrap?.({ response, traceId: 't' })).toEqual(response);
    expect(codeAssist.unwrap?.({ error: { code: 429 } })).toEqual({ error: { code: 429 } });
    expect(codeAssist.unwrap?.({ totalTokens: 3 })).toEqual({ totalTokens: 3 });
    expect(codeAssist.unwrap?.({ response: 'no object' })).toEqual({ response: 'no object' });
  });
});

describe('Antigravity', () => {
  test('it says what kind of request it is', () => {
    expect(antigravity.wrap?.({ contents, safetySettings: [] }, context({ session: 's-1' }))).toEqual({
      model: 'gemini-x',
      project: 'p-1',
      userAgent: 'antigravity',
      requestType: 'agent',
      requestId: 'agent-uuid-1',
      request: { contents, sessionId: 's-1' },
    });
  });

  test('image models and lone searches are kinds of their own', () => {
    const kind = (body: JsonObject, model: string): unknown =>
      antigravity.wrap?.(body, context({ model }))['requestType'];
    expect(kind({}, 'gemini-3.1-flash-image')).toBe('image_gen');
    expect(kind({ tools: [{ googleSearch: {} }] }, 'gemini-x')).toBe('web_search');
    expect(kind({ tools: [{ googleSearch: {} }, { functionDeclarations: [] }] }, 'gemini-x')).toBe('agent');
    expect(kind({ tools: [{ googleSearch: {}, codeExecution: {} }] }, 'gemini-x')).toBe('agent');
  });

  test("Google's models have no limit of the answer", () => {
    expect(inner({ contents, generationConfig: { maxOutputTokens: 5, topP: 1 } })).toEqual({
      contents,
      generationConfig: { topP: 1 },
    });
    expect(inner({ contents, generationConfig: { topP: 1 } })).toEqual({ contents, generationConfig: { topP: 1 } });
  });

  test.each([
    [{ maxOutputTokens: 99_000 }, { maxOutputTokens: 64_000 }],
    [{ maxOutputTokens: 100 }, { maxOutputTokens: 100 }],
    [{ topP: 1 }, { topP: 1 }],
    [
      { thinkingConfig: { thinkingBudget: 2000 } },
      { maxOutputTokens: 64_000, thinkingConfig: { thinkingBudget: 2000 } },
    ],
    [
      { maxOutputTokens: 3000, thinkingConfig: { thinkingBudget: 3000, includeThoughts: true } },
      { maxOutputTokens: 3000, thinkingConfig: { thinkingBudget: 2999, includeThoughts: true } },
    ],
    [{ maxOutputTokens: 1000, thinkingConfig: { thinkingBudget: 3000 } }, { maxOutputTokens: 1000 }],
    [{ thinkingConfig: { thinkingBudget: 0 } }, { thinkingConfig: { thinkingBudget: 0 } }],
    [{ thinkingConfig: { thinkingLevel: 'high' } }, { thinkingConfig: { thinkingLevel: 'high' } }],
  ])('Claude models: %j is sent as %j', (asked, sent) => {
    expect(inner({ contents, generationConfig: asked }, { model: 'claude-x' })).toEqual({
      contents,
      generationConfig: sent,
    });
  });

  test('a Claude model that nobody knows keeps the limits of the client', () => {
    const generationConfig = { maxOutputTokens: 99_000, thinkingConfig: { thinkingBudget: 2000 } };
    expect(inner({ generationConfig }, { model: 'claude-y' })).toEqual({ generationConfig });
    const alone = { thinkingConfig: { thinkingBudget: 2000 } };
    expect(inner({ generationConfig: alone }, { model: 'claude-y' })).toEqual({ generationConfig: alone });
  });

  test.each([
    [undefined, { functionCallingConfig: { mode: 'VALIDATED' } }],
    [{ functionCallingConfig: { mode: 'AUTO' } }, { functionCallingConfig: { mode: 'VALIDATED' } }],
    [{ functionCallingConfig: { mode: 'NONE' } }, { functionCallingConfig: { mode: 'NONE' } }],
    [
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    ],
  ])('calls of Claude models are validated: %j becomes %j', (toolConfig, sent) => {
    const tools = [{ functionDeclarations: [{ name: 'f' }] }];
    const body = toolConfig === undefined ? { tools } : { tools, toolConfig };
    expect(inner(body, { model: 'claude-x' })).toEqual({ tools, toolConfig: sent });
  });

  test('without functions nothing is validated, and never for other models', () => {
    expect(inner({ contents }, { model: 'claude-x' })).toEqual({ contents });
    const tools = [{ functionDeclarations: [{ name: 'f' }] }];
    expect(inner({ tools })).toEqual({ tools });
  });

  test('counting is the same as elsewhere', () => {
    expect(antigravity.wrap?.({ contents }, context({ operation: 'count-tokens' }))).toEqual({
      request: { model: 'models/gemini-x', contents },
    });
  });
});
