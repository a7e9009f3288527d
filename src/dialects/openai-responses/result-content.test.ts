import { describe, expect, test } from 'vitest';
import { resultContent } from './result-content.ts';

const text = { type: 'input_text', text: 't' };
const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };

describe('what a tool returned', () => {
  test.each([[[image]], [[text, image]]])('%j as JSON text is a list of parts', (parts) => {
    expect(resultContent(JSON.stringify(parts))).toEqual(parts);
  });

  test.each([
    'ok',
    '',
    '[1,2]',
    '[]',
    JSON.stringify([text]),
    JSON.stringify(image),
    JSON.stringify([image, 'input_image']),
    JSON.stringify([image, { type: 'other' }]),
    JSON.stringify([image, { type: 'input_text' }]),
    JSON.stringify([{ type: 'input_image', file_id: 'f' }]),
    '["input_image"',
    'read: [{"type":"input_image"}]',
  ])('%s stays the text that it is', (output) => {
    expect(resultContent(output)).toBe(output);
  });

  test('a list of parts stays one', () => {
    const parts = [text, image];
    expect(resultContent(parts)).toBe(parts);
  });

  test('an object is its JSON text, and nothing is an empty one', () => {
    expect(resultContent({ a: 1 })).toBe('{"a":1}');
    expect(resultContent(null)).toBe('');
    expect(resultContent(undefined)).toBe('');
  });
});
