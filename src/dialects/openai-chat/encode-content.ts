import { isVendorFileId } from '../../ir/file-id.ts';
import {
  encodeSignature,
  type JsonObject,
  type MediaPart,
  type Part,
  type TextPart,
  type Warn,
} from '../../ir/index.ts';
import { serverToolText } from '../../ir/server-tool.ts';
import { audioFormat, dialectId } from './wire.ts';

/** A message's parts with the role they stand in and where the client wrote them. */
export interface PartPlace {
  readonly role: string;
  readonly path: string;
}

/** `content` of a message: a bare string where one text says it all, which every server accepts. */
export function compactContent(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  // An empty text beside others says nothing, and some servers refuse it.
  const telling = parts.filter((part) => part['type'] !== 'text' || part['text'] !== '');
  const [only] = telling;
  if (only === undefined) return '';
  const text = only['text'];
  return telling.length === 1 && only['type'] === 'text' && typeof text === 'string' ? text : telling;
}

/** One part that may stand in system, developer, user or assistant content; undefined (and a warning) if it cannot. */
export function encodePart(part: Part, place: PartPlace, warn: Warn): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part);
    case 'media':
      if (place.role === 'user') return encodeMedia(part, place.path, warn);
      warn(place.path, `${part.kind} in a ${place.role} message: Chat Completions takes media from the user only`);
      return undefined;
    case 'refusal':
      return place.role === 'assistant' ? { type: 'refusal', refusal: part.text } : { type: 'text', text: part.text };
    case 'server-tool': {
      const text = serverToolText(part);
      if (text !== undefined) return { type: 'text', text };
      warn(place.path, `this ${part.tool} of ${part.origin} cannot be told in words`);
      return undefined;
    }
    case 'opaque':
      if (part.dialect === dialectId) return part.value;
      if (part.carried === true) return undefined;
      warn(place.path, `an item of ${part.dialect} that Chat Completions does not know`);
      return undefined;
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
      warn(place.path, `${part.type} cannot stand in a ${place.role} message of Chat Completions`);
      return undefined;
  }
}

function encodeText(part: TextPart): JsonObject {
  return { type: 'text', text: part.text };
}

/** An image, audio, video or file as a user content part. */
export function encodeMedia(part: MediaPart, path: string, warn: Warn): JsonObject | undefined {
  const { kind, source } = part;
  if (source.type === 'text') return { type: 'text', text: source.text };
  switch (kind) {
    case 'image':
    case 'video': {
      const key = kind === 'image' ? 'image_url' : 'video_url';
      if (source.type === 'file-id') break;
      const url = source.type === 'url' ? source.url : dataUrl(source.mediaType, source.data);
      // Only the Responses API knows `original`.
      const detail = part.detail === 'original' ? 'high' : part.detail;
      return { type: key, [key]: { url, ...(detail !== undefined && { detail }) } };
    }
    case 'audio':
      if (source.type !== 'base64') break;
      return { type: 'input_audio', input_audio: { data: source.data, format: audioFormat(source.mediaType) } };
    case 'file':
      return encodeFile(part, path, warn);
  }
  warn(
    path,
    `${kind} by ${source.type}: Chat Completions takes it only ${kind === 'audio' ? 'inline' : 'inline or by URL'}`,
  );
  return undefined;
}

function encodeFile(part: MediaPart, path: string, warn: Warn): JsonObject | undefined {
  const { source } = part;
  const filename = part.filename ?? part.title;
  switch (source.type) {
    case 'file-id':
      if (isVendorFileId(source.id)) {
        warn(path, 'a file stored at another provider cannot be opened here');
        return undefined;
      }
      return {
        type: 'file',
        file: { file_id: source.id, ...(part.filename !== undefined && { filename: part.filename }) },
      };
    case 'base64':
      return {
        type: 'file',
        file: { ...(filename !== undefined && { filename }), file_data: dataUrl(source.mediaType, source.data) },
      };
    case 'url':
    case 'text':
      warn(path, 'a file by URL: Chat Completions takes files only inline or by file id');
      return undefined;
  }
}

/** Base64 bytes as a `data:` URL. */
export function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** The signature this endpoint itself made, for its way back; another dialect's stays here. */
export function ownSignature(part: {
  readonly signature?: { readonly origin: string; readonly value: string };
}): string | undefined {
  const { signature } = part;
  return signature?.origin === dialectId ? encodeSignature(signature, dialectId) : undefined;
}
