import { describe, expect, test } from 'vitest';
import { decodeContent } from './decode-content.ts';

describe('the data of a file', () => {
  const read = (file: object) => decodeContent([{ type: 'file', file: { ...file } }], 'content');

  test.each([
    ['a data URL says what it is', { file_data: 'data:text/csv;base64,AAAA', filename: 'a.pdf' }, 'text/csv'],
    ['else the client', { file_data: 'AAAA', filename: 'a.pdf', mime_type: 'text/csv' }, 'text/csv'],
    ['else the name', { file_data: 'AAAA', filename: 'b.a.TXT' }, 'text/plain'],
    ['a name that says nothing known', { file_data: 'AAAA', filename: 'a.zzz' }, 'application/octet-stream'],
    ['a name without an extension', { file_data: 'AAAA', filename: 'report' }, 'application/pdf'],
    ['no name', { file_data: 'AAAA' }, 'application/pdf'],
  ])('%s', (_, file, mediaType) => {
    expect(read(file)).toMatchObject([
      { type: 'media', kind: 'file', source: { type: 'base64', mediaType, data: 'AAAA' } },
    ]);
  });

  test('a data URL in another encoding is refused', () => {
    expect(() => read({ file_data: 'data:text/plain,hello' })).toThrow('content[0].file.file_data: must be base64');
  });
});
