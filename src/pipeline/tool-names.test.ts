import { expect, test } from 'vitest';
import { gemini } from '../dialects/gemini/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { emptyUsage, type GenerationRequest, type GenerationResponse } from '../ir/index.ts';
import { renamedTools, restoreEvent, restoreResponse } from './tool-names.ts';

const asked = (...names: string[]): GenerationRequest => {
  const tools = names.map((name) => ({ type: 'function', function: { name } }));
  return openaiChat.decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'q' }], tools }, { model: 'm' });
};
const answer = (...names: string[]): GenerationResponse => ({
  id: 'r',
  model: 'm',
  candidates: [
    {
      content: [
        { type: 'text', text: 'a b' },
        ...names.map((name) => ({ type: 'tool-call', id: name, name, kind: 'function', arguments: '{}' }) as const),
      ],
      finishReason: 'tool-calls',
    },
  ],
  usage: emptyUsage,
  extensions: {},
});

test('a name that was replaced for Gemini comes back as the client’s own', () => {
  const names = renamedTools(gemini, asked('a b', 'a_b', 'plain')) ?? new Map();
  expect([...names]).toEqual([['a_b_2', 'a b']]);
  const { candidates } = restoreResponse(answer('a_b_2', 'a_b', 'plain'), names);
  expect(candidates).toEqual([
    {
      content: [
        { type: 'text', text: 'a b' },
        { type: 'tool-call', id: 'a_b_2', name: 'a b', kind: 'function', arguments: '{}' },
        { type: 'tool-call', id: 'a_b', name: 'a_b', kind: 'function', arguments: '{}' },
        { type: 'tool-call', id: 'plain', name: 'plain', kind: 'function', arguments: '{}' },
      ],
      finishReason: 'tool-calls',
    },
  ]);
  const start = { type: 'tool-call-start', block: 0, candidate: 0, id: '1', kind: 'function' } as const;
  expect(restoreEvent({ ...start, name: 'a_b_2' }, names)).toEqual({ ...start, name: 'a b' });
  const plain = { ...start, name: 'plain' };
  expect(restoreEvent(plain, names)).toBe(plain);
  const delta = { type: 'text-delta', block: 0, text: 'a_b_2' } as const;
  expect(restoreEvent(delta, names)).toBe(delta);
});

test('names that the upstream takes are nobody’s work', () => {
  expect(renamedTools(gemini, asked('a_b'))).toBeUndefined();
  expect(renamedTools(gemini, asked())).toBeUndefined();
});
