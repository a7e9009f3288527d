/** How vendors word it when they cannot verify a signature, as collected from their users' reports. */
import { describe, expect, test } from 'vitest';
import type { Codec } from './codec.ts';
import { codecs } from './index.ts';

const refused: Readonly<Record<string, readonly string[]>> = {
  'anthropic-messages': [
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    'messages.1.content.0: Invalid signature in thinking block',
    'ValidationException: ***.***.content.0: Invalid `signature` in `thinking` block (request id: 1)',
    'messages.3.content.0: Invalid `data` in `redacted_thinking` block',
    'messages.1.content.0.thinking.signature: Field required',
    'messages.5.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is enabled',
    'messages.3.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
  ],
  'openai-chat': [
    'invalid_encrypted_content',
    'The encrypted content gAAA...Rg== could not be verified.',
    'Could not decrypt the provided encrypted_content.',
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    'messages.3.content.0: Invalid data in redacted_thinking block',
    'Corrupted thought signature.',
    'Unable to submit request because Thought signature is not valid..',
  ],
  'openai-responses': [
    'invalid_encrypted_content',
    'thinking_signature_invalid',
    'The encrypted content for item rs_0a could not be verified. Reason: organization_id did not match',
    'The encrypted content gAAA could not be decrypted',
    'Could not decrypt the provided encrypted_content.',
  ],
  gemini: [
    'Corrupted thought signature.',
    'Invalid thought signature.',
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work',
    'Unable to submit request because Thought signature is not valid.. Learn more: ...',
    'Invalid value at contents[1].parts[0].thought_signature (TYPE_BYTES), Base64 decoding failed for "x"',
  ],
};

const other = [
  'max_tokens: 9 > 8',
  'messages.1: thinking about it',
  'signature',
  'invalid_request_error',
  'not invalid_encrypted_content_x',
  'encrypted content',
  'The model is overloaded',
];

const isRefusal = ({ signatureRefusals }: Codec, text: string): boolean =>
  signatureRefusals.some((pattern) => pattern.test(text));

describe.for([...codecs.values()])('$id', (codec) => {
  test.for(refused[codec.id] ?? [])('%s', (text) => expect(isRefusal(codec, text)).toBe(true));
  test.for(other)('is no refusal of a signature: %s', (text) => expect(isRefusal(codec, text)).toBe(false));
  test('every pattern is needed', () => {
    for (const pattern of codec.signatureRefusals) {
      const rest = { ...codec, signatureRefusals: codec.signatureRefusals.filter((one) => one !== pattern) };
      expect(
        (refused[codec.id] ?? []).some((text) => !isRefusal(rest, text)),
        String(pattern),
      ).toBe(true);
    }
  });
});

test('where each dialect carries signatures', () => {
  expect([...codecs].map(([id, { signatureMembers, signsText }]) => [id, signatureMembers, signsText])).toEqual([
    ['openai-chat', ['signature', 'data', 'thought_signature'], undefined],
    ['openai-responses', ['encrypted_content'], undefined],
    ['anthropic-messages', ['signature', 'data'], undefined],
    ['gemini', ['thoughtSignature', 'thought_signature'], true],
  ]);
});
