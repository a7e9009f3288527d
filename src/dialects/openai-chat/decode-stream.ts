/** Chat Completions SSE -> generation events. https://platform.openai.com/docs/api-reference/chat/streaming */
import { ProxyError, upstreamError } from '../../errors.ts';
import type { SseFrame } from '../../framing/sse.ts';
import { emptyUsage, type GenerationEvent, isJsonObject, type JsonObject, type Usage } from '../../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../../ir/read.ts';
import type { StreamDecoder } from '../codec.ts';
import { bodyError, decodeError } from './errors.ts';
import { StreamCandidate } from './stream-candidate.ts';
import { decodeUsage } from './usage.ts';

/** See {@link UpstreamCodec.createStreamDecoder}. */
export function createStreamDecoder(): StreamDecoder {
  return new ChatStreamDecoder();
}

class ChatStreamDecoder implements StreamDecoder {
  readonly #candidates: Map<number, StreamCandidate> = new Map();
  #events: GenerationEvent[] = [];
  #blocks = 0;
  #head: JsonObject | undefined;
  #started = false;
  #ended = false;
  #usage: Usage = emptyUsage;

  push(frame: SseFrame): readonly GenerationEvent[] {
    if (this.#ended || frame.data === '') return [];
    this.#events = [];
    if (frame.data.trim() === '[DONE]') {
      // Some servers end a stream that broke off behind them as if it were whole.
      if (this.#head === undefined || this.#some(({ cutShort }) => cutShort)) throw truncated();
      this.#finish();
    } else this.#chunk(parseChunk(frame));
    return this.#events;
  }

  end(): readonly GenerationEvent[] {
    if (this.#ended) return [];
    if (this.#candidates.size === 0 || this.#some(({ finished }) => !finished)) throw truncated();
    this.#events = [];
    this.#finish();
    return this.#events;
  }

  #some(test: (candidate: StreamCandidate) => boolean): boolean {
    return [...this.#candidates.values()].some(test);
  }

  #chunk(chunk: JsonObject): void {
    this.#head ??= chunk;
    const choices = isJsonArray(chunk['choices']) ? chunk['choices'] : [];
    this.#readUsage(chunk);
    for (const choice of choices) {
      if (!isJsonObject(choice)) continue;
      // Azure's first chunk has no choices and empty names: the first real one says who answers.
      this.#start(chunk);
      this.#readUsage(choice);
      this.#candidate(choice).push(choice);
    }
  }

  #readUsage(holder: JsonObject): void {
    const groq = holder['x_groq'];
    const usage = holder['usage'] ?? (isJsonObject(groq) ? groq['usage'] : undefined);
    if (isJsonObject(usage)) this.#usage = decodeUsage(usage);
  }

  #start(chunk: JsonObject): void {
    if (this.#started) return;
    this.#started = true;
    const { id, model, created, service_tier: serviceTier } = chunk;
    this.#events.push({
      type: 'response-start',
      id: typeof id === 'string' ? id : '',
      model: typeof model === 'string' ? model : '',
      ...(typeof created === 'number' && { createdAtS: created }),
      ...(typeof serviceTier === 'string' && { serviceTier }),
    });
  }

  #candidate(choice: JsonObject): StreamCandidate {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    let candidate = this.#candidates.get(index);
    if (candidate === undefined) {
      candidate = new StreamCandidate({
        candidate: index,
        nextBlock: () => this.#blocks++,
        emit: (event) => this.#events.push(event),
      });
      this.#candidates.set(index, candidate);
    }
    return candidate;
  }

  /** Usage comes after the finish reason, so everything that ends does so here. */
  #finish(): void {
    this.#ended = true;
    if (this.#head !== undefined) this.#start(this.#head);
    const candidates = [...this.#candidates].sort(([a], [b]) => a - b).map(([, candidate]) => candidate);
    for (const candidate of candidates) candidate.end();
    for (const candidate of candidates) this.#events.push(candidate.endEvent());
    this.#events.push({ type: 'response-end', usage: this.#usage });
  }
}

function parseChunk(frame: SseFrame): JsonObject {
  const chunk = parseJsonObject(frame.data);
  if (frame.event === 'error') throw upstreamError(decodeError(502, chunk ?? frame.data));
  if (chunk === undefined) {
    throw new ProxyError('upstream_invalid_response', 'the upstream streamed data that is not a JSON object');
  }
  const failure = bodyError(chunk);
  if (failure !== undefined) throw failure;
  return chunk;
}

function truncated(): ProxyError {
  return new ProxyError('upstream_stream_truncated', 'the upstream ended the stream before the answer was complete');
}
