/** Responses SSE -> generation events. https://platform.openai.com/docs/api-reference/responses-streaming */
import { ProxyError } from '../../errors.ts';
import type { SseFrame } from '../../framing/sse.ts';
import { type GenerationEvent, isJsonObject, type JsonObject } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import type { StreamDecoder } from '../codec.ts';
import { responseFacts } from './decode-response.ts';
import { inStreamError } from './errors.ts';
import type { ItemReader, StreamState } from './item-reader.ts';
import { decodeFinishReason, decodeStopSequence } from './output-parts.ts';
import { createItemReader } from './stream-items.ts';
import { decodeUsage } from './usage.ts';
import { objects, optionalNumber, optionalText, text } from './wire.ts';

/** Reads the stream of one answer. */
export function createStreamDecoder(): StreamDecoder {
  return new ResponsesStreamDecoder();
}

interface OpenItem {
  readonly reader: ItemReader;
  done: boolean;
}

class ResponsesStreamDecoder implements StreamDecoder {
  #events: GenerationEvent[] = [];
  /** Items by `output_index` and by id: some servers leave out one or the other. */
  readonly #items: Map<string, OpenItem> = new Map();
  readonly #opened: OpenItem[] = [];
  #blocks = 0;
  #started = false;
  #finished = false;
  #held: (() => void) | undefined;
  readonly #state: StreamState = {
    nextBlock: () => {
      this.#endHeld();
      return this.#blocks++;
    },
    emit: (event) => this.#events.push(event),
    openCalls: new Map(),
    lastText: undefined,
    endLater: (end) => {
      this.#endHeld();
      this.#held = end;
    },
    hasCall: false,
    hasRefusal: false,
  };

  push(frame: SseFrame): readonly GenerationEvent[] {
    if (this.#finished || frame.data === '' || frame.data === '[DONE]') return [];
    const event = parseJsonObject(frame.data);
    if (event === undefined) {
      throw new ProxyError('upstream_invalid_response', 'the upstream sent a stream event that is not a JSON object');
    }
    this.#events = [];
    this.#read(optionalText(event['type']) ?? frame.event ?? '', event);
    return this.#events;
  }

  end(): readonly GenerationEvent[] {
    if (this.#finished) return [];
    throw new ProxyError('upstream_stream_truncated', 'the upstream closed the stream before response.completed');
  }

  #read(type: string, event: JsonObject): void {
    switch (type) {
      case 'response.created':
      case 'response.in_progress':
      case 'response.queued':
        this.#start(event);
        return;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        this.#finish(event);
        return;
      case 'response.failed':
      case 'error':
        throw inStreamError(event);
      case 'response.output_item.added':
        this.#open(event, itemOf(event));
        return;
      case 'response.output_item.done':
        this.#done(event, itemOf(event));
        return;
      default:
        // Progress of built-in calls, rate limits and kinds of event not known yet say nothing about the answer.
        if (type.startsWith('response.')) this.#find(event, type)?.reader.read(type.slice('response.'.length), event);
    }
  }

  #start(event: JsonObject): void {
    if (this.#started) return;
    this.#started = true;
    const response = isJsonObject(event['response']) ? event['response'] : {};
    this.#events.push({ type: 'response-start', id: text(response['id']), ...responseFacts(response) });
  }

  #open(event: JsonObject, item: JsonObject): OpenItem {
    this.#start({});
    const open = { reader: createItemReader(item, this.#state), done: false };
    const keys = keysOf(event, item);
    // Without an index the order of arrival stands for it.
    if (optionalNumber(event['output_index']) === undefined) keys.push(indexKey(this.#opened.length));
    for (const key of keys) this.#items.set(key, open);
    this.#opened.push(open);
    return open;
  }

  #endHeld(): void {
    const end = this.#held;
    this.#held = undefined;
    end?.();
  }

  #lookUp(keys: readonly string[]): OpenItem | undefined {
    return keys.map((key) => this.#items.get(key)).find((item) => item !== undefined);
  }

  #find(event: JsonObject, type: string): OpenItem | undefined {
    const keys = keysOf(event, {});
    const found = this.#lookUp(keys) ?? (keys.length === 0 ? this.#opened.at(-1) : undefined);
    if (found !== undefined) return found.done ? undefined : found;
    // A server that does not announce its items: the event's kind tells what it belongs to.
    const itemType = itemTypeOf(type);
    return itemType === undefined ? undefined : this.#open(event, { type: itemType, id: event['item_id'] });
  }

  #done(event: JsonObject, item: JsonObject): void {
    const open = this.#lookUp(keysOf(event, item)) ?? this.#open(event, item);
    if (open.done) return;
    open.done = true;
    open.reader.end(item);
  }

  /** An item of the terminal event: the ids of some servers change from event to event, the place does not. */
  #hydrate(item: JsonObject, index: number): void {
    const open = this.#lookUp([...keysOf({}, item), indexKey(index)]) ?? this.#open({ output_index: index }, item);
    if (open.done) return;
    open.done = true;
    open.reader.end(item);
  }

  #finish(event: JsonObject): void {
    const response = isJsonObject(event['response']) ? event['response'] : {};
    if (response['status'] === 'failed') throw inStreamError(event);
    this.#start(event);
    for (const [index, item] of objects(response['output']).entries()) this.#hydrate(item, index);
    for (const item of this.#opened) {
      if (!item.done) item.reader.abandon();
    }
    this.#endHeld();
    this.#finished = true;
    const status = response['status'] ?? (event['type'] === 'response.incomplete' ? 'incomplete' : 'completed');
    const finishReason = decodeFinishReason({ ...response, status }, this.#state.hasCall, this.#state.hasRefusal);
    this.#events.push({ type: 'candidate-end', candidate: 0, finishReason, ...decodeStopSequence(response) });
    this.#events.push({ type: 'response-end', usage: decodeUsage(response['usage']) });
  }
}

const indexKey = (index: number): string => `#${index}`;

function itemOf(event: JsonObject): JsonObject {
  return isJsonObject(event['item']) ? event['item'] : {};
}

/** The names under which an event's item may be known; its place first, because it is the surest. */
function keysOf(event: JsonObject, item: JsonObject): string[] {
  const index = optionalNumber(event['output_index']);
  const id = optionalText(event['item_id']) ?? optionalText(item['id']);
  return [...(index === undefined ? [] : [indexKey(index)]), ...(id === undefined ? [] : [`id:${id}`])];
}

function itemTypeOf(type: string): string | undefined {
  if (type.startsWith('response.output_text.') || type.startsWith('response.refusal.')) return 'message';
  if (type.startsWith('response.reasoning_')) return 'reasoning';
  if (type.startsWith('response.function_call_arguments.')) return 'function_call';
  return type.startsWith('response.custom_tool_call_input.') ? 'custom_tool_call' : undefined;
}
