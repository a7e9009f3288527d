import { describe, expect, test } from 'vitest';
import { target } from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { encodeSignature } from '../ir/index.ts';
import { holdsForeignSignatures, refusedUnsigned } from './foreign-signatures.ts';

const holds = (value: unknown): boolean =>
  holdsForeignSignatures(Buffer.from(JSON.stringify(value)), anthropicMessages.unsignedReasoning);
const foreign = encodeSignature({ origin: 'gemini', value: 'c2ln' }, 'anthropic-messages');

describe('a body that cannot go through as it is', () => {
  test.each([
    ['a signature of another dialect', { signature: foreign }],
    [
      'one that names its maker',
      { signature: encodeSignature({ origin: 'gemini', value: 'c2ln', maker: 'gemini-0123abcd~4567cdef' }, 'x') },
    ],
    ['one before a call', { signature: `next:${foreign}` }],
    ['one in base64', { thoughtSignature: Buffer.from(foreign).toString('base64') }],
    ['unsigned thinking', { type: 'thinking', thinking: 'hm', signature: '' }],
    ['one behind a mention of the product', { text: 'llmproxy.yaml', signature: foreign }],
  ])('%s', (_, body) => expect(holds(body)).toBe(true));
});

describe('a body that goes through', () => {
  test.each([
    ['no signature', { text: 'hello' }],
    ['a signature of its own', { signature: 'c2lnbmF0dXJl' }],
    ['the name of the product in a text', { text: 'see llmproxy.yaml and llmproxy.example.' }],
    ['the tag quoted in a text', { text: `it writes ${JSON.stringify('llmproxy.')} first` }],
  ])('%s', (_, body) => expect(holds(body)).toBe(false));
});

test('unsigned reasoning stops nobody whose model takes it', () => {
  const to = (unsignedReasoning?: boolean) =>
    refusedUnsigned(anthropicMessages, {
      ...target('http://127.0.0.1:9'),
      info: { id: 'm', ...(unsignedReasoning !== undefined && { unsignedReasoning }) },
    });
  expect(to(true)).toBeUndefined();
  expect(to(false)).toBe(anthropicMessages.unsignedReasoning);
  expect(to()).toBe(anthropicMessages.unsignedReasoning);
  expect(refusedUnsigned(anthropicMessages, target('http://127.0.0.1:9'))).toBe(anthropicMessages.unsignedReasoning);
});
