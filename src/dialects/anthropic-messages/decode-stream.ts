import { ProxyError, upstreamError } from '../../errors.ts';
import type { SseFrame } from '../../framing/sse.ts';
import {
  emptyUsage,
  type FinishReason,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
  type Usage,
} from '../../ir/index.ts';
import type { StreamDecoder } from '../codec.ts';
import { withCalls } from './decode-response.ts';
import { type OpenBlock, startBlock } from './decode-stream-block.ts';
import { decodeStreamError } from './errors.ts';
import { decodeServiceTier } from './service-tier.ts';
import { decodeStopReason, decodeUsage, mergeUsage } from './wire.ts';

const NOTHING: readonly GenerationEvent[] = [];

/** Claude Messages SSE -> generation events. https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export function createStreamDecoder(): StreamDecoder {
  return new MessageDecoder();
}

class MessageDecoder implements StreamDecoder {
  readonly #open = new Map<unknown, OpenBlock>();
  #usage: Usage = emptyUsage;
  #finishReason: FinishReason = 'other';
  #stopSequence: string | undefined;
  #hasCall = false;
  #blocks = 0;
  #phase: 'before-start' | 'running' | 'finished' = 'before-start';

  push(frame: SseFrame): readonly GenerationEvent[] {
    if (this.#phase === 'finished') return NOTHING;
    const event = parseEvent(frame.data);
    switch (event?.['type']) {
      case 'content_block_delta':
        return this.#block(event).delta(requireObject(event, 'delta'));
      case 'content_block_start':
        return this.#startBlock(event);
      case 'content_block_stop':
        return this.#stopBlock(event);
      case 'message_start':
        return this.#start(requireObject(event, 'message'));
      case 'message_delta':
        return this.#messageDelta(event);
      case 'message_stop':
        return this.#finish();
      case 'error':
        throw upstreamError(decodeStreamError(event));
      default:
        // `ping`, and events that a later version of the API may add.
        return NOTHING;
    }
  }

  end(): readonly GenerationEvent[] {
    if (this.#phase === 'finished') return NOTHING;
    throw new ProxyError('upstream_stream_truncated', 'the upstream closed the stream before message_stop');
  }

  #start(message: JsonObject): readonly GenerationEvent[] {
    if (this.#phase !== 'before-start') throw invalid('a second message_start');
    this.#phase = 'running';
    const wire = isJsonObject(message['usage']) ? message['usage'] : {};
    this.#usage = decodeUsage(wire);
    return [
      {
        type: 'response-start',
        id: text(message['id']),
        model: text(message['model']),
        ...decodeServiceTier(wire['service_tier']),
        usage: this.#usage,
      },
    ];
  }

  #startBlock(event: JsonObject): readonly GenerationEvent[] {
    if (this.#phase === 'before-start') throw invalid('a content block before message_start');
    const index = event['index'];
    if (this.#open.has(index)) throw invalid('a content block that is already open');
    const block = requireObject(event, 'content_block');
    const { open, events } = startBlock(block, this.#blocks++);
    this.#open.set(index, open);
    if (block['type'] === 'tool_use') this.#hasCall = true;
    return events;
  }

  #stopBlock(event: JsonObject): readonly GenerationEvent[] {
    const block = this.#block(event);
    this.#open.delete(event['index']);
    return block.stop();
  }

  #block(event: JsonObject): OpenBlock {
    const block = this.#open.get(event['index']);
    if (block === undefined) throw invalid(`${text(event['type'])} for a content block that is not open`);
    return block;
  }

  #messageDelta(event: JsonObject): readonly GenerationEvent[] {
    const delta = event['delta'];
    if (isJsonObject(delta)) {
      if (typeof delta['stop_reason'] === 'string') this.#finishReason = decodeStopReason(delta['stop_reason']);
      if (typeof delta['stop_sequence'] === 'string') this.#stopSequence = delta['stop_sequence'];
    }
    // Cumulative, not incremental: the last value wins, and fields left out keep that of message_start.
    if (isJsonObject(event['usage'])) this.#usage = mergeUsage(this.#usage, event['usage']);
    return NOTHING;
  }

  #finish(): readonly GenerationEvent[] {
    if (this.#phase === 'before-start') throw invalid('message_stop before message_start');
    this.#phase = 'finished';
    const stopSequence = this.#stopSequence;
    return [
      ...[...this.#open.values()].flatMap((block) => block.stop()),
      {
        type: 'candidate-end',
        candidate: 0,
        finishReason: withCalls(this.#finishReason, this.#hasCall),
        ...(stopSequence !== undefined && { stopSequence }),
      },
      { type: 'response-end', usage: this.#usage },
    ];
  }
}

function parseEvent(data: string): JsonObject | undefined {
  // Some compatible servers close with OpenAI's mark.
  if (data === '[DONE]') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new ProxyError('upstream_invalid_response', "an event of the upstream's stream is not JSON", { cause });
  }
  if (isJsonObject(value)) return value;
  throw invalid('an event that is not an object');
}

function requireObject(event: JsonObject, key: string): JsonObject {
  const value = event[key];
  if (isJsonObject(value)) return value;
  throw invalid(`${text(event['type'])} without ${key}`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function invalid(what: string): ProxyError {
  return new ProxyError('upstream_invalid_response', `the upstream's stream holds ${what}`);
}
