import type { JsonObject, MediaPart, MediaSource, MutableJsonObject, Warn } from '../../ir/index.ts';
import { parseDataUrl } from '../../ir/read.ts';
import { DIALECT, encodeCacheControl } from './wire.ts';

/** An image or document block; undefined (and a warning) for what Claude cannot take. */
export function encodeMedia(part: MediaPart, path: string, warn: Warn): MutableJsonObject | undefined {
  const block = encodeBlock(part);
  if (typeof block === 'string') {
    warn(path, block);
    return undefined;
  }
  Object.assign(block, part.extensions?.[DIALECT]);
  if (part.cacheControl) block['cache_control'] = encodeCacheControl(part.cacheControl);
  return block;
}

/** The block, or why there is none. */
function encodeBlock(part: MediaPart): MutableJsonObject | string {
  switch (part.kind) {
    case 'audio':
    case 'video':
      return `Claude does not take ${part.kind}`;
    case 'image': {
      const source = encodeBinarySource(part.source);
      return typeof source === 'string' ? source : { type: 'image', source };
    }
    case 'file':
      return encodeFile(part);
  }
}

function encodeFile(part: MediaPart): MutableJsonObject | string {
  const source = encodeFileSource(part.source);
  if (typeof source === 'string') return source;
  const mediaType = source['media_type'];
  if (typeof mediaType === 'string' && mediaType.startsWith('image/')) return { type: 'image', source };
  const title = part.title ?? part.filename;
  return { type: 'document', source, ...(title !== undefined && { title }) };
}

function encodeFileSource(source: MediaSource): JsonObject | string {
  if (source.type === 'text') return textSource(source.text);
  const inline = inlineBytes(source);
  if (inline === undefined) return encodeBinarySource(source);
  const { mediaType, data } = inline;
  if (mediaType === 'application/pdf' || mediaType.startsWith('image/')) return encodeBinarySource(source);
  // Plain text is the only other document form; it is not sent as base64.
  if (isText(mediaType)) return textSource(Buffer.from(data, 'base64').toString('utf8'));
  return `Claude takes documents as PDF or text, not ${mediaType}`;
}

/** The bytes that stand in the request itself. */
function inlineBytes(source: MediaSource): { readonly mediaType: string; readonly data: string } | undefined {
  if (source.type === 'base64') return source;
  return source.type === 'url' ? parseDataUrl(source.url) : undefined;
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || mediaType === 'application/json' || mediaType === 'application/xml';
}

function textSource(data: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data };
}

function encodeBinarySource(source: MediaSource): JsonObject | string {
  switch (source.type) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url': {
      const inline = parseDataUrl(source.url);
      return inline
        ? { type: 'base64', media_type: inline.mediaType, data: inline.data }
        : { type: 'url', url: source.url };
    }
    case 'file-id':
      // Claude's own ids look like file_011C...; those of other providers mean nothing to it.
      return source.id.startsWith('file_')
        ? { type: 'file', file_id: source.id }
        : 'a file stored at another provider is not known to Claude';
    case 'text':
      return 'an image cannot be text';
  }
}
