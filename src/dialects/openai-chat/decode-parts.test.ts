import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue, Part } from '../../ir/index.ts';
import { decodeContent } from './decode-content.ts';

const cache = { cache_control: { type: 'ephemeral' } };

describe('content', () => {
  test.each<[JsonValue | undefined, Part[]]>([
    [undefined, []],
    [null, []],
    ['', []],
    [[], []],
    ['a', [{ type: 'text', text: 'a' }]],
    [
      ['a', ''],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: '' },
      ],
    ],
  ])('%j', (value, parts) => {
    expect(decodeContent(value, 'content')).toStrictEqual(parts);
  });
});

describe('parts', () => {
  const url = 'https://example.com/x';
  const source = { type: 'url', url } as const;
  const base64 = (mediaType: string): object => ({ type: 'base64', mediaType, data: 'AAAA' });

  test.each<[JsonObject, object]>([
    [
      { type: 'text', text: '' },
      { type: 'text', text: '' },
    ],
    [
      { type: 'text', text: 'a', ...cache },
      { type: 'text', text: 'a', cacheControl: {} },
    ],
    [
      { type: 'refusal', refusal: 'no' },
      { type: 'refusal', text: 'no' },
    ],
    [
      { type: 'image_url', image_url: url },
      { type: 'media', kind: 'image', source },
    ],
    [
      { type: 'image_url', image_url: { url, detail: 'low' }, ...cache },
      { type: 'media', kind: 'image', source, detail: 'low', cacheControl: {} },
    ],
    [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'media', kind: 'image', source: base64('image/png') },
    ],
    [
      { type: 'video_url', video_url: { url } },
      { type: 'media', kind: 'video', source },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' }, ...cache },
      { type: 'media', kind: 'audio', source: base64('audio/mpeg'), cacheControl: {} },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA' } },
      { type: 'media', kind: 'audio', source: base64('audio/wav') },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'opus' } },
      { type: 'media', kind: 'audio', source: base64('audio/opus') },
    ],
    [
      { type: 'file', file: { file_id: 'file-1', file_data: 'AAAA', filename: 'a.pdf' }, ...cache },
      {
        type: 'media',
        kind: 'file',
        filename: 'a.pdf',
        cacheControl: {},
        source: { type: 'file-id', id: 'file-1' },
      },
    ],
    [
      { type: 'file', file: { file_data: url } },
      { type: 'media', kind: 'file', source },
    ],
    [
      { type: 'file', file: { file_data: 'http://example.com' } },
      { type: 'media', kind: 'file', source: { type: 'url', url: 'http://example.com' } },
    ],
    [
      { type: 'file', file: { file_data: 'https' } },
      { type: 'media', kind: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'https' } },
    ],
    [
      { type: 'file', file: { file_data: 'xhttp:' } },
      { type: 'media', kind: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'xhttp:' } },
    ],
    [
      { type: 'file', file: { file_data: 'data:text/csv;base64,AAAA' } },
      { type: 'media', kind: 'file', source: base64('text/csv') },
    ],
    [
      { type: 'new', a: 1 },
      { type: 'opaque', dialect: 'openai-chat', value: { type: 'new', a: 1 } },
    ],
  ])('%j', (wire, part) => {
    expect(decodeContent([wire], 'content')).toStrictEqual([part]);
  });

  const missing = 'is required and must be a string';
  test.each<[JsonValue, string]>([
    [{}, 'content: must be a string or an array of parts'],
    [['a', 1], 'content[1]: must be an object'],
    [[{}], `content[0].type: ${missing}`],
    [[{ type: 'text' }], `content[0].text: ${missing}`],
    [[{ type: 'refusal' }], `content[0].refusal: ${missing}`],
    [[{ type: 'image_url' }], `content[0].image_url.url: ${missing}`],
    [[{ type: 'image_url', image_url: 1 }], 'content[0].image_url: must be an object'],
    [[{ type: 'image_url', image_url: { url: 'x', detail: 1 } }], 'content[0].image_url.detail: must be a string'],
    [[{ type: 'video_url', video_url: {} }], `content[0].video_url.url: ${missing}`],
    [[{ type: 'input_audio' }], `content[0].input_audio.data: ${missing}`],
    [[{ type: 'input_audio', input_audio: 1 }], 'content[0].input_audio: must be an object'],
    [
      [{ type: 'input_audio', input_audio: { data: 'x', format: 1 } }],
      'content[0].input_audio.format: must be a string',
    ],
    [[{ type: 'file' }], 'content[0].file: needs file_data or file_id'],
    [[{ type: 'file', file: 1 }], 'content[0].file: must be an object'],
    [[{ type: 'file', file: { filename: 1 } }], 'content[0].file.filename: must be a string'],
    [[{ type: 'file', file: { file_id: 1 } }], 'content[0].file.file_id: must be a string'],
    [[{ type: 'file', file: { file_data: 1 } }], 'content[0].file.file_data: must be a string'],
    [[{ type: 'file', file: { file_data: 'A', mime_type: 1 } }], 'content[0].file.mime_type: must be a string'],
  ])('%j is refused', (value, message) => {
    expect(() => decodeContent(value, 'content')).toThrow(
      expect.objectContaining({ code: 'invalid_request', message }),
    );
  });
});
