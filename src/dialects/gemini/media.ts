import type { Extensions, JsonObject, MediaPart, MediaSource } from '../../ir/index.ts';
import { parseDataUrl } from '../../ir/read.ts';
import { DIALECT, objectOf, stringOf } from './wire.ts';
import type { FileData, InlineData, TextPart } from './wire-types.ts';

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['mp3', 'audio/mpeg'],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['ogg', 'audio/ogg'],
  ['m4a', 'audio/mp4'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
  ['mov', 'video/quicktime'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['json', 'application/json'],
]);

/** What Gemini is told when neither the client nor the URL names a media type; the field is required. */
const FALLBACK: Readonly<Record<MediaPart['kind'], string>> = {
  image: 'image/jpeg',
  audio: 'audio/mpeg',
  video: 'video/mp4',
  file: 'application/pdf',
};

const FILES_API = /^https:\/\/generativelanguage\.googleapis\.com\/v\d[a-z0-9]*\/files\//;

function kindOf(mediaType: string): MediaPart['kind'] {
  const family = mediaType.slice(0, mediaType.indexOf('/'));
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file';
}

function guessMediaType(url: string): string | undefined {
  const path = url.replace(/[?#].*$/s, '');
  return MEDIA_TYPES.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}

/** `inlineData` or `fileData` of a part; undefined when neither is there or it is not readable. */
export function decodeMedia(part: JsonObject): MediaPart | undefined {
  const inline = objectOf(part, 'inlineData');
  const blob = inline ?? objectOf(part, 'fileData');
  if (blob === undefined) return undefined;
  const source = inline === undefined ? decodeFileData(blob) : decodeInlineData(inline);
  if (source === undefined) return undefined;
  const filename = stringOf(blob, 'displayName');
  return {
    type: 'media',
    kind: kindOf(stringOf(blob, 'mimeType') ?? source.mediaType ?? ''),
    source,
    ...(filename === undefined ? {} : { filename }),
    ...decodeResolution(part),
  };
}

function decodeResolution(part: JsonObject): { readonly extensions?: Extensions } {
  const mediaResolution = part['mediaResolution'];
  return mediaResolution === undefined ? {} : { extensions: { [DIALECT]: { mediaResolution } } };
}

function decodeInlineData(blob: JsonObject): MediaSource | undefined {
  const data = stringOf(blob, 'data');
  if (data === undefined) return undefined;
  // Google's Python SDK writes the URL-safe alphabet; the other dialects know only the standard one.
  const standard = /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data;
  return { type: 'base64', mediaType: stringOf(blob, 'mimeType') ?? 'application/octet-stream', data: standard };
}

function decodeFileData(file: JsonObject): MediaSource | undefined {
  const uri = stringOf(file, 'fileUri');
  if (uri === undefined) return undefined;
  const mediaType = stringOf(file, 'mimeType') ?? guessMediaType(uri);
  const known = mediaType === undefined ? {} : { mediaType };
  // Files API and Cloud Storage URIs open only with Google's credentials: to others they are ids, not URLs.
  const isUrl = /^https?:/.test(uri) && !FILES_API.test(uri);
  return isUrl ? { type: 'url', url: uri, ...known } : { type: 'file-id', id: uri, ...known };
}

/** The part for a medium: `inlineData`, `fileData` or `text`; a reason in words when Gemini cannot take it. */
export function encodeMedia(part: MediaPart): InlineData | FileData | TextPart | string {
  const { source, kind } = part;
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'url':
      return encodeUrl(source.url, source.mediaType, kind);
    case 'file-id':
      if (!/^(files\/|gs:\/\/|https:\/\/)/.test(source.id))
        return 'a file id of another provider means nothing to Gemini';
      return { fileData: { mimeType: source.mediaType ?? FALLBACK[kind], fileUri: source.id } };
    case 'text':
      return { text: source.text };
  }
}

function encodeUrl(
  url: string,
  mediaType: string | undefined,
  kind: MediaPart['kind'],
): InlineData | FileData | string {
  const inline = parseDataUrl(url);
  if (inline !== undefined) return { inlineData: { mimeType: inline.mediaType, data: inline.data } };
  if (url.startsWith('data:')) return 'Gemini takes only base64 data URLs';
  return { fileData: { mimeType: mediaType ?? guessMediaType(url) ?? FALLBACK[kind], fileUri: url } };
}
