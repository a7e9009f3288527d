import { describe, expect, it } from 'vitest';
import type { JsonObject, MediaPart, MediaSource } from '../../ir/index.ts';
import { encodeMedia } from './encode-media.ts';

function write(kind: MediaPart['kind'], source: MediaSource, more: Partial<MediaPart> = {}) {
  const lost: string[] = [];
  const block = encodeMedia({ type: 'media', kind, source, ...more }, 'p', (path, reason) => {
    lost.push(`${path}: ${reason}`);
  });
  return { block, lost };
}

const base64 = (mediaType: string, data = 'eA=='): MediaSource => ({ type: 'base64', mediaType, data });
const wire = (media_type: string, data = 'eA=='): JsonObject => ({ type: 'base64', media_type, data });
const plain = (data: string): JsonObject => ({ type: 'text', media_type: 'text/plain', data });

describe('images', () => {
  it.each<[MediaSource, JsonObject]>([
    [base64('image/png'), wire('image/png')],
    [
      { type: 'url', url: 'https://a.example/x' },
      { type: 'url', url: 'https://a.example/x' },
    ],
    [{ type: 'url', url: 'data:image/gif;base64,R0lG' }, wire('image/gif', 'R0lG')],
    [
      { type: 'file-id', id: 'file_011' },
      { type: 'file', file_id: 'file_011' },
    ],
  ])('%j', (source, expected) => {
    expect(write('image', source)).toStrictEqual({ block: { type: 'image', source: expected }, lost: [] });
  });
});

describe('documents', () => {
  it.each<[MediaSource, JsonObject]>([
    [base64('application/pdf'), wire('application/pdf')],
    [base64('text/csv'), plain('x')],
    [base64('application/json'), plain('x')],
    [base64('application/xml'), plain('x')],
    [base64('text/plain', 'w6Q='), plain('ä')],
    [{ type: 'text', text: 'words' }, plain('words')],
    [
      { type: 'url', url: 'https://a.example/x.pdf' },
      { type: 'url', url: 'https://a.example/x.pdf' },
    ],
    [{ type: 'url', url: 'data:text/html;base64,eA==' }, plain('x')],
    [
      { type: 'file-id', id: 'file_011' },
      { type: 'file', file_id: 'file_011' },
    ],
  ])('%j', (source, expected) => {
    expect(write('file', source)).toStrictEqual({ block: { type: 'document', source: expected }, lost: [] });
  });

  it.each(['image/png', 'image/webp'])('%s is an image, and takes no title', (type) => {
    expect(write('file', base64(type), { title: 't' })).toStrictEqual({
      block: { type: 'image', source: wire(type) },
      lost: [],
    });
  });

  it.each(['application/zip', 'my/text/plain', 'x-image/png', 'application/json5'])('%s has no form', (type) => {
    expect(write('file', base64(type))).toStrictEqual({
      block: undefined,
      lost: [`p: Claude takes documents as PDF or text, not ${type}`],
    });
  });

  it('the title goes before the name of the file', () => {
    const source = base64('application/pdf');
    const block = { type: 'document', source: wire('application/pdf') };
    expect(write('file', source, { title: 't', filename: 'f' }).block).toStrictEqual({ ...block, title: 't' });
    expect(write('file', source, { filename: 'f' }).block).toStrictEqual({ ...block, title: 'f' });
  });
});

it('fields that only Claude knows and the breakpoint stand beside', () => {
  const extensions = { 'anthropic-messages': { context: 'c' }, gemini: { other: 1 } };
  expect(write('file', { type: 'text', text: 'x' }, { extensions, cacheControl: { ttl: '1h' } }).block).toStrictEqual({
    type: 'document',
    source: plain('x'),
    context: 'c',
    cache_control: { type: 'ephemeral', ttl: '1h' },
  });
  expect(write('image', base64('image/png'), { cacheControl: {} }).block).toStrictEqual({
    type: 'image',
    source: wire('image/png'),
    cache_control: { type: 'ephemeral' },
  });
});
