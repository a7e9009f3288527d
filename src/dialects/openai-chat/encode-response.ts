/** IR -> Chat Completions answer. https://platform.openai.com/docs/api-reference/chat/object */

import { codePointLength } from '../../ir/citation.ts';
import { unwrapCustomInput } from '../../ir/custom-tool.ts';
import {
  type Candidate,
  collectWarnings,
  type Encoded,
  encodeSignature,
  type GenerationResponse,
  isKnownUsage,
  type JsonObject,
  type JsonValue,
  type MediaPart,
  type Part,
  type TextPart,
  type ToolCallPart,
  type Warn,
} from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeSources, losesCitations } from './annotations.ts';
import { dataUrl } from './encode-content.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeDetail } from './reasoning-details.ts';
import { customToolNames, isLegacyRequest } from './reply-options.ts';
import { encodeToolCall } from './tool-calls.ts';
import { encodeUsage } from './usage.ts';
import { defined, dialectId, thoughtSignature } from './wire.ts';
import type { Audio, ChatCompletion, Choice, Image, Message } from './wire-types.ts';

/** What the request says about how its client reads calls. */
interface Client {
  readonly legacy: boolean;
  readonly customTools: ReadonlySet<string>;
  /** Nothing is kept here: the id that the API demands has expired already. */
  audio(data: string): Audio;
}

/** A message under construction; annotations of the same dialect go on as they came. */
type Draft = { -readonly [K in keyof Level<Message>]: Level<Message>[K] };

/** See {@link ClientCodec.encodeResponse}. */
export function encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const client: Client = {
    legacy: isLegacyRequest(context.request),
    customTools: customToolNames(context.request),
    audio: (data) => ({ id: context.newId('audio_'), data, expires_at: context.nowS, transcript: '' }),
  };
  const value = defined({
    ...response.extensions[dialectId],
    id: response.id === '' ? context.newId('chatcmpl-') : response.id,
    object: 'chat.completion',
    created: response.createdAtS ?? context.nowS,
    model: context.model,
    choices: response.candidates.map((candidate, index) => encodeChoice(candidate, index, client, warn)),
    usage: isKnownUsage(response.usage) ? encodeUsage(response.usage) : undefined,
    service_tier: response.serviceTier,
  } satisfies Level<ChatCompletion>);
  return { value, warnings };
}

function encodeChoice(candidate: Candidate, index: number, client: Client, warn: Warn): JsonObject {
  const refused = candidate.content.some((part) => part.type === 'refusal');
  const reason = encodeFinishReason(candidate.finishReason, refused);
  const { logprobs } = candidate;
  return defined({
    index,
    message: encodeMessage(candidate.content, client, `choices[${index}].message`, warn),
    logprobs: logprobs === undefined ? null : { content: logprobs, refusal: null },
    finish_reason: client.legacy && reason === 'tool_calls' ? 'function_call' : reason,
    stop_reason: candidate.stopSequence,
  } satisfies Level<Choice>);
}

function encodeMessage(content: readonly Part[], client: Client, path: string, warn: Warn): Level<Message> {
  const texts = content.filter((part) => part.type === 'text');
  const refusals = content.filter((part) => part.type === 'refusal');
  const text = texts.map((part) => part.text).join('');
  const message: Draft = {
    role: 'assistant',
    content: text === '' && content.some((part) => part.type !== 'reasoning') ? null : text,
    refusal: refusals.length === 0 ? null : refusals.map((part) => part.text).join(''),
  };
  addReasoning(message, content);
  addCalls(message, content, client, { path, warn });
  addTextExtras(message, texts, path, warn);
  addMedia(message, content, client, { path, warn });
  return message;
}

/** Why calls are lost to clients of the older functions. */
export const FURTHER_CALLS = 'the older functions know one call; the others are left out';

function addReasoning(message: Draft, content: readonly Part[]): void {
  const parts = content.filter((part) => part.type === 'reasoning');
  const text = parts
    .map((part) => part.text)
    .filter((part) => part !== '')
    .join('\n\n');
  if (text !== '') message.reasoning_content = text;
  if (parts.some((part) => part.signature !== undefined)) message.reasoning_details = parts.map(encodeDetail);
}

function addCalls(
  message: Draft,
  content: readonly Part[],
  client: Client,
  { path, warn }: { readonly path: string; readonly warn: Warn },
): void {
  const calls = content.filter((part) => part.type === 'tool-call');
  const [first] = calls;
  if (first === undefined) return;
  if (client.legacy) {
    message.function_call = { name: first.name, arguments: first.arguments };
    if (calls.length > 1) warn(`${path}.function_call`, FURTHER_CALLS);
    return;
  }
  message.tool_calls = calls.map((call) => {
    const { signature } = call;
    const custom = call.kind === 'function' && client.customTools.has(call.name);
    const shown: ToolCallPart = custom
      ? { ...call, kind: 'custom', arguments: unwrapCustomInput(call.arguments) }
      : call;
    return encodeToolCall(shown, signature && thoughtSignature(encodeSignature(signature, dialectId)));
  });
}

function addTextExtras(message: Draft, texts: readonly TextPart[], path: string, warn: Warn): void {
  const signature = texts.findLast((part) => part.signature !== undefined)?.signature;
  if (signature !== undefined) message.extra_content = thoughtSignature(encodeSignature(signature, dialectId));
  const annotations = encodeAnnotations(texts);
  if (annotations.length > 0) message.annotations = annotations;
  const lossy = texts.find(({ citations }) => citations && losesCitations(citations.dialect, citations.sources));
  if (lossy !== undefined) warn(`${path}.annotations`, foreignCitations(lossy.citations?.dialect));
}

function encodeAnnotations(texts: readonly TextPart[]): readonly JsonValue[] {
  if (texts.every(({ citations }) => citations === undefined)) return [];
  let offset = 0;
  return texts.flatMap(({ text, citations }) => {
    const own = citations?.dialect === dialectId;
    const items = own ? citations.items : encodeSources(citations?.sources ?? [], text, offset);
    offset += codePointLength(text);
    return items;
  });
}

function addMedia(
  message: Draft,
  content: readonly Part[],
  client: Client,
  { path, warn }: { readonly path: string; readonly warn: Warn },
): void {
  const images: Image[] = [];
  for (const part of content) {
    if (part.type === 'opaque' && part.dialect !== dialectId) {
      warn(path, foreignItem(part.dialect));
    }
    if (part.type === 'server-tool') warn(path, foreignItem(part.origin));
    if (part.type !== 'media') continue;
    if (part.revisedPrompt !== undefined) warn(`${path}.images`, NO_PROMPT);
    if (part.kind === 'image') images.push(encodeImage(part, images.length));
    else if (part.kind === 'audio' && part.source.type === 'base64') message.audio = client.audio(part.source.data);
    else warn(path, generatedMedium(part.kind));
  }
  if (images.length > 0) message.images = images;
}

/** Reasons for what whole answers and streams lose alike. */
export const foreignCitations = (dialect: string | undefined): string =>
  `citations of ${dialect} without a URL have no form here`;
export const NO_PROMPT = 'Chat Completions does not tell from which prompt an image was made';
export const foreignItem = (dialect: string): string => `an item of ${dialect} that Chat Completions does not know`;
export const generatedMedium = (kind: string): string => `a generated ${kind}: Chat Completions has no place for it`;

/** A generated image in the form OpenRouter and others use. */
export function encodeImage(part: MediaPart, index: number): Image {
  return { type: 'image_url', image_url: { url: imageUrl(part) }, index };
}

function imageUrl({ source }: MediaPart): string {
  switch (source.type) {
    case 'url':
      return source.url;
    case 'base64':
      return dataUrl(source.mediaType, source.data);
    case 'file-id':
      return source.id;
    case 'text':
      return source.text;
  }
}
