import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, ReasoningPart } from '../../ir/index.ts';
import { decodeDetail, decodeDetails, decodeReasoning, encodeDetail } from './reasoning-details.ts';

const whole = (entry: JsonObject): object => ({ origin: 'openai-chat', value: JSON.stringify(entry) });
const plain = { summary: false, redacted: false };

describe('an entry', () => {
  test.each<[JsonValue | undefined, object | undefined]>([
    [undefined, undefined],
    ['x', undefined],
    [{}, { text: '', ...plain }],
    [
      { type: 'reasoning.text', text: 'a', id: 'x', index: 1 },
      { text: 'a', ...plain },
    ],
    [
      { type: 'reasoning.text', text: 5, signature: '' },
      { text: '', ...plain },
    ],
    [
      { type: 'reasoning.text', summary: 'a' },
      { text: '', ...plain },
    ],
    [
      { type: 'reasoning.summary', summary: 'a', text: 'b' },
      { text: 'a', summary: true, redacted: false },
    ],
    [
      { type: 'reasoning.text', text: 'a', summary: 'b', signature: 's', index: 1 },
      { text: 'a', ...plain, signature: whole({ type: 'reasoning.text', signature: 's', index: 1 }) },
    ],
    [
      { type: 'reasoning.encrypted', data: 'd', id: 'x', text: 'a' },
      {
        text: '',
        summary: false,
        redacted: true,
        signature: whole({ type: 'reasoning.encrypted', data: 'd', id: 'x' }),
      },
    ],
    [
      { type: 'reasoning.encrypted', signature: 's' },
      { text: '', summary: false, redacted: true },
    ],
    [
      { type: 'reasoning.text', data: 'd' },
      { text: '', ...plain },
    ],
    [
      { type: 'reasoning.text', text: 'a', signature: 'llmproxy.gemini.s', id: 'x' },
      { text: 'a', ...plain, signature: { origin: 'gemini', value: 's' }, id: 'x' },
    ],
    [
      { type: 'reasoning.text', text: 'a', signature: 'llmproxy.gemini.s', id: 5 },
      { text: 'a', ...plain, signature: { origin: 'gemini', value: 's' } },
    ],
  ])('%j', (value, detail) => {
    expect(decodeDetail(value)).toStrictEqual(detail);
  });

  test('those that say nothing are left out of a message', () => {
    expect(decodeDetails([{}, 5, { text: 'a' }, { type: 'reasoning.text', signature: 's' }])).toStrictEqual([
      { type: 'reasoning', text: 'a', ...plain },
      { type: 'reasoning', text: '', ...plain, signature: whole({ type: 'reasoning.text', signature: 's' }) },
    ]);
    expect(decodeDetails({})).toStrictEqual([]);
  });
});

describe('written', () => {
  const origin = 'openai-chat';
  test.each<[Omit<ReasoningPart, 'type'>, JsonObject]>([
    [
      { text: 'a', ...plain },
      { type: 'reasoning.text', text: 'a', index: 3 },
    ],
    [
      { text: 'a', summary: true, redacted: false },
      { type: 'reasoning.summary', summary: 'a', index: 3 },
    ],
    [
      { text: 'a', ...plain, id: 'x' },
      { type: 'reasoning.text', text: 'a', id: 'x', index: 3 },
    ],
    [
      { text: 'a', summary: false, redacted: true },
      { type: 'reasoning.encrypted', index: 3 },
    ],
    [
      { text: '', summary: false, redacted: true, signature: { origin, value: 'd' } },
      { type: 'reasoning.encrypted', data: 'd', index: 3 },
    ],
    [
      { text: 'a', ...plain, signature: { origin: 'gemini', value: 's' } },
      { type: 'reasoning.text', text: 'a', signature: 'llmproxy.gemini.s', index: 3 },
    ],
    [
      { text: 'a', ...plain, signature: { origin: 'gemini', value: '{"data":1}' } },
      { type: 'reasoning.text', text: 'a', signature: 'llmproxy.gemini.{"data":1}', index: 3 },
    ],
    [
      {
        text: 'a',
        summary: true,
        redacted: false,
        id: 'x',
        signature: { origin, value: '{"index":9,"signature":"s"}' },
      },
      { index: 9, signature: 's', summary: 'a' },
    ],
    [{ text: 'a', summary: false, redacted: true, signature: { origin, value: '{"data":"d"}' } }, { data: 'd' }],
  ])('%j', (part, entry) => {
    expect(encodeDetail(part, 3)).toStrictEqual(entry);
  });
});

describe('of a message', () => {
  const said = (text: string): ReasoningPart => ({ type: 'reasoning', text, ...plain });
  const signed = { type: 'reasoning.text', signature: 's' };
  test.each<[JsonObject, ReasoningPart[]]>([
    [{}, []],
    [{ reasoning_content: '' }, []],
    [{ reasoning_content: 5 }, []],
    [{ reasoning_content: 'a', reasoning: 'b' }, [said('a')]],
    [{ reasoning_content: null, reasoning: 'b' }, [said('b')]],
    [{ reasoning: 'b', reasoning_details: [{ text: 'c' }] }, [said('c')]],
    [
      { reasoning: 'b', reasoning_details: [signed] },
      [said('b'), { ...said(''), signature: { origin: 'openai-chat', value: JSON.stringify(signed) } }],
    ],
    [{ reasoning: 'b', reasoning_details: [] }, [said('b')]],
  ])('%j', (message, parts) => {
    expect(decodeReasoning(message)).toStrictEqual(parts);
  });
});
