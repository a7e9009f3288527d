/** Output items as clients get them, in JSON answers and in streams alike. */
import type { JsonObject, JsonValue, MediaPart, Signature } from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import { encryptCarried, encryptReasoning } from './reasoning-item.ts';
import type { WireToolName } from './tool-names.ts';
import { shortenId } from './wire.ts';
import type {
  CustomCall,
  FunctionCall,
  ImageItem,
  ItemStatus,
  MessageItem,
  OutputText,
  ReasoningItem,
  Refusal,
} from './wire-types.ts';

/** Ids of one response and its items; the same response always gives the same ids. */
export interface ResponseIds {
  readonly response: string;
  item(prefix: string, outputIndex: number): string;
}

/** Derives the ids from the upstream's response id. */
export function createIds(upstreamId: string, newId: (prefix: string) => string): ResponseIds {
  const response =
    upstreamId === '' ? newId('resp_') : upstreamId.startsWith('resp_') ? upstreamId : `resp_${upstreamId}`;
  const bare = response.slice('resp_'.length);
  return { response, item: (prefix, outputIndex) => shortenId(`${prefix}_${bare}_${outputIndex}`) };
}

/** A message of the assistant. */
export function messageItem(id: string, status: ItemStatus, content: readonly JsonObject[]): Level<MessageItem> {
  return { id, type: 'message', status, role: 'assistant', content };
}

/** An `output_text` part. */
export function textPart(
  value: string,
  annotations: readonly JsonValue[],
  logprobs: readonly JsonValue[],
): Level<OutputText> {
  return { type: 'output_text', annotations, logprobs, text: value };
}

/** A `refusal` part. */
export function refusalPart(refusal: string): Refusal {
  return { type: 'refusal', refusal };
}

/** A reasoning item; also other providers' reasoning is shown as a summary, which is what clients display. */
export function reasoningItem(
  id: string,
  summary: string,
  signature: Signature | undefined,
  redacted: boolean,
): ReasoningItem {
  return {
    id,
    type: 'reasoning',
    summary: summary === '' ? [] : [{ type: 'summary_text', text: summary }],
    ...(signature === undefined ? {} : { encrypted_content: encryptReasoning(signature, redacted) }),
  };
}

/** An empty reasoning item that holds the signature of a tool call, or of the text before it. */
export function carrierItem(id: string, signature: Signature, callId: string | undefined): ReasoningItem {
  return { id, type: 'reasoning', summary: [], encrypted_content: encryptCarried(signature, callId) };
}

/** What identifies a tool call. */
export interface CallIdentity {
  readonly id: string;
  readonly callId: string;
  readonly tool: WireToolName;
  readonly custom: boolean;
}

/** A tool call; `input` is the arguments or, for a custom tool, its text. */
export function callItem(
  { id, callId, tool, custom }: CallIdentity,
  status: ItemStatus,
  input: string,
): FunctionCall | CustomCall {
  return custom
    ? { id, type: 'custom_tool_call', status, call_id: callId, input, ...tool }
    : { id, type: 'function_call', status, arguments: input, call_id: callId, ...tool };
}

/** A generated image; undefined for media this dialect cannot answer with. */
export function imageItem(id: string, part: MediaPart): ImageItem | undefined {
  if (part.kind !== 'image' || part.source.type !== 'base64') return undefined;
  const format = part.source.mediaType.slice('image/'.length);
  const { revisedPrompt: revised_prompt } = part;
  return {
    id,
    type: 'image_generation_call',
    status: 'completed',
    output_format: format,
    ...(revised_prompt !== undefined && { revised_prompt }),
    result: part.source.data,
  };
}
