/** Content parts of messages and tool outputs: `input_text`, `output_text`, `input_image`, `input_file`, ... */
import { invalidRequest } from '../../errors.ts';
import { readCacheControl } from '../../ir/cache-control.ts';
import { isVendorFileId } from '../../ir/file-id.ts';
import type { RefusalPart, TextPart } from '../../ir/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, type MediaPart, type OpaquePart } from '../../ir/index.ts';
import {
  field,
  isJsonArray,
  parseDataUrl,
  readString,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { decodeAnnotations, encodeAnnotations } from './annotations.ts';
import { DIALECT, NOTE, withoutAbsent } from './wire.ts';

/** What a content list can hold. */
export type ContentPart = TextPart | MediaPart | RefusalPart | OpaquePart;

/** A part with the wire fields that the IR has no place for. */
export interface DecodedPart {
  readonly part: ContentPart;
  readonly extra?: JsonObject;
}

const known = {
  text: new Set(['type', 'text', 'annotations']),
  refusal: new Set(['type', 'refusal']),
  image: new Set(['type', 'image_url', 'file_id', 'detail']),
  file: new Set(['type', 'file_data', 'file_url', 'file_id', 'filename']),
  audio: new Set(['type', 'input_audio']),
};

/** A message's `content` or a tool's `output`: text, or a list of parts. */
export function decodeContent(value: JsonValue | undefined, path: string): readonly DecodedPart[] {
  if (typeof value === 'string') return [{ part: { type: 'text', text: value } }];
  if (!isJsonArray(value)) throw invalidRequest(path, 'must be a string or an array of content parts');
  return value.map((item, index) => decodePart(requireObjectValue(item, `${path}[${index}]`), `${path}[${index}]`));
}

function decodePart(wire: JsonObject, path: string): DecodedPart {
  switch (wire['type']) {
    case 'input_text':
    case 'output_text':
    case 'summary_text':
    case 'reasoning_text':
    case 'text':
      return withExtra(decodeText(wire, path), wire, known.text);
    case 'refusal':
      return withExtra({ type: 'refusal', text: requireString(wire, 'refusal', path) }, wire, known.refusal);
    case 'input_image':
      return withExtra(decodeImage(wire, path), wire, known.image);
    case 'input_file':
      return withExtra(decodeFile(wire, path), wire, known.file);
    case 'input_audio':
      return withExtra(decodeAudio(wire, path), wire, known.audio);
    default:
      requireString(wire, 'type', path);
      return { part: { type: 'opaque', dialect: DIALECT, value: { [NOTE.part]: wire } } };
  }
}

function withExtra(bare: ContentPart, wire: JsonObject, fields: ReadonlySet<string>): DecodedPart {
  const extra = unknownFields(wire, fields);
  const cached = extra !== undefined && (bare.type === 'text' || bare.type === 'media');
  const part = cached ? { ...bare, ...readCacheControl(wire) } : bare;
  return extra === undefined ? { part } : { part, extra };
}

function decodeText(wire: JsonObject, path: string): TextPart {
  const citations = decodeAnnotations(wire['annotations']);
  return { type: 'text', text: requireString(wire, 'text', path), ...(citations && { citations }) };
}

function decodeImage(wire: JsonObject, path: string): MediaPart {
  const image = field(wire, 'image_url');
  // The Chat spelling, an object with `url`, is accepted because clients mix the two up.
  const url = isJsonObject(image)
    ? requireString(image, 'url', `${path}.image_url`)
    : readString(wire, 'image_url', path);
  const detail = readString(wire, 'detail', path);
  return {
    type: 'media',
    kind: 'image',
    source: decodeSource(url, wire, path, 'image_url'),
    ...(detail ? { detail } : {}),
  };
}

function decodeSource(url: string | undefined, wire: JsonObject, path: string, name: string): MediaPart['source'] {
  if (url !== undefined) {
    const inline = parseDataUrl(url);
    return inline === undefined ? { type: 'url', url } : { type: 'base64', ...inline };
  }
  const id = readString(wire, 'file_id', path);
  if (id === undefined) throw invalidRequest(path, `needs ${name} or file_id`);
  return { type: 'file-id', id };
}

function decodeFile(wire: JsonObject, path: string): MediaPart {
  const data = readString(wire, 'file_data', path);
  const filename = readString(wire, 'filename', path);
  const named = filename === undefined ? {} : { filename };
  if (data !== undefined) {
    const inline = parseDataUrl(data) ?? { mediaType: mediaTypeOf(filename), data };
    if (inline.data.startsWith('data:')) throw invalidRequest(`${path}.file_data`, 'must be base64');
    return { type: 'media', kind: 'file', source: { type: 'base64', ...inline }, ...named };
  }
  const url = readString(wire, 'file_url', path);
  const source = decodeSource(url, wire, path, 'file_data, file_url');
  return { type: 'media', kind: 'file', source, ...named };
}

// `file_data` may be bare base64; then only the name tells the kind of file.
function mediaTypeOf(filename: string | undefined): string {
  const extension = filename?.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  if (extension === 'pdf') return 'application/pdf';
  return extension === 'txt' || extension === 'md' ? 'text/plain' : 'application/octet-stream';
}

function decodeAudio(wire: JsonObject, path: string): MediaPart {
  const audio = requireObjectValue(field(wire, 'input_audio'), `${path}.input_audio`);
  const format = readString(audio, 'format', `${path}.input_audio`) ?? 'wav';
  const data = requireString(audio, 'data', `${path}.input_audio`);
  const mediaType = `audio/${format === 'mp3' ? 'mpeg' : format}`;
  return { type: 'media', kind: 'audio', source: { type: 'base64', mediaType, data } };
}

/** A part as input content; a string is the reason why there is none. */
export function encodeInputPart(part: ContentPart): JsonObject | string {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'refusal':
      return { type: 'input_text', text: part.text };
    case 'media':
      return encodeMedia(part);
    case 'opaque':
      return encodeOpaquePart(part);
  }
}

/** A part as assistant content; a string is the reason why there is none. */
export function encodeOutputPart(part: ContentPart): JsonObject | string {
  switch (part.type) {
    case 'text': {
      const annotations = encodeAnnotations(part);
      return { type: 'output_text', text: part.text, ...(annotations.length > 0 && { annotations }) };
    }
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'media':
      return `an assistant message cannot hold ${part.kind} content in the Responses API`;
    case 'opaque':
      return encodeOpaquePart(part);
  }
}

function encodeOpaquePart(part: OpaquePart): JsonObject | string {
  const value = part.value[NOTE.part];
  return part.dialect === DIALECT && isJsonObject(value) ? value : `only ${part.dialect} understands this part`;
}

function encodeMedia(part: MediaPart): JsonObject | string {
  const { source } = part;
  if (source.type === 'text') return { type: 'input_text', text: source.text };
  if (source.type === 'file-id' && isVendorFileId(source.id)) {
    return 'a file stored at another provider cannot be opened here';
  }
  switch (part.kind) {
    case 'image':
      return withoutAbsent({ type: 'input_image', ...imageSource(source), detail: part.detail });
    case 'file':
      return withoutAbsent({ type: 'input_file', ...fileSource(source, part.filename ?? part.title) });
    case 'audio':
      if (source.type !== 'base64') return 'audio must be inline base64 data in the Responses API';
      return { type: 'input_audio', input_audio: { data: source.data, format: audioFormat(source.mediaType) } };
    case 'video':
      return 'the Responses API takes no video';
  }
}

type WireSource = Exclude<MediaPart['source'], { type: 'text' }>;

function imageSource(source: WireSource): JsonObject {
  switch (source.type) {
    case 'base64':
      return { image_url: `data:${source.mediaType};base64,${source.data}` };
    case 'url':
      return { image_url: source.url };
    case 'file-id':
      return { file_id: source.id };
  }
}

function fileSource(source: WireSource, filename: string | undefined): JsonObject {
  switch (source.type) {
    case 'base64': {
      // The API refuses file data without a name.
      const name = filename ?? (source.mediaType === 'application/pdf' ? 'document.pdf' : 'document');
      return { filename: name, file_data: `data:${source.mediaType};base64,${source.data}` };
    }
    case 'url':
      return { filename, file_url: source.url };
    case 'file-id':
      return { filename, file_id: source.id };
  }
}

function audioFormat(mediaType: string): string {
  const subtype = mediaType.slice(mediaType.indexOf('/') + 1).replace(/^x-/, '');
  return subtype === 'mpeg' ? 'mp3' : subtype;
}
