import { expect, test } from 'vitest';
import { decodeContent } from './content-parts.ts';

test('a file as a data URL in another encoding than base64 is refused', () => {
  const read = (file_data: string) => decodeContent([{ type: 'input_file', file_data, filename: 'a.txt' }], 'content');
  expect(() => read('data:text/plain,hello')).toThrow('content[0].file_data: must be base64');
  const source = { type: 'base64', mediaType: 'text/plain', data: 'AAAA' };
  const part = { type: 'media', kind: 'file', source, filename: 'a.txt' };
  expect(read('AAAA')).toEqual([{ part }]);
  expect(read('data:text/plain;base64,AAAA')).toEqual([{ part }]);
});
