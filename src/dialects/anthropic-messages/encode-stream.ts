import type { ProxyError } from '../../errors.ts';
import { toldUsage } from '../../ir/estimated-usage.ts';
import type { FinishReason, GenerationEvent, ServerToolPart, TranslationWarning, Usage } from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { encodeCitations } from './citations.ts';
import { foreignCitations, foreignPart, noForm, ONE_ANSWER } from './encode-response.ts';
import { type BlockEvent, BlockWriter } from './encode-stream-block.ts';
import { encodeError } from './errors.ts';
import { startUsage } from './estimated-input.ts';
import { encodeServerTool, encodeServerUsage, isNowhere, ServerToolIds } from './server-tools.ts';
import { encodeServiceTier } from './service-tier.ts';
import { DIALECT, encodeStopReason, encodeUsage, unknownAnswer, unknownUsage } from './wire.ts';
import type { ErrorBody, Message, MessageEnd, StreamEvent, Usage as WireUsage } from './wire-types.ts';

/**
 * Generation events -> Claude Messages SSE. Claude clients know one open block at a time with indexes from 0, so the
 * events of other blocks wait until the open one ends. Generated media have no form here and are left out.
 */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new MessageEncoder(context);
}

class MessageEncoder implements StreamEncoder {
  readonly #context: ReplyContext;
  #open: BlockWriter | undefined;
  readonly #waiting = new Map<number, BlockEvent[]>();
  readonly #losses = new LossNotes();
  #nextIndex = 0;
  readonly #toolIds = new ServerToolIds();
  readonly #toolId = (part: ServerToolPart): string => this.#toolIds.idFor(part, this.#responseId);
  #responseId = '';
  readonly #serverTools: ServerToolPart[] = [];
  #hasCall = false;
  #hasRefusal = false;
  /** Of the texts and calls, for an upstream that does not count tokens. */
  #characters = 0;
  #finishReason: FinishReason = 'stop';
  #stopSequence: string | undefined;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  push(event: GenerationEvent): string {
    switch (event.type) {
      case 'response-start':
        return this.#start(event);
      case 'candidate-end':
        if (event.candidate !== 0) return this.#losses.add('candidates', ONE_ANSWER);
        this.#finishReason = event.finishReason;
        this.#stopSequence = event.stopSequence;
        return '';
      case 'response-end':
        return this.#finish(event.usage);
      case 'text-start':
      case 'text-delta':
      case 'text-citation':
      case 'refusal-start':
      case 'refusal-delta':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'block-signature':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'block-end':
      case 'media':
      case 'server-tool':
      case 'opaque':
        this.#noteLoss(event);
        return this.#block(event);
    }
  }

  warnings(): readonly TranslationWarning[] {
    return this.#losses.list();
  }

  #noteLoss(event: BlockEvent): void {
    if ('candidate' in event && event.candidate !== 0) return;
    const path = `candidates[0].content[${event.block}]`;
    if (event.type === 'media') this.#losses.add(path, noForm(event.type));
    else if (event.type === 'opaque' && event.dialect !== DIALECT) this.#losses.add(path, foreignPart(event.dialect));
    else if (event.type === 'server-tool' && losesTool(event.part))
      this.#losses.add(path, foreignPart(event.part.origin));
    else if (event.type === 'text-citation' && encodeCitations({ ...event, items: [event.citation] }).lost)
      this.#losses.add(`${path}.citations`, foreignCitations(event.dialect));
  }

  fail(error: ProxyError): string {
    return frame('error', JSON.stringify(encodeError(error)));
  }

  #start(event: Extract<GenerationEvent, { type: 'response-start' }>): string {
    this.#responseId = event.id;
    const message = {
      id: event.id || this.#context.newId('msg_'),
      type: 'message',
      role: 'assistant',
      model: this.#context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      ...unknownAnswer,
      usage: {
        ...unknownUsage,
        ...encodeUsage(startUsage(event.usage, this.#context.request)),
        ...encodeServiceTier(event.serviceTier),
      } satisfies Level<WireUsage>,
    } satisfies Level<Message>;
    return eventFrame({ type: 'message_start', message });
  }

  #block(event: BlockEvent): string {
    const open = this.#open;
    if (open === undefined) return this.#write(event);
    if (open.block === event.block) {
      const out = this.#write(event);
      return this.#open === undefined && this.#waiting.size > 0 ? out + this.#drain() : out;
    }
    const queue = this.#waiting.get(event.block);
    if (queue) queue.push(event);
    else if ('candidate' in event && event.candidate === 0) this.#waiting.set(event.block, [event]);
    return '';
  }

  /** An event of the open block, or of a block that may open now. */
  #write(event: BlockEvent): string {
    if (this.#open === undefined) {
      // Further candidates have no form here; their deltas find no open block either.
      if (!('candidate' in event) || event.candidate !== 0) return '';
      if (event.type === 'tool-call-start') this.#hasCall = true;
      if (event.type === 'refusal-start') this.#hasRefusal = true;
      if (event.type === 'server-tool') this.#serverTools.push(event.part);
      this.#open = new BlockWriter(event, this.#nextIndex, this.#toolId);
    }
    if (event.type === 'tool-call-delta') this.#characters += event.arguments.length;
    else if ('text' in event) this.#characters += event.text.length;
    const writer = this.#open;
    const out = writer.push(event);
    if (writer.ended) {
      this.#nextIndex = writer.nextIndex;
      this.#open = undefined;
    }
    return out;
  }

  /** Writes the blocks that waited, up to the first that is still open. */
  #drain(): string {
    let out = '';
    for (const [block, events] of this.#waiting) {
      this.#waiting.delete(block);
      for (const event of events) out += this.#write(event);
      if (this.#open !== undefined) break;
    }
    return out;
  }

  #finish(usage: Usage): string {
    let out = '';
    while (this.#open !== undefined) out += this.#block({ type: 'block-end', block: this.#open.block });
    const stopReason = encodeStopReason(this.#finishReason, {
      hasCall: this.#hasCall,
      hasRefusal: this.#hasRefusal,
      stopSequence: this.#stopSequence,
    });
    const stopSequence = this.#stopSequence ?? null;
    const { diagnostics: _, ...unknown } = unknownAnswer;
    const delta = { stop_reason: stopReason, stop_sequence: stopSequence, ...unknown } satisfies MessageEnd;
    // Zeros would overwrite the estimate in `message_start`.
    const told = toldUsage(usage, this.#context.request, this.#characters);
    const counts = { ...encodeUsage(told), ...encodeServerUsage(this.#serverTools) };
    return out + eventFrame({ type: 'message_delta', delta, usage: counts }) + eventFrame({ type: 'message_stop' });
  }
}

function eventFrame(event: Level<StreamEvent>): string {
  return frame(event.type, JSON.stringify(event));
}

function frame(name: StreamEvent['type'] | ErrorBody['type'], data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}

function losesTool(part: ServerToolPart): boolean {
  return !isNowhere(part) && encodeServerTool(part, () => '').length === 0;
}
