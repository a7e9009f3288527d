import { expect, test } from 'vitest';
import { decodeSignature, encodeSignature } from './signature.ts';

const made = { origin: 'anthropic-messages', value: 'Ev.a+/=', maker: 'claude' };

test('a client of the same dialect holds the bare value', () => {
  expect(encodeSignature(made, 'anthropic-messages')).toBe('Ev.a+/=');
  expect(decodeSignature('Ev.a+/=', 'anthropic-messages')).toEqual({ origin: 'anthropic-messages', value: 'Ev.a+/=' });
});

test('any other client holds it with dialect and maker', () => {
  const text = encodeSignature(made, 'gemini');
  expect(text).toBe('llmproxy.anthropic-messages~claude.Ev.a+/=');
  expect(decodeSignature(text, 'gemini')).toEqual(made);
  expect(decodeSignature(text, 'anthropic-messages')).toEqual(made);
});

test('an account stands in the maker', () => {
  const text = 'llmproxy.openai-responses~openai~0123abcd.gAAAA.b';
  const signature = { origin: 'openai-responses', value: 'gAAAA.b', maker: 'openai~0123abcd' };
  expect(decodeSignature(text, 'gemini')).toEqual(signature);
  expect(encodeSignature(signature, 'gemini')).toBe(text);
});

test('tags without a maker are still read and written', () => {
  const old = { origin: 'gemini', value: 'U0.x~y' };
  expect(encodeSignature(old, 'openai-chat')).toBe('llmproxy.gemini.U0.x~y');
  expect(decodeSignature('llmproxy.gemini.U0.x~y', 'openai-chat')).toEqual(old);
});

test('a tag without an end is no tag', () => {
  expect(decodeSignature('llmproxy.gemini', 'gemini')).toEqual({ origin: 'gemini', value: 'llmproxy.gemini' });
});

test('a tag without a value is no signature of the origin that it names', () => {
  expect(decodeSignature('llmproxy.gemini.', 'openai-responses')).toEqual({
    origin: 'openai-responses',
    value: 'llmproxy.gemini.',
  });
});
