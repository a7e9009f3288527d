/** Content parts -> IR. https://platform.openai.com/docs/api-reference/chat/create */
import { invalidRequest } from '../../errors.ts';
import { readCacheControl } from '../../ir/cache-control.ts';
import type { JsonObject, JsonValue, Part } from '../../ir/index.ts';
import { isJsonArray, parseDataUrl, readObject, readString, requireObjectValue, requireString } from '../../ir/read.ts';
import { audioMediaType, dialectId, fileMediaType } from './wire.ts';

/** A message's `content`: nothing, a string, or an array of parts. An empty string is no part. */
export function decodeContent(value: JsonValue | undefined, path: string): Part[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!isJsonArray(value)) throw invalidRequest(path, 'must be a string or an array of parts');
  return value.map((item, index) => decodePart(item, `${path}[${index}]`));
}

function decodePart(item: JsonValue, path: string): Part {
  // Some clients put bare strings into the array.
  if (typeof item === 'string') return { type: 'text', text: item };
  const part = requireObjectValue(item, path);
  const type = requireString(part, 'type', path);
  switch (type) {
    case 'text':
      return { type: 'text', text: requireString(part, 'text', path), ...readCacheControl(part) };
    case 'refusal':
      return { type: 'refusal', text: requireString(part, 'refusal', path) };
    case 'image_url':
      return decodeUrlPart(part, 'image_url', 'image', path);
    case 'video_url':
      return decodeUrlPart(part, 'video_url', 'video', path);
    case 'input_audio':
      return decodeAudio(part, path);
    case 'file':
      return decodeFile(part, path);
    default:
      return { type: 'opaque', dialect: dialectId, value: part };
  }
}

function decodeUrlPart(part: JsonObject, key: string, kind: 'image' | 'video', path: string): Part {
  const short = part[key];
  // `"image_url": "https://..."` is not in the specification, but common.
  const holder = typeof short === 'string' ? { url: short } : (readObject(part, key, path) ?? {});
  const url = requireString(holder, 'url', `${path}.${key}`);
  const detail = readString(holder, 'detail', `${path}.${key}`);
  const data = parseDataUrl(url);
  return {
    type: 'media',
    kind,
    source: data === undefined ? { type: 'url', url } : { type: 'base64', ...data },
    ...(detail !== undefined && { detail }),
    ...readCacheControl(part),
  };
}

function decodeAudio(part: JsonObject, path: string): Part {
  const audio = readObject(part, 'input_audio', path) ?? {};
  const data = requireString(audio, 'data', `${path}.input_audio`);
  const format = readString(audio, 'format', `${path}.input_audio`) ?? 'wav';
  return {
    type: 'media',
    kind: 'audio',
    source: { type: 'base64', mediaType: audioMediaType(format), data },
    ...readCacheControl(part),
  };
}

function decodeFile(part: JsonObject, path: string): Part {
  const file = readObject(part, 'file', path) ?? {};
  const at = `${path}.file`;
  const filename = readString(file, 'filename', at);
  const id = readString(file, 'file_id', at);
  const data = readString(file, 'file_data', at);
  const common = {
    type: 'media',
    kind: 'file',
    ...(filename !== undefined && { filename }),
    ...readCacheControl(part),
  } as const;
  if (id !== undefined) return { ...common, source: { type: 'file-id', id } };
  if (data === undefined) throw invalidRequest(at, 'needs file_data or file_id');
  if (/^https?:/.test(data)) return { ...common, source: { type: 'url', url: data } };
  return { ...common, source: { type: 'base64', ...(parseDataUrl(data) ?? bareData(file, data, at)) } };
}

function bareData(file: JsonObject, data: string, path: string): { readonly mediaType: string; readonly data: string } {
  if (data.startsWith('data:')) throw invalidRequest(`${path}.file_data`, 'must be base64');
  // Not in the specification, but some clients say it.
  const stated = readString(file, 'mime_type', path);
  return { mediaType: stated ?? fileMediaType(readString(file, 'filename', path)), data };
}
