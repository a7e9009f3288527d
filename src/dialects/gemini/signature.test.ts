import { expect, test } from 'vitest';
import { decodeClientSignature, encodeClientSignature } from './signature.ts';

const foreign = { origin: 'openai-responses', value: 'gAAAA.b', maker: 'openai~0123abcd' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('Gemini’s own signature stays bare, with and without a maker', () => {
  expect(encodeClientSignature({ origin: 'gemini', value: 'U0', maker: 'gemini' }, false)).toBe('U0');
  expect(decodeClientSignature('U0')).toEqual({ signature: { origin: 'gemini', value: 'U0' }, redacted: false });
});

test('another’s is wrapped in base64 with its maker', () => {
  const text = encodeClientSignature(foreign, false);
  expect(text).toBe(base64('llmproxy.openai-responses~openai~0123abcd.gAAAA.b'));
  expect(decodeClientSignature(text)).toEqual({ signature: foreign, redacted: false });
});

test('withheld reasoning is marked', () => {
  const text = encodeClientSignature(foreign, true);
  expect(text).toBe(base64('llmproxy.!openai-responses~openai~0123abcd.gAAAA.b'));
  expect(decodeClientSignature(text)).toEqual({ signature: foreign, redacted: true });
});

test('tags without a maker are still read', () => {
  const old = base64('llmproxy.anthropic-messages.Ev');
  const signature = { origin: 'anthropic-messages', value: 'Ev' };
  expect(decodeClientSignature(old)).toEqual({ signature, redacted: false });
  expect(decodeClientSignature(base64('llmproxy.!anthropic-messages.Ev'))).toEqual({ signature, redacted: true });
});

test('a tagged signature of Gemini itself names its maker; base64 that only looks tagged is Gemini’s', () => {
  const own = { origin: 'gemini', value: 'U0', maker: 'gemini' };
  expect(decodeClientSignature(base64('llmproxy.gemini~gemini.U0'))).toEqual({ signature: own, redacted: false });
  const odd = base64('llmproxy.no-end');
  expect(decodeClientSignature(odd)).toEqual({ signature: { origin: 'gemini', value: odd }, redacted: false });
});
