import { type DialectId, isJsonObject, type JsonObject, type MutableJsonObject } from '../../ir/index.ts';
import type { ExtraContent } from './wire-types.ts';

/** This dialect's id, also the carrier and origin of signatures. */
export const dialectId: DialectId = 'openai-chat';

/** A copy without the keys whose value is undefined. */
export function defined(object: JsonObject): MutableJsonObject {
  const result: MutableJsonObject = {};
  for (const [key, value] of Object.entries(object)) if (value !== undefined) result[key] = value;
  return result;
}

/** Extension fields without those that another part of the body already says. */
export function omit(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
}

const audioTypes: ReadonlyMap<string, string> = new Map([
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mpeg'],
  ['ogg', 'audio/ogg'],
  ['flac', 'audio/flac'],
  ['aac', 'audio/aac'],
  ['webm', 'audio/webm'],
  ['pcm16', 'audio/pcm'],
]);
const audioFormats: ReadonlyMap<string, string> = new Map([
  ...[...audioTypes].map(([format, type]) => [type, format] as const),
  ['audio/x-wav', 'wav'],
  ['audio/mp3', 'mp3'],
]);

/** `input_audio.format` -> media type. */
export function audioMediaType(format: string): string {
  return audioTypes.get(format) ?? `audio/${format}`;
}

/** Media type -> `input_audio.format`. */
export function audioFormat(mediaType: string): string {
  return audioFormats.get(mediaType) ?? mediaType.replace(/^audio\//, '');
}

const fileTypes: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['json', 'application/json'],
]);

/** The media type a bare `file_data` has by its file name; PDF, which the API documents, when that has no extension. */
export function fileMediaType(filename = ''): string {
  const dot = filename.lastIndexOf('.');
  if (dot < 0) return 'application/pdf';
  return fileTypes.get(filename.slice(dot + 1).toLowerCase()) ?? 'application/octet-stream';
}

/** The signature that Gemini's OpenAI-compatible endpoint hangs on tool calls and messages. */
export function readThoughtSignature(holder: JsonObject): string | undefined {
  const extra = holder['extra_content'];
  const google = isJsonObject(extra) ? extra['google'] : undefined;
  const signature = isJsonObject(google) ? google['thought_signature'] : undefined;
  return typeof signature === 'string' && signature !== '' ? signature : undefined;
}

/** What {@link readThoughtSignature} reads. */
export function thoughtSignature(value: string): ExtraContent {
  return { google: { thought_signature: value } };
}
