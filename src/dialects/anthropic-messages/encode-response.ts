import { countCharacters, toldUsage } from '../../ir/estimated-usage.ts';
import {
  type Candidate,
  collectWarnings,
  type Encoded,
  encodeSignature,
  type GenerationResponse,
  isJsonObject,
  type JsonObject,
  type MutableJsonObject,
  type Part,
  type ReasoningPart,
  type ServerToolPart,
  type Warn,
} from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeCitations } from './citations.ts';
import { encodeArguments } from './encode-parts.ts';
import { encodeServerTool, encodeServerUsage, isNowhere, ServerToolIds } from './server-tools.ts';
import { encodeServiceTier } from './service-tier.ts';
import { encodeCarrier } from './signature-carrier.ts';
import { encodeToolId } from './tool-ids.ts';
import { DIALECT, DIRECT, encodeStopReason, encodeUsage, unknownAnswer, unknownUsage } from './wire.ts';
import type {
  Message,
  RedactedThinkingBlock,
  StopReason,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
  Usage,
} from './wire-types.ts';

/** Reasons for what whole answers and streams lose alike. */
export const ONE_ANSWER = 'Claude clients take one answer; the others are left out';
export const foreignCitations = (dialect: string): string => `citations of dialect ${dialect}`;
export const foreignPart = (dialect: string): string => `only dialect ${dialect} knows this part`;
export const noForm = (type: string): string => `a Claude answer cannot hold a ${type} part`;

/** Generation response -> Claude message object. */
export function encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const candidate = response.candidates[0];
  if (response.candidates.length > 1) warn('candidates', ONE_ANSWER);
  const { usage: extraUsage, ...extra } = response.extensions[DIALECT] ?? {};
  const value: JsonObject = {
    id: response.id || context.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: encodeContent(candidate?.content ?? [], response.id, warn),
    stop_reason: candidate ? stopReasonOf(candidate) : 'end_turn',
    stop_sequence: candidate?.stopSequence ?? null,
    ...unknownAnswer,
    ...extra,
    usage: {
      ...unknownUsage,
      ...encodeUsage(toldUsage(response.usage, context.request, countCharacters(candidate?.content ?? []))),
      ...encodeServerUsage(candidate?.content ?? []),
      ...(isJsonObject(extraUsage) && extraUsage),
      ...encodeServiceTier(response.serviceTier),
    } satisfies Level<Usage>,
  } satisfies Level<Message>;
  return { value, warnings };
}

function stopReasonOf(candidate: Candidate): StopReason {
  return encodeStopReason(candidate.finishReason, {
    hasCall: candidate.content.some((part) => part.type === 'tool-call'),
    hasRefusal: candidate.content.some((part) => part.type === 'refusal'),
    stopSequence: candidate.stopSequence,
  });
}

function encodeContent(parts: readonly Part[], responseId: string, warn: Warn): JsonObject[] {
  const blocks: JsonObject[] = [];
  const ids = new ServerToolIds();
  for (const [index, part] of parts.entries()) {
    const path = `candidates[0].content[${index}]`;
    if (part.type !== 'server-tool') encodePart(part, path, blocks, warn);
    else {
      const own = encodeServerTool(part, () => ids.idFor(part, responseId));
      if (own.length === 0 && !isNowhere(part)) warn(path, foreignPart(part.origin));
      blocks.push(...own);
    }
  }
  return blocks;
}

function encodePart(part: Exclude<Part, ServerToolPart>, path: string, blocks: JsonObject[], warn: Warn): void {
  switch (part.type) {
    case 'text': {
      if (part.signature) blocks.push(encodeCarrierBlock(encodeCarrier(part.signature)));
      const citations = part.citations && encodeCitations(part.citations);
      if (part.citations && citations?.lost) warn(`${path}.citations`, foreignCitations(part.citations.dialect));
      const items = citations?.items ?? [];
      if (part.text === '' && items.length === 0) return;
      blocks.push({
        type: 'text',
        text: part.text,
        citations: items,
      } satisfies Level<TextBlock>);
      return;
    }
    case 'refusal':
      if (part.text !== '') blocks.push({ type: 'text', text: part.text, citations: [] } satisfies TextBlock);
      return;
    case 'reasoning':
      blocks.push(...encodeReasoning(part));
      return;
    case 'tool-call':
      if (part.signature) blocks.push(encodeCarrierBlock(encodeCarrier(part.signature)));
      blocks.push(encodeToolUse(part.id, part.name, encodeArguments(part, path, warn)));
      return;
    case 'opaque':
      if (part.dialect === DIALECT) blocks.push(part.value);
      else warn(path, foreignPart(part.dialect));
      return;
    case 'media':
    case 'tool-result':
      warn(path, noForm(part.type));
      return;
  }
}

function encodeReasoning(part: ReasoningPart): (ThinkingBlock | RedactedThinkingBlock)[] {
  const signature = part.signature ? encodeSignature(part.signature, DIALECT) : '';
  if (part.redacted) return signature === '' ? [] : [{ type: 'redacted_thinking', data: signature }];
  return part.text === '' && signature === '' ? [] : [{ type: 'thinking', thinking: part.text, signature }];
}

function encodeCarrierBlock(signature: string): ThinkingBlock {
  return { type: 'thinking', thinking: '', signature };
}

function encodeToolUse(id: string, name: string, input: MutableJsonObject): ToolUseBlock {
  return { type: 'tool_use', id: encodeToolId(id), name, input, caller: DIRECT };
}
