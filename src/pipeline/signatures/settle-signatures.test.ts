import { expect, test } from 'vitest';
import type { GenerationRequest, Part } from '../../ir/index.ts';
import { holdsSignatures, withoutSignatures } from './settle-signatures.ts';

const sign = (value: string, origin = 'd') => ({ origin, value });
const request = (...content: Part[]): GenerationRequest => ({
  model: 'm',
  stream: false,
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'q', signature: sign('s') }], path: 'messages[0]' },
    { role: 'assistant', content, path: 'messages[1]' },
  ],
  tools: [],
  sampling: {},
  extensions: {},
});
const thought: Part = { type: 'reasoning', text: 't', summary: false, redacted: false, signature: sign('s') };
const call: Part = { type: 'tool-call', id: '1', name: 'f', kind: 'function', arguments: '{}', signature: sign('c') };

test('foreign signatures are marked on reasoning and removed from other parts, and each is named', () => {
  const before = request(thought, call);
  const settled = withoutSignatures(before, 'd', () => true, 'why');
  expect(settled.request.messages[1]?.content).toEqual([
    { ...thought, signature: { origin: 'elsewhere', value: 's' } },
    { type: 'tool-call', id: '1', name: 'f', kind: 'function', arguments: '{}' },
  ]);
  expect(settled.warnings).toEqual([
    { path: 'messages[1].content[0]', reason: 'why' },
    { path: 'messages[1].content[1]', reason: 'why' },
  ]);
  expect(settled.request.messages[0]).toBe(before.messages[0]);
});

test('only those that are foreign, and only of this dialect', () => {
  const other: Part = { type: 'text', text: 'x', signature: sign('o', 'other') };
  const before = request(thought, call, other);
  const settled = withoutSignatures(before, 'd', ({ value }) => value === 'c', 'why');
  expect(settled.request.messages[1]?.content[0]).toBe(thought);
  expect(settled.request.messages[1]?.content[2]).toBe(other);
  expect(settled.warnings).toEqual([{ path: 'messages[1].content[1]', reason: 'why' }]);
});

test('a request without any is the very same', () => {
  const before = request(thought, { type: 'text', text: 'x' });
  expect(withoutSignatures(before, 'd', () => false, 'why')).toEqual({ request: before, warnings: [] });
  expect(withoutSignatures(before, 'd', () => false, 'why').request).toBe(before);
  expect(withoutSignatures(before, 'other', () => true, 'why').request).toBe(before);
});

test('knows whether the assistant’s turns hold signatures of a dialect', () => {
  expect(holdsSignatures(request(thought).messages, 'd')).toBe(true);
  expect(holdsSignatures(request(thought).messages, 'other')).toBe(false);
  expect(holdsSignatures(request({ type: 'text', text: 'x' }).messages, 'd')).toBe(false);
});
