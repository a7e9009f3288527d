import { expect, test } from 'vitest';
import { scanObject } from '../json-splice.ts';
import { needsOf } from './request-needs.ts';

const needs = (body: object, stream = false): object => {
  const scanned = scanObject(Buffer.from(JSON.stringify(body)));
  if (scanned === undefined) throw new Error('no JSON object');
  return needsOf({ body: scanned, stream });
};

test.each<[object, object]>([
  [{ input: 'x'.repeat(388) }, { tools: false, vision: false, inputTokens: 100 }],
  [{ tools: [] }, { tools: false }],
  [{ tools: [{ name: 'f' }] }, { tools: true }],
  [{ messages: [{ content: [{ type: 'image', source: {} }] }] }, { vision: true, inputTokens: 0 }],
  [{ messages: [{ content: [{ type: 'image_url', image_url: {} }] }] }, { vision: true }],
  [{ input: [{ content: [{ type: 'input_image' }] }] }, { vision: true }],
  [{ contents: [{ parts: [{ inlineData: {} }] }] }, { vision: true }],
  [{ messages: [{ content: 'an image in words' }] }, { vision: false }],
])('%j needs %j', (body, expected) => {
  expect(needs(body)).toMatchObject({ stream: false, ...expected });
});

test('a stream is a need', () => {
  expect(needs({}, true)).toMatchObject({ stream: true });
});
