import type { ProxyError } from '../../errors.ts';
import {
  type GenerationEvent,
  isJsonObject,
  isKnownUsage,
  type JsonValue,
  type TranslationWarning,
} from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { dialectId } from './decode-request.ts';
import { encodeFinishReason, encodeLogprobs, encodeUsage } from './encode-choice.ts';
import { encodeError } from './encode-error.ts';
import { noForm } from './encode-response.ts';

/** See {@link ClientCodec.createStreamEncoder}. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new CompletionsStreamEncoder(context);
}

class CompletionsStreamEncoder implements StreamEncoder {
  readonly #context: ReplyContext;
  /** Text blocks and the candidate each belongs to. */
  readonly #blocks: Map<number, number> = new Map();
  /** Characters written per candidate, for `text_offset`. */
  readonly #written: Map<number, number> = new Map();
  readonly #losses: LossNotes = new LossNotes();
  #head = '';

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  push(event: GenerationEvent): string {
    switch (event.type) {
      case 'text-delta':
        return this.#delta(event.block, event.text, event.logprobs);
      case 'refusal-delta':
        return this.#delta(event.block, event.text, undefined);
      case 'response-start':
        this.#start(event);
        return '';
      case 'text-start':
      case 'refusal-start':
        this.#blocks.set(event.block, event.candidate);
        return '';
      case 'candidate-end': {
        const reason = JSON.stringify(encodeFinishReason(event.finishReason));
        return `${this.#head}{"text":"","index":${event.candidate},"logprobs":null,"finish_reason":${reason}}]}\n\n`;
      }
      case 'response-end':
        return `${this.#usage(event)}data: [DONE]\n\n`;
      case 'block-end':
        this.#blocks.delete(event.block);
        return '';
      // A completion is text: nothing else has a place in it.
      case 'reasoning-start':
      case 'tool-call-start':
      case 'media':
      case 'server-tool':
      case 'opaque':
        return this.#losses.add(
          `choices[${event.candidate}].content[${event.block}]`,
          noForm(event.type.replace('-start', '')),
        );
      case 'text-citation':
      case 'reasoning-delta':
      case 'block-signature':
      case 'tool-call-delta':
        return '';
    }
  }

  warnings(): readonly TranslationWarning[] {
    return this.#losses.list();
  }

  fail(error: ProxyError): string {
    return `data: ${JSON.stringify(encodeError(error))}\n\n`;
  }

  #start(event: Extract<GenerationEvent, { type: 'response-start' }>): void {
    const { model, nowS } = this.#context;
    const id = event.id === '' ? this.#context.newId('cmpl-') : event.id;
    const head = { id, object: 'text_completion', created: event.createdAtS ?? nowS, model };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  }

  #delta(block: number, text: string, entries: readonly JsonValue[] | undefined): string {
    const index = this.#blocks.get(block);
    if (index === undefined) return '';
    const offset = this.#written.get(index) ?? 0;
    this.#written.set(index, offset + text.length);
    const logprobs = entries === undefined ? 'null' : JSON.stringify(encodeLogprobs(entries, offset));
    return `${this.#head}{"text":${JSON.stringify(text)},"index":${index},"logprobs":${logprobs},"finish_reason":null}]}\n\n`;
  }

  #usage(event: Extract<GenerationEvent, { type: 'response-end' }>): string {
    const options = this.#context.request.extensions[dialectId]?.['stream_options'];
    if (!isJsonObject(options) || options['include_usage'] !== true || !isKnownUsage(event.usage)) return '';
    return `${this.#head}],"usage":${JSON.stringify(encodeUsage(event.usage))}}\n\n`;
  }
}
