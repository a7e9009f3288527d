import { ProxyError, upstreamError } from '../../errors.ts';
import type { SseFrame } from '../../framing/sse.ts';
import {
  type Citation,
  type FinishReason,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
} from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import type { StreamDecoder } from '../codec.ts';
import { CallDecoder } from './decode-calls.ts';
import { decodeStreamError } from './errors.ts';
import { ThinkingTags } from './thinking-tags.ts';
import { bestUsage, noteUsage, type UsageNotes } from './usage.ts';
import { DIALECT, firstText, textOf } from './wire.ts';

const NOTHING: readonly GenerationEvent[] = [];
const FAILURE = /^(?:exception|error):(.*)$/;

/** Events of an AWS event stream -> generation events. The stream ends with its last message, and no event says so. */
export function createStreamDecoder(): StreamDecoder {
  return new AnswerDecoder();
}

class AnswerDecoder implements StreamDecoder {
  readonly #calls = new CallDecoder(() => this.#blocks++);
  readonly #tags = new ThinkingTags();
  readonly #usage: UsageNotes = {};
  #blocks = 0;
  #open: { readonly type: 'text' | 'reasoning'; readonly block: number } | undefined;
  #started = false;
  #stopReason: string | undefined;

  push({ event = '', data }: SseFrame): readonly GenerationEvent[] {
    const failure = FAILURE.exec(event)?.[1];
    const payload = parsePayload(data, failure !== undefined);
    // Some services put the payload under the name of its event.
    const nested = payload[event];
    const content = isJsonObject(nested) ? nested : payload;
    if (failure !== undefined) throw upstreamError(decodeStreamError(content, textOf(failure)));
    if (isFailure(content)) throw upstreamError(decodeStreamError(content));
    const events = this.#decode(event, content);
    if (this.#started) return events;
    this.#started = true;
    return [{ type: 'response-start', id: '', model: '' }, ...events];
  }

  end(): readonly GenerationEvent[] {
    if (!this.#started)
      throw new ProxyError('upstream_stream_truncated', 'the upstream sent a stream without an event');
    const rest = this.#tags.end().flatMap((piece) => this.#write(piece.type, piece.text));
    return [
      ...rest,
      ...this.#close(),
      ...this.#calls.end(),
      {
        type: 'candidate-end',
        candidate: 0,
        finishReason: this.#calls.any ? 'tool-calls' : reasonOf(this.#stopReason),
      },
      { type: 'response-end', usage: bestUsage(this.#usage) },
    ];
  }

  #decode(event: string, content: JsonObject): readonly GenerationEvent[] {
    switch (event) {
      case 'assistantResponseEvent':
        return this.#text(content);
      case 'reasoningContentEvent':
        return this.#reasoning(content);
      case 'toolUseEvent':
        return [...this.#pause(), ...this.#calls.piece(content)];
      case 'messageStopEvent':
      case 'message_stop':
        this.#note(content);
        return NOTHING;
      case 'messageMetadataEvent':
      case 'metadataEvent':
      case 'usageEvent':
      case 'usage':
      case 'metricsEvent':
        noteUsage(this.#usage, content);
        return NOTHING;
      case 'supplementaryWebLinksEvent':
        noteUsage(this.#usage, content);
        return this.#links(content);
      case 'error':
      case 'exception':
      case 'internalServerException':
        throw upstreamError(decodeStreamError(content, firstText(content, 'type', '_type') ?? event));
      default:
        // What is billed (`meteringEvent`), what is left (`contextUsageEvent`), hints of user interfaces
        // (`followupPromptEvent`), states that pass (`invalidStateEvent`), and what later versions may add.
        return NOTHING;
    }
  }

  #text(content: JsonObject): readonly GenerationEvent[] {
    this.#note(content);
    const pieces = this.#tags.push(textOf(content['content']) ?? '');
    const uses = content['toolUses'];
    const texts = pieces.flatMap((piece) => this.#write(piece.type, piece.text));
    if (!isJsonArray(uses) || uses.length === 0) return texts;
    return [...texts, ...this.#pause(), ...uses.filter(isJsonObject).flatMap((use) => this.#calls.whole(use))];
  }

  #reasoning(content: JsonObject): readonly GenerationEvent[] {
    const redacted = textOf(content['redactedContent']);
    const text = textOf(content['text']);
    const signature = textOf(content['signature']);
    const events = text === undefined ? [] : [...this.#write('reasoning', text)];
    if (signature !== undefined) events.push(...this.#sign(signature));
    if (redacted !== undefined) {
      events.push(...this.#close());
      const block = this.#blocks++;
      events.push(
        { type: 'reasoning-start', block, candidate: 0, summary: false, redacted: true },
        { type: 'block-signature', block, signature: { origin: DIALECT, value: redacted } },
        { type: 'block-end', block },
      );
    }
    return events;
  }

  /** A signature ends the thoughts that it is for. */
  #sign(value: string): GenerationEvent[] {
    const opened = this.#open?.type === 'reasoning' ? [] : this.#write('reasoning', '');
    const block = this.#open?.block ?? 0;
    return [...opened, { type: 'block-signature', block, signature: { origin: DIALECT, value } }, ...this.#close()];
  }

  #write(type: 'text' | 'reasoning', text: string): GenerationEvent[] {
    const events: GenerationEvent[] = [];
    if (this.#open?.type !== type) {
      events.push(...this.#close());
      this.#open = { type, block: this.#blocks++ };
      const place = { block: this.#open.block, candidate: 0 };
      events.push(
        type === 'text'
          ? { type: 'text-start', ...place }
          : { type: 'reasoning-start', ...place, summary: false, redacted: false },
      );
    }
    if (text !== '') events.push({ type: `${type}-delta`, block: this.#open.block, text });
    return events;
  }

  /** Before a call: what was held back of the text, and its end. */
  #pause(): GenerationEvent[] {
    return [...this.#tags.end().flatMap((piece) => this.#write(piece.type, piece.text)), ...this.#close()];
  }

  #close(): GenerationEvent[] {
    const open = this.#open;
    this.#open = undefined;
    return open === undefined ? [] : [{ type: 'block-end', block: open.block }];
  }

  #links(content: JsonObject): readonly GenerationEvent[] {
    const open = this.#open;
    const links = content['supplementaryWebLinks'];
    if (open?.type !== 'text' || !isJsonArray(links)) return NOTHING;
    return links.filter(isJsonObject).map((citation): GenerationEvent => {
      return { type: 'text-citation', block: open.block, dialect: DIALECT, citation, sources: [sourceOf(citation)] };
    });
  }

  #note(content: JsonObject): void {
    this.#stopReason = firstText(content, 'stopReason', 'stop_reason') ?? this.#stopReason;
  }
}

function sourceOf(link: JsonObject): Citation {
  const url = textOf(link['url']);
  const title = textOf(link['title']);
  const quote = textOf(link['snippet']);
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
  };
}

/** Failures may come as events like any other. */
function isFailure(content: JsonObject): boolean {
  const type = content['type'];
  return (
    textOf(content['_type']) !== undefined ||
    textOf(content['__type']) !== undefined ||
    type === 'error' ||
    type === 'exception'
  );
}

function reasonOf(wire: string | undefined): FinishReason {
  switch (wire?.toLowerCase()) {
    case undefined:
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'tool_use':
      return 'tool-calls';
    case 'max_tokens':
      return 'length';
    case 'content_filtered':
    case 'guardrail_intervened':
      return 'content-filter';
    case 'refusal':
      return 'refusal';
    default:
      return 'other';
  }
}

/** The payload of a failure may be plain text. */
function parsePayload(data: string, isFailed: boolean): JsonObject {
  if (data === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    if (isFailed) return { message: data };
    throw new ProxyError('upstream_invalid_response', "an event of the upstream's stream is not JSON", { cause });
  }
  if (isJsonObject(value)) return value;
  throw new ProxyError('upstream_invalid_response', "the upstream's stream holds an event that is not an object");
}
