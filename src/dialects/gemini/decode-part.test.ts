import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { createCallIds, type DecodedPart, decodePart } from './decode-part.ts';

const decode = (wire: JsonObject): DecodedPart | undefined => decodePart(wire, createCallIds('s_'));
const signature = { origin: 'gemini', value: 'U0' };
const opaque = (value: JsonObject) => ({ type: 'opaque', dialect: 'gemini', value });
const blob = { mimeType: 'image/png', data: 'AA==' };

it.each<[JsonObject, unknown]>([
  [{}, undefined],
  [{ text: '' }, { type: 'text', text: '' }],
  [
    { text: 'a', thought_signature: 'U0' },
    { type: 'text', text: 'a', signature },
  ],
  [
    { text: 'a', thought: 'yes' },
    { type: 'text', text: 'a' },
  ],
  [
    { text: 'a', thought: true },
    { type: 'reasoning', text: 'a', summary: true, redacted: false },
  ],
  [{ thoughtSignature: 'U0' }, { type: 'text', text: '', signature }],
  [
    { thought: true, thoughtSignature: 'U0' },
    { type: 'reasoning', text: '', summary: true, redacted: false, signature },
  ],
  [{ thoughtSignature: '' }, opaque({ thoughtSignature: '' })],
  [{ thought: true }, opaque({ thought: true })],
  [{ later: 1, thoughtSignature: 'U0' }, opaque({ later: 1, thoughtSignature: 'U0' })],
  [{ later_on: { a_b: 1 } }, opaque({ later_on: { a_b: 1 } })],
  [{ text: 5 }, opaque({ text: 5 })],
])('%j', (wire, expected) => expect(decode(wire)).toStrictEqual(expected));

describe('media', () => {
  it.each<[JsonObject, unknown]>([
    [
      { inline_data: blob, thoughtSignature: 'U0' },
      { type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' }, signature },
    ],
    [
      { inlineData: blob, thought: false },
      { type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
    ],
    [{ inlineData: blob, thought: true }, opaque({ inlineData: blob, thought: true })],
    [{ inlineData: blob, videoMetadata: { fps: 1 } }, opaque({ inlineData: blob, videoMetadata: { fps: 1 } })],
  ])('%j', (wire, expected) => expect(decode(wire)).toStrictEqual(expected));
});

describe('calls', () => {
  const call = { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '{}' };
  it.each<[JsonObject, unknown]>([
    [{ functionCall: { id: 'c', name: 'f', args: { a_b: 1 } } }, { ...call, arguments: '{"a_b":1}' }],
    [{ functionCall: { id: 'c', name: 'f', args: 'x' } }, call],
    [{ function_call: { id: '', name: 'f' } }, { ...call, id: 'call_s_f_0' }],
    [{ functionCall: {} }, { ...call, id: 'call_s__0', name: '' }],
    [
      { functionCall: { id: 'c', name: 'f' }, thoughtSignature: 'U0' },
      { ...call, signature },
    ],
    [{ functionCall: { id: 'c', name: 'f', thoughtSignature: 'U0' } }, { ...call, signature }],
    [
      { functionCall: { id: 'c', name: 'f' }, extra_content: { google: { thought_signature: 'U0' } } },
      { ...call, signature },
    ],
    [{ functionCall: { id: 'c', name: 'f' }, extraContent: { other: { thoughtSignature: 'U0' } } }, call],
  ])('%j', (wire, expected) => expect(decode(wire)).toStrictEqual(expected));

  it('of one answer have ids of their own', () => {
    const newId = createCallIds('');
    expect([newId('f'), newId('f'), newId('ä b'), newId('x'.repeat(40))]).toEqual([
      'call_f_0',
      'call_f_1',
      'call___b_2',
      `call_${'x'.repeat(32)}_3`,
    ]);
  });
});
