import { invalidRequest } from '../../errors.ts';
import { readCacheControl } from '../../ir/cache-control.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MediaPart,
  type MediaSource,
  type OpaquePart,
  type Part,
  type ReasoningPart,
  type Signature,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from '../../ir/index.ts';
import {
  field,
  isJsonArray,
  readBoolean,
  readString,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { decodeCitations } from './citations.ts';
import { decodeServerTool } from './server-tools.ts';
import { decodeToolId } from './tool-ids.ts';
import { DIALECT } from './wire.ts';

/** Whose signature the text of a block is: the upstream's own, or one that a client gives back. */
type ReadSignature = (text: string) => Signature;

/** One content block of a request or an answer. Throws `invalid_request` with the path of what is wrong. */
export function decodeBlock(block: JsonObject, path: string, readSignature: ReadSignature): Part {
  const type = requireString(block, 'type', path);
  switch (type) {
    case 'text':
      return decodeText(block, path);
    case 'image':
    case 'document':
      return decodeMedia(block, type, path);
    case 'thinking':
      return decodeThinking(block, path, readSignature);
    case 'redacted_thinking':
      return reasoning('', readSignature(requireString(block, 'data', path)), true);
    case 'tool_use':
      return decodeToolUse(block, path);
    case 'tool_result':
      return decodeToolResult(block, path, readSignature);
    default:
      return decodeServerTool(block) ?? opaque(block);
  }
}

/** String content or an array of blocks, as the blocks with their paths. */
export function contentBlocks(
  content: JsonValue | undefined,
  path: string,
): { readonly block: JsonObject; readonly path: string }[] {
  if (typeof content === 'string') return content === '' ? [] : [{ block: { type: 'text', text: content }, path }];
  if (!isJsonArray(content)) throw invalidRequest(path, 'must be a string or an array of content blocks');
  return content.map((value, index) => {
    const blockPath = `${path}[${index}]`;
    return { block: requireObjectValue(value, blockPath), path: blockPath };
  });
}

function decodeText(block: JsonObject, path: string): TextPart {
  const citations = decodeCitations(block['citations']);
  return {
    type: 'text',
    text: requireString(block, 'text', path),
    ...readCacheControl(block),
    ...(citations && { citations }),
  };
}

const MEDIA_FIELDS = new Set(['type', 'source', 'title', 'cache_control']);

function decodeMedia(block: JsonObject, type: 'image' | 'document', path: string): MediaPart | OpaquePart {
  const wire = requireObjectValue(field(block, 'source'), `${path}.source`);
  const source = decodeSource(wire, `${path}.source`);
  if (source === undefined) return opaque(block);
  const title = readString(block, 'title', path);
  const extra = unknownFields(block, MEDIA_FIELDS);
  return {
    type: 'media',
    kind: type === 'image' ? 'image' : 'file',
    source,
    ...(title !== undefined && { title }),
    ...readCacheControl(block),
    ...(extra && { extensions: { [DIALECT]: extra } }),
  };
}

/** Undefined for a source that only Claude knows (`content`: a document made of blocks). */
function decodeSource(source: JsonObject, path: string): MediaSource | undefined {
  switch (requireString(source, 'type', path)) {
    case 'base64': {
      const mediaType = readString(source, 'media_type', path) ?? 'application/octet-stream';
      return { type: 'base64', mediaType, data: requireString(source, 'data', path) };
    }
    case 'url':
      return { type: 'url', url: requireString(source, 'url', path) };
    case 'file':
      return { type: 'file-id', id: requireString(source, 'file_id', path) };
    case 'text': {
      const mediaType = readString(source, 'media_type', path);
      return { type: 'text', text: requireString(source, 'data', path), ...(mediaType && { mediaType }) };
    }
    default:
      return undefined;
  }
}

function decodeThinking(block: JsonObject, path: string, readSignature: ReadSignature): ReasoningPart {
  const signature = readString(block, 'signature', path);
  return reasoning(readString(block, 'thinking', path) ?? '', signature ? readSignature(signature) : undefined, false);
}

function reasoning(text: string, signature: Signature | undefined, redacted: boolean): ReasoningPart {
  // Reasoning that another dialect signed reached the Claude client as that provider's summary.
  const summary = signature !== undefined && signature.origin !== DIALECT;
  return { type: 'reasoning', text, summary, redacted, ...(signature && { signature }) };
}

function decodeToolUse(block: JsonObject, path: string): ToolCallPart {
  return {
    type: 'tool-call',
    id: decodeToolId(requireString(block, 'id', path)),
    name: requireString(block, 'name', path),
    kind: 'function',
    arguments: JSON.stringify(field(block, 'input') ?? {}),
    ...readCacheControl(block),
  };
}

function decodeToolResult(block: JsonObject, path: string, readSignature: ReadSignature): ToolResultPart {
  const content = field(block, 'content');
  const blocks = content === undefined ? [] : contentBlocks(resultContent(content), `${path}.content`);
  return {
    type: 'tool-result',
    callId: decodeToolId(requireString(block, 'tool_use_id', path)),
    content: blocks.map(({ block: inner, path: innerPath }) => {
      const part = decodeBlock(inner, innerPath, readSignature);
      return part.type === 'text' || part.type === 'media' ? part : opaque(inner);
    }),
    isError: readBoolean(block, 'is_error', path) ?? false,
    kind: 'function',
    ...readCacheControl(block),
  };
}

/** Some clients give the object that a tool returned as it is. */
function resultContent(content: JsonValue): JsonValue {
  return isJsonObject(content) ? JSON.stringify(content) : content;
}

function opaque(value: JsonObject): OpaquePart {
  return { type: 'opaque', dialect: DIALECT, value };
}
