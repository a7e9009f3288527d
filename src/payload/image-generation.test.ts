import { expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { withoutImageGeneration } from './image-generation.ts';

const image = { type: 'image_generation', size: 'auto' };
const other = { type: 'web_search' };

it.each<[JsonObject, JsonObject]>([
  [
    { tools: [other, image, other], x: 1 },
    { tools: [other, other], x: 1 },
  ],
  [
    { a: 1, tools: [image], tool_choice: 'auto', b: 2 },
    { a: 1, b: 2 },
  ],
  [{ tools: [image] }, {}],
  [{ tools: [other], tool_choice: 'image_generation' }, { tools: [other] }],
  [{ tools: [other], tool_choice: { type: 'image_generation' } }, { tools: [other] }],
  [{ tools: [other], tool_choice: { type: 'tool', name: 'image_generation' } }, { tools: [other] }],
  [{ tool_choice: { type: 'image_generation' } }, {}],
])('%j becomes %j', (body, expected) => {
  const after = withoutImageGeneration(body);
  expect(JSON.stringify(after)).toBe(JSON.stringify(expected));
});

it.each<[JsonObject]>([
  [{}],
  [{ tools: [] }],
  [{ tools: 'image_generation' }],
  [{ tools: [other, 'image_generation', null], tool_choice: 'auto' }],
  [{ tool_choice: { type: 'function', name: 'image_generation' } }],
  [{ tool_choice: null }],
])('%j stays', (body) => {
  expect(withoutImageGeneration(body)).toBe(body);
});
