import { describe, expect, it } from 'vitest';
import type { JsonObject, MediaPart, MediaSource } from '../../ir/index.ts';
import { decodeMedia, encodeMedia } from './media.ts';

describe('reading', () => {
  const file = (fileUri: string, mimeType?: string) =>
    decodeMedia({ fileData: { fileUri, ...(mimeType === undefined ? {} : { mimeType }) } });

  it.each<[string, MediaPart['kind']]>([
    ['image/png', 'image'],
    ['audio/wav', 'audio'],
    ['video/mp4', 'video'],
    ['application/pdf', 'file'],
    ['images/x', 'file'],
    ['image', 'file'],
  ])('%s is of kind %s', (mimeType, kind) => {
    expect(decodeMedia({ inlineData: { mimeType, data: 'AA==' } })).toStrictEqual({
      type: 'media',
      kind,
      source: { type: 'base64', mediaType: mimeType, data: 'AA==' },
    });
  });

  it('bytes without a type are a file of bytes', () => {
    expect(decodeMedia({ inlineData: { data: 'AA' } })).toStrictEqual({
      type: 'media',
      kind: 'file',
      source: { type: 'base64', mediaType: 'application/octet-stream', data: 'AA' },
    });
  });

  it.each([
    ['a-b_c-_', 'a+b/c+/'],
    ['a+b/c', 'a+b/c'],
    ['a_b', 'a/b'],
    ['a-b', 'a+b'],
  ])('the alphabet for URLs becomes the standard one: %s', (data, expected) => {
    expect(decodeMedia({ inlineData: { mimeType: 'image/png', data } })?.source).toEqual({
      type: 'base64',
      mediaType: 'image/png',
      data: expected,
    });
  });

  it.each<[string, MediaSource, MediaPart['kind']]>([
    [
      'https://a.test/x.PNG?v=1.2#f',
      { type: 'url', url: 'https://a.test/x.PNG?v=1.2#f', mediaType: 'image/png' },
      'image',
    ],
    ['http://a.test/x.webm', { type: 'url', url: 'http://a.test/x.webm', mediaType: 'video/webm' }, 'video'],
    ['https://a.test/x.m4a', { type: 'url', url: 'https://a.test/x.m4a', mediaType: 'audio/mp4' }, 'audio'],
    ['https://a.test/x.unknown', { type: 'url', url: 'https://a.test/x.unknown' }, 'file'],
    ['gs://bucket/x.pdf', { type: 'file-id', id: 'gs://bucket/x.pdf', mediaType: 'application/pdf' }, 'file'],
    ['files/abc', { type: 'file-id', id: 'files/abc' }, 'file'],
    ['xhttps://a.test/x.gif', { type: 'file-id', id: 'xhttps://a.test/x.gif', mediaType: 'image/gif' }, 'image'],
    [
      'https://generativelanguage.googleapis.com/v1beta/files/abc',
      { type: 'file-id', id: 'https://generativelanguage.googleapis.com/v1beta/files/abc' },
      'file',
    ],
    [
      'https://generativelanguage.googleapis.com/v1/files/abc',
      { type: 'file-id', id: 'https://generativelanguage.googleapis.com/v1/files/abc' },
      'file',
    ],
    [
      'https://generativelanguage.googleapis.com/other/files/abc',
      { type: 'url', url: 'https://generativelanguage.googleapis.com/other/files/abc' },
      'file',
    ],
    [
      'https://a.test/https://generativelanguage.googleapis.com/v1/files/abc',
      { type: 'url', url: 'https://a.test/https://generativelanguage.googleapis.com/v1/files/abc' },
      'file',
    ],
  ])('%s', (uri, source, kind) => expect(file(uri)).toStrictEqual({ type: 'media', kind, source }));

  it('the type that is given wins over the name of the file', () => {
    expect(file('https://a.test/x.png', 'video/mp4')).toStrictEqual({
      type: 'media',
      kind: 'video',
      source: { type: 'url', url: 'https://a.test/x.png', mediaType: 'video/mp4' },
    });
  });

  it('has a name and a resolution where they are given', () => {
    const blob = { mimeType: 'image/png', data: 'AA==', displayName: 'n.png' };
    expect(decodeMedia({ inlineData: blob, mediaResolution: { level: 'LOW' } })).toStrictEqual({
      type: 'media',
      kind: 'image',
      source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
      filename: 'n.png',
      extensions: { gemini: { mediaResolution: { level: 'LOW' } } },
    });
  });

  it.each<[JsonObject]>([
    [{}],
    [{ inlineData: 'x' }],
    [{ inlineData: { mimeType: 'image/png' } }],
    [{ fileData: { mimeType: 'image/png' } }],
  ])('%j is not readable', (part) => expect(decodeMedia(part)).toBeUndefined());
});

describe('writing', () => {
  const encode = (source: MediaSource, kind: MediaPart['kind'] = 'image') =>
    encodeMedia({ type: 'media', kind, source });
  const file = (fileUri: string, mimeType: string) => ({ fileData: { mimeType, fileUri } });

  it.each([
    ['png', 'image/png'],
    ['jpg', 'image/jpeg'],
    ['jpeg', 'image/jpeg'],
    ['mp3', 'audio/mpeg'],
    ['mov', 'video/quicktime'],
    ['csv', 'text/csv'],
  ])('a URL that ends in .%s is %s', (ending, mimeType) => {
    const url = `https://a.test/b.c/x.${ending}`;
    expect(encode({ type: 'url', url })).toEqual(file(url, mimeType));
  });

  it.each<[MediaPart['kind'], string]>([
    ['image', 'image/jpeg'],
    ['audio', 'audio/mpeg'],
    ['video', 'video/mp4'],
    ['file', 'application/pdf'],
  ])('%s of a type that nobody names is %s', (kind, mimeType) => {
    expect(encode({ type: 'url', url: 'https://a.test/x' }, kind)).toEqual(file('https://a.test/x', mimeType));
    expect(encode({ type: 'file-id', id: 'files/1' }, kind)).toEqual(file('files/1', mimeType));
  });

  it.each<[MediaSource, unknown]>([
    [{ type: 'url', url: 'https://a.test/x.png', mediaType: 'image/gif' }, file('https://a.test/x.png', 'image/gif')],
    [{ type: 'url', url: 'https://a.test/x?a=y.png' }, file('https://a.test/x?a=y.png', 'image/jpeg')],
    [{ type: 'url', url: 'https://a.test/x.gif?a\nb.png' }, file('https://a.test/x.gif?a\nb.png', 'image/gif')],
    [{ type: 'url', url: 'data:image/gif;base64,AA==' }, { inlineData: { mimeType: 'image/gif', data: 'AA==' } }],
    [{ type: 'url', url: 'data:text/plain,hi' }, 'Gemini takes only base64 data URLs'],
    [{ type: 'file-id', id: 'gs://b/x', mediaType: 'image/png' }, file('gs://b/x', 'image/png')],
    [{ type: 'file-id', id: 'https://a.test/f' }, file('https://a.test/f', 'image/jpeg')],
    [{ type: 'file-id', id: 'file-abc' }, 'a file id of another provider means nothing to Gemini'],
    [{ type: 'file-id', id: 'x/files/1' }, 'a file id of another provider means nothing to Gemini'],
    [{ type: 'text', text: 'plain' }, { text: 'plain' }],
  ])('%j', (source, expected) => expect(encode(source)).toEqual(expected));
});
