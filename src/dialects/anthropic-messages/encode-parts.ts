import { wrapCustomInput } from '../../ir/custom-tool.ts';
import type {
  MutableJsonObject,
  Part,
  ReasoningPart,
  ServerToolPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Warn,
} from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { serverToolText } from '../../ir/server-tool.ts';
import { encodeMedia } from './encode-media.ts';
import { DIALECT, encodeCacheControl } from './wire.ts';

/** What the encoders of parts share within one request. */
export interface PartContext {
  readonly warn: Warn;
  /** Thinking that Claude did not sign is taken too. */
  readonly unsignedReasoning: boolean;
  /** The id under which a call and its result are written. */
  toolId(id: string): string;
  /** The name under which a tool is written. */
  toolName(name: string): string;
}

/** A part of a user turn; undefined when it is dropped. */
export function encodeUserPart(part: Part, path: string, context: PartContext): MutableJsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part);
    case 'media':
      return encodeMedia(part, path, context.warn);
    case 'tool-result':
      return encodeToolResult(part, path, context);
    case 'server-tool':
      return encodeServerTool(part, path, context.warn);
    case 'opaque':
      if (part.carried === true && part.dialect !== DIALECT) return undefined;
      return encodeOpaque(part.dialect, part.value, path, context.warn);
    case 'reasoning':
    case 'tool-call':
    case 'refusal':
      context.warn(path, `a ${part.type} part can only stand in an assistant message`);
      return undefined;
  }
}

/** A part of an assistant turn; undefined when it is dropped. */
export function encodeAssistantPart(part: Part, path: string, context: PartContext): MutableJsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part);
    case 'refusal':
      return encodeText({ type: 'text', text: part.text });
    case 'reasoning':
      return encodeReasoning(part, path, context);
    case 'tool-call':
      return encodeToolCall(part, path, context);
    case 'server-tool':
      return encodeServerTool(part, path, context.warn);
    case 'opaque':
      if (part.carried === true && part.dialect !== DIALECT) return undefined;
      return encodeOpaque(part.dialect, part.value, path, context.warn);
    case 'media':
    case 'tool-result':
      context.warn(path, `a ${part.type} part cannot stand in an assistant message`);
      return undefined;
  }
}

/** Claude refuses thinking that it did not sign itself; models of other makers behind its API want all of it back. */
function encodeReasoning(part: ReasoningPart, path: string, context: PartContext): MutableJsonObject | undefined {
  const signature = part.signature?.origin === DIALECT ? part.signature.value : '';
  if (part.redacted && signature !== '') return { type: 'redacted_thinking', data: signature };
  if (!part.redacted && (signature !== '' || context.unsignedReasoning))
    return { type: 'thinking', thinking: part.text, signature };
  context.warn(path, 'reasoning without a Claude signature cannot be sent back to Claude');
  return undefined;
}

/** A text block; undefined when it is blank, which Claude refuses. */
export function encodeText(part: TextPart): MutableJsonObject | undefined {
  if (part.text.trim() === '') return undefined;
  const block: MutableJsonObject = { type: 'text', text: part.text };
  const { citations } = part;
  if (citations?.dialect === DIALECT && citations.items.length > 0) block['citations'] = citations.items;
  if (part.cacheControl) block['cache_control'] = encodeCacheControl(part.cacheControl);
  return block;
}

/** The arguments of a call as the object that Claude demands. */
export function encodeArguments(call: ToolCallPart, path: string, warn: Warn): MutableJsonObject {
  if (call.kind === 'custom') return { ...wrapCustomInput(call.arguments) };
  if (call.arguments.trim() === '') return {};
  const input = parseJsonObject(call.arguments);
  if (input) return { ...input };
  warn(`${path}.arguments`, 'the arguments are not a JSON object; sent as {}');
  return {};
}

function encodeToolCall(part: ToolCallPart, path: string, context: PartContext): MutableJsonObject {
  return {
    type: 'tool_use',
    id: context.toolId(part.id),
    name: context.toolName(part.name),
    input: encodeArguments(part, path, context.warn),
    ...(part.cacheControl && { cache_control: encodeCacheControl(part.cacheControl) }),
  };
}

function encodeToolResult(part: ToolResultPart, path: string, context: PartContext): MutableJsonObject {
  const content: MutableJsonObject[] = [];
  for (const [index, inner] of part.content.entries()) {
    const block = encodeUserPart(inner, `${path}.content[${index}]`, context);
    if (block) content.push(block);
  }
  return {
    type: 'tool_result',
    tool_use_id: context.toolId(part.callId),
    ...(content.length > 0 && { content }),
    ...(part.isError && { is_error: true }),
    ...(part.cacheControl && { cache_control: encodeCacheControl(part.cacheControl) }),
  };
}

/** Results that Claude did not encrypt itself it refuses: they become the text that they are. */
function encodeServerTool(part: ServerToolPart, path: string, warn: Warn): MutableJsonObject | undefined {
  if (part.origin === DIALECT && part.value !== undefined) return { ...part.value };
  const text = serverToolText(part);
  if (text !== undefined) return encodeText({ type: 'text', text });
  warn(path, `this ${part.tool} of ${part.origin} cannot be told in words`);
  return undefined;
}

function encodeOpaque(
  dialect: string,
  value: MutableJsonObject,
  path: string,
  warn: Warn,
): MutableJsonObject | undefined {
  if (dialect === DIALECT) return { ...value };
  warn(path, `only dialect ${dialect} knows this part`);
  return undefined;
}
