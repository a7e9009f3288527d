/** Output items of an upstream -> parts. Answers are read leniently: a field of a wrong type counts as absent. */

import type { FinishReason } from '../../ir/index.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MediaPart,
  type OpaquePart,
  type Part,
  type ServerToolPart,
} from '../../ir/index.ts';
import { decodeAnnotations } from './annotations.ts';
import { attachSignature } from './decode-input.ts';
import { decodeReasoningItem } from './reasoning-item.ts';
import { decodeServerTool, imageMediaType } from './server-tools.ts';
import { readToolName } from './tool-names.ts';
import { DIALECT, objects, optionalText, text } from './wire.ts';

/** All parts of `response.output`, in order. */
export function decodeOutput(output: JsonValue | undefined): Part[] {
  const parts: Part[] = [];
  for (const item of objects(output)) {
    if (item['type'] === 'reasoning') {
      const part = decodeReasoningItem(item);
      if (part.type === 'carrier') attachSignature(parts, part);
      else parts.push(part);
    } else {
      parts.push(...decodeItem(item));
    }
  }
  return parts;
}

function decodeItem(item: JsonObject): Part[] {
  switch (item['type']) {
    case 'message':
      return objects(item['content']).map(decodeContent);
    case 'function_call':
    case 'custom_tool_call':
      return [decodeCall(item)];
    default:
      return [decodeWholeItem(item)];
  }
}

function decodeContent(part: JsonObject): Part {
  if (part['type'] === 'refusal') return { type: 'refusal', text: text(part['refusal']) };
  if (part['type'] !== 'output_text') return { type: 'opaque', dialect: DIALECT, value: part };
  const citations = decodeAnnotations(part['annotations']);
  return { type: 'text', text: text(part['text']), ...(citations && { citations }) };
}

function decodeCall(item: JsonObject): Part {
  const kind = item['type'] === 'custom_tool_call' ? 'custom' : 'function';
  return {
    type: 'tool-call',
    ...callIdentity(item),
    kind,
    arguments: text(item[kind === 'custom' ? 'input' : 'arguments']),
  };
}

/** The id by which a call is answered, and its name. */
export function callIdentity(item: JsonObject): { readonly id: string; readonly name: string } {
  return { id: optionalText(item['call_id']) ?? text(item['id']), name: readToolName(item) ?? '' };
}

/** An item that comes whole: a generated image, or something only this dialect understands. */
export function decodeWholeItem(item: JsonObject): MediaPart | ServerToolPart | OpaquePart {
  const data = optionalText(item['result']);
  if (item['type'] !== 'image_generation_call' || data === undefined) {
    return decodeServerTool(item) ?? { type: 'opaque', dialect: DIALECT, value: item };
  }
  const revisedPrompt = optionalText(item['revised_prompt']);
  return {
    type: 'media',
    kind: 'image',
    source: { type: 'base64', mediaType: imageMediaType(item), data },
    ...(revisedPrompt !== undefined && { revisedPrompt }),
  };
}

/** Why the response ended. An incomplete one may hold a call that was cut off, so it never means `tool-calls`. */
export function decodeFinishReason(response: JsonObject, hasCall: boolean, hasRefusal: boolean): FinishReason {
  if (response['status'] === 'incomplete') {
    const details = response['incomplete_details'];
    const reason = isJsonObject(details) ? details['reason'] : undefined;
    if (reason === 'max_output_tokens' || reason === 'max_tokens') return 'length';
    return reason === 'content_filter' ? 'content-filter' : 'other';
  }
  if (hasCall) return 'tool-calls';
  return claudeReasons.get(text(response['stop_reason'])) ?? (hasRefusal ? 'refusal' : 'stop');
}

/** Servers that stand in front of Claude name its reasons beside the status. */
const claudeReasons: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['content_filter', 'content-filter'],
]);

/** The stop sequence that ended the answer, from servers that tell it. */
export function decodeStopSequence(response: JsonObject): { readonly stopSequence?: string } {
  const stopSequence = optionalText(response['stop_sequence']);
  return stopSequence === undefined ? {} : { stopSequence };
}
