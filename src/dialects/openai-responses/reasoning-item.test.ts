import { expect, test } from 'vitest';
import { decryptContent, encryptCarried, encryptReasoning } from './reasoning-item.ts';

const own = { origin: 'openai-responses', value: 'gAAAA', maker: 'openai~0123abcd' };
const foreign = { origin: 'gemini', value: 'U0.x', maker: 'gemini' };
const tag = 'llmproxy.gemini~gemini.';

test('an own signature goes bare, whatever it belongs to', () => {
  expect(encryptReasoning(own, false)).toBe('gAAAA');
  expect(encryptReasoning(own, true)).toBe('gAAAA');
  expect(encryptCarried(own, 'call_1')).toBe('gAAAA');
  const signature = { origin: 'openai-responses', value: 'gAAAA' };
  expect(decryptContent('gAAAA')).toStrictEqual({ type: 'reasoning', signature, redacted: false });
});

test('another’s reasoning, shown or withheld', () => {
  expect(encryptReasoning(foreign, false)).toBe(`${tag}U0.x`);
  expect(decryptContent(`${tag}U0.x`)).toStrictEqual({ type: 'reasoning', signature: foreign, redacted: false });
  expect(encryptReasoning(foreign, true)).toBe(`${tag}redacted:U0.x`);
  expect(decryptContent(`${tag}redacted:U0.x`)).toStrictEqual({
    type: 'reasoning',
    signature: foreign,
    redacted: true,
  });
});

test('signatures of texts and calls', () => {
  expect(encryptCarried(foreign, undefined)).toBe(`${tag}text:U0.x`);
  expect(decryptContent(`${tag}text:U0.x`)).toStrictEqual({ type: 'carrier', signature: foreign });
  expect(encryptCarried(foreign, 'c:1')).toBe(`${tag}call:3:c:1U0.x`);
  expect(decryptContent(`${tag}call:3:c:1U0.x`)).toStrictEqual({ type: 'carrier', signature: foreign, callId: 'c:1' });
});

test('tags without a maker are still read', () => {
  const signature = { origin: 'gemini', value: 'U0' };
  expect(decryptContent('llmproxy.gemini.U0')).toStrictEqual({ type: 'reasoning', signature, redacted: false });
  expect(decryptContent('llmproxy.gemini.text:U0')).toStrictEqual({ type: 'carrier', signature });
});
