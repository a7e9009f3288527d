import {
  type CacheControl,
  emptyUsage,
  type FinishReason,
  isJsonObject,
  type JsonObject,
  type Usage,
} from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { CacheControl as CacheControlParam } from './request-types.ts';
import type { Caller, DeltaUsage, Message, StopReason, VendorUsage } from './wire-types.ts';

/** The id of this dialect: https://docs.anthropic.com/en/api/messages */
export const DIALECT = 'anthropic-messages';

/** A Claude `stop_reason` as a finish reason; a context window that is full counts as a length limit. */
export function decodeStopReason(stopReason: unknown): FinishReason {
  return finishReasons.get(stopReason) ?? 'other';
}

const finishReasons: ReadonlyMap<unknown, FinishReason> = new Map(
  Object.entries({
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool-calls',
    pause_turn: 'pause',
    refusal: 'refusal',
    // Servers that copy this API say so where their filter cut in.
    sensitive: 'content-filter',
  } satisfies Record<StopReason | 'sensitive', FinishReason>),
);

/** What an answer held that decides its `stop_reason` together with the finish reason. */
interface AnswerFacts {
  readonly hasCall: boolean;
  readonly hasRefusal: boolean;
  readonly stopSequence: string | undefined;
}

/** A finish reason as a Claude `stop_reason`; a tool call beats an ordinary stop. */
export function encodeStopReason(finishReason: FinishReason, facts: AnswerFacts): StopReason {
  switch (finishReason) {
    case 'length':
      return 'max_tokens';
    case 'pause':
      return 'pause_turn';
    case 'refusal':
    case 'content-filter':
      return 'refusal';
    case 'stop':
    case 'tool-calls':
    case 'error':
    case 'other':
      if (facts.hasCall) return 'tool_use';
      if (facts.hasRefusal) return 'refusal';
      return facts.stopSequence === undefined ? 'end_turn' : 'stop_sequence';
  }
}

/** Claude's counts laid over what was known before: fields that are absent or null keep their value. */
export function mergeUsage(before: Usage, wire: JsonObject): Usage {
  const details = wire['output_tokens_details'];
  const thinking = isJsonObject(details) ? details['thinking_tokens'] : wire['thinking_tokens'];
  return {
    inputTokens: countOr(wire['input_tokens'], before.inputTokens),
    cachedReadTokens: countOr(wire['cache_read_input_tokens'], before.cachedReadTokens),
    cacheWriteTokens: countOr(wire['cache_creation_input_tokens'], before.cacheWriteTokens),
    outputTokens: countOr(wire['output_tokens'], before.outputTokens),
    reasoningTokens: countOr(thinking, before.reasoningTokens),
  };
}

/** Claude's usage object; zeros when it is absent. */
export function decodeUsage(wire: unknown): Usage {
  return isJsonObject(wire) ? mergeUsage(emptyUsage, wire) : emptyUsage;
}

/** Usage in Claude's words. */
export function encodeUsage(usage: Usage): Level<DeltaUsage> {
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedReadTokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: usage.reasoningTokens > 0 ? { thinking_tokens: usage.reasoningTokens } : null,
    server_tool_use: null,
  };
}

/** What a message's usage has beyond that of its last delta; all of it is of Anthropic's own servers. */
export const unknownUsage: VendorUsage & { readonly service_tier: null } = {
  cache_creation: null,
  inference_geo: null,
  speed: null,
  service_tier: null,
};

/** What only Anthropic's own servers tell of an answer. */
export const unknownAnswer: Pick<Message, 'stop_details' | 'container' | 'diagnostics'> = {
  stop_details: null,
  container: null,
  diagnostics: null,
};

/** No code of the model's called the tool. */
export const DIRECT: Caller = { type: 'direct' };

/** A cache breakpoint in Claude's words. */
export function encodeCacheControl(cacheControl: CacheControl): CacheControlParam {
  return cacheControl.ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: cacheControl.ttl };
}

/** A tool call id with the only characters that Claude and its clients accept. */
export function sanitizeToolId(id: string): string {
  return id === '' ? '_' : id.replace(/[^a-zA-Z0-9_-]/g, '_');
}

function countOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
