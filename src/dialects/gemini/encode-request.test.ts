import { describe, expect, it } from 'vitest';
import type { GenerationRequest, JsonObject, Message, Part } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { gemini } from './index.ts';

const base: GenerationRequest = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} };
const target: EncodeTarget = { model: 'gemini-3-pro', stream: false, quirks: {} };
const text = (value: string): Part => ({ type: 'text', text: value });
const call = (id: string, name = 'f', args = '{}'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: args,
});
const result = (callId: string, ...content: readonly Part[]): Part => ({
  type: 'tool-result',
  callId,
  content: content.filter((part) => part.type === 'text' || part.type === 'media'),
  isError: false,
  kind: 'function',
});
const message = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'messages[0]' });

function encode(fields: Partial<GenerationRequest>, to: Partial<EncodeTarget> = {}) {
  const { value, warnings } = gemini.encodeRequest({ ...base, ...fields }, { ...target, ...to });
  const body: JsonObject & { contents?: { role: string; parts: JsonObject[] }[] } = JSON.parse(JSON.stringify(value));
  return { body, contents: body.contents ?? [], warnings };
}

const SENTINEL = 'skip_thought_signature_validator';

describe('messages', () => {
  it('leading instructions become systemInstruction, later ones a reminder', () => {
    const { body, warnings } = encode({
      messages: [
        message('system', text('S')),
        message('developer', text('D')),
        message('user', text('U')),
        message('system', text('late')),
      ],
    });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'S' }, { text: 'D' }] });
    expect(body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'U' }, { text: '<system-reminder>\nlate\n</system-reminder>' }] },
    ]);
    expect(warnings).toEqual([]);
  });

  it('instructions alone become the user text', () => {
    expect(encode({ messages: [message('system', text('S'))] }).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'S' }] }],
    });
  });

  it('a conversation that starts with the model gets a user turn before it', () => {
    const { contents } = encode({ messages: [message('assistant', text('A')), message('assistant', text('B'))] });
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: '' }] },
      { role: 'model', parts: [{ text: 'A' }, { text: 'B' }] },
    ]);
  });

  it('drops foreign reasoning with a warning and keeps own signatures', () => {
    const foreign: Part = {
      type: 'reasoning',
      text: 't',
      summary: false,
      redacted: false,
      signature: { origin: 'anthropic-messages', value: 'E1' },
    };
    const own: Part = { ...foreign, text: 'o', signature: { origin: 'gemini', value: 'U0' } };
    const { contents, warnings } = encode({
      messages: [message('user', text('u')), message('assistant', foreign, own)],
    });
    expect(contents[1]?.parts).toEqual([{ text: 'o', thought: true, thoughtSignature: 'U0' }]);
    expect(warnings.map((warning) => warning.path)).toEqual(['messages[0].content[0]']);
  });
});

describe('pairing', () => {
  it('regroups results behind their calls in the order of the calls', () => {
    const { contents, warnings } = encode({
      messages: [
        message('user', text('u')),
        message('assistant', call('1', 'a'), call('2', 'b')),
        message('user', result('2', text('two'))),
        message('user', result('1', text('one')), text('and')),
        message('assistant', text('done')),
      ],
    });
    expect(contents.map((content) => content.role)).toEqual(['user', 'model', 'user', 'model']);
    expect(contents[1]?.parts.map((part) => part['thoughtSignature'])).toEqual([SENTINEL, undefined]);
    expect(contents[2]?.parts).toEqual([
      { functionResponse: { id: '1', name: 'a', response: { output: 'one' } } },
      { functionResponse: { id: '2', name: 'b', response: { output: 'two' } } },
      { text: 'and' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('does not merge two model turns whose results stand between them', () => {
    const { contents } = encode({
      messages: [
        message('user', text('u')),
        message('assistant', call('1')),
        message('user', result('1', text('x'))),
        message('assistant', call('1')),
        message('user', result('1', text('y'))),
      ],
    });
    expect(contents.map((content) => content.role)).toEqual(['user', 'model', 'user', 'model', 'user']);
    expect(contents[2]?.parts[0]).toMatchObject({ functionResponse: { response: { output: 'x' } } });
    expect(contents[4]?.parts[0]).toMatchObject({ functionResponse: { response: { output: 'y' } } });
    expect(contents[3]?.parts[0]?.['thoughtSignature']).toBe(SENTINEL);
  });

  it('fills in a missing result and turns an orphan into text, both with a warning', () => {
    const { contents, warnings } = encode({
      messages: [
        message('user', text('u')),
        message('assistant', call('1')),
        message('user', result('9', text('lost')), text('go on')),
      ],
    });
    expect(contents[2]?.parts).toEqual([
      { functionResponse: { id: '1', name: 'f', response: { error: 'no result was given' } } },
      { text: 'Tool result: lost' },
      { text: 'go on' },
    ]);
    expect(warnings).toHaveLength(2);
  });

  it('keeps JSON results lossless and errors as errors', () => {
    const error: Part = {
      type: 'tool-result',
      callId: '2',
      content: [{ type: 'text', text: 'bad' }],
      isError: true,
      kind: 'function',
    };
    const { contents } = encode({
      messages: [
        message('assistant', call('1'), call('2'), call('3'), call('4')),
        message('user', result('1', text('{"n":1}')), error, result('3', text('{"n":12345678901234567890}'))),
        message('user', result('4', text('{"error":"quoted"}'))),
      ],
    });
    expect(contents[2]?.parts.map((part) => (part['functionResponse'] as JsonObject)['response'])).toEqual([
      { n: 1 },
      { error: 'bad' },
      { output: '{"n":12345678901234567890}' },
      { output: '{"error":"quoted"}' },
    ]);
  });

  it('puts media of a result inside it for Gemini 3 and beside it for older models', () => {
    const image: Part = {
      type: 'media',
      kind: 'image',
      source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
    };
    const messages = [message('user', text('u')), message('assistant', call('1')), message('user', result('1', image))];
    const blob = { inlineData: { mimeType: 'image/png', data: 'AA==' } };
    const response = { id: '1', name: 'f', response: { output: '' } };
    expect(encode({ messages }).contents[2]?.parts).toEqual([{ functionResponse: { ...response, parts: [blob] } }]);
    const old = encode({ messages }, { model: 'gemini-2.5-pro' });
    expect(old.contents[2]?.parts).toEqual([{ functionResponse: response }, blob]);
  });

  it('sends arguments that are no object as _raw, with a warning', () => {
    const { contents, warnings } = encode({
      messages: [message('assistant', call('1', 'f', '[1')), message('user', result('1'))],
    });
    expect(contents[1]?.parts[0]).toMatchObject({ functionCall: { args: { _raw: '[1' } } });
    expect(warnings).toHaveLength(1);
  });
});

describe('reasoning', () => {
  const thinking = (reasoning: GenerationRequest['reasoning'], support?: EncodeTarget['reasoning']) => {
    const to = support === undefined ? {} : { reasoning: support };
    const { body, warnings } = encode({ ...(reasoning === undefined ? {} : { reasoning }) }, to);
    return [(body['generationConfig'] as JsonObject | undefined)?.['thinkingConfig'], warnings.length];
  };

  it.each([
    [{ effort: 'medium' }, undefined, { thinkingBudget: 8192, includeThoughts: true }, 0],
    [{ effort: 'max' }, { minBudget: 0, maxBudget: 24576 }, { thinkingBudget: 24576, includeThoughts: true }, 0],
    [{ effort: 'xhigh' }, { levels: ['low', 'high'] }, { thinkingLevel: 'high', includeThoughts: true }, 0],
    [{ effort: 'medium' }, { levels: ['low', 'high'] }, { thinkingLevel: 'low', includeThoughts: true }, 0],
    [{ budgetTokens: 20000 }, { levels: ['low', 'high'] }, { thinkingLevel: 'high', includeThoughts: true }, 0],
    [{ budgetTokens: 50, summary: 'none' }, { minBudget: 128 }, { thinkingBudget: 128, includeThoughts: false }, 0],
    [{ adaptive: true }, undefined, { thinkingBudget: -1, includeThoughts: true }, 0],
    [{ effort: 'none' }, undefined, { thinkingBudget: 0 }, 0],
    [{ effort: 'none' }, { minBudget: 128 }, { thinkingBudget: 128, includeThoughts: false }, 1],
    [{ effort: 'none' }, { levels: ['minimal', 'high'] }, { thinkingLevel: 'minimal', includeThoughts: false }, 1],
  ] as const)('%j with %j', (reasoning, support, expected, warned) => {
    expect(thinking(reasoning, support)).toEqual([expected, warned]);
  });

  it('says nothing when the client said nothing', () => expect(thinking(undefined)).toEqual([undefined, 0]));
});

it('a schema that says nothing is JSON of any form', () => {
  const config = (description?: string) =>
    encode({ output: { type: 'json-schema', schema: {}, ...(description === undefined ? {} : { description }) } }).body[
      'generationConfig'
    ];
  expect(config()).toEqual({ responseMimeType: 'application/json' });
  expect(config('a poem')).toEqual({
    responseMimeType: 'application/json',
    responseJsonSchema: { description: 'a poem' },
  });
});
