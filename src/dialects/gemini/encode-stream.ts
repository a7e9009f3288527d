import type { ProxyError } from '../../errors.ts';
import type {
  FinishReason,
  GenerationEvent,
  JsonObject,
  JsonValue,
  MutableJsonObject,
  Signature,
  TranslationWarning,
  Usage,
} from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { encodeCitations } from './citations.ts';
import { clientSignature, encodeAnswerPart } from './encode-part.ts';
import { encodeTime, foreignCitations, noForm } from './encode-response.ts';
import { encodeError } from './errors.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeUsage } from './usage.ts';
import { DIALECT } from './wire.ts';

type BlockStart = Extract<
  GenerationEvent,
  { type: 'text-start' | 'refusal-start' | 'reasoning-start' | 'tool-call-start' }
>;

type WholeEvent = Extract<GenerationEvent, { type: 'media' | 'opaque' }>;

interface Block {
  readonly start: BlockStart;
  /** A chunk up to the text of its only part; the text and `tail` complete it. */
  readonly head: string;
  readonly tail: string;
  arguments: string;
  signature?: Signature;
  /** A call that is whole, but waits for those before it. */
  closed?: boolean;
}

/** Generation events -> Gemini chunks, as SSE or as one JSON array. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new GeminiStreamEncoder(context);
}

class GeminiStreamEncoder implements StreamEncoder {
  readonly #context: ReplyContext;
  readonly #sse: boolean;
  readonly #blocks = new Map<number, Block>();
  /** Candidate fields that go with the finish reason: citations. */
  readonly #extras = new Map<number, JsonObject>();
  readonly #losses = new LossNotes();
  readonly #finished = new Map<number, FinishReason>();
  /** The fields that every chunk ends with, without the opening brace. */
  #common = '}';
  #started = false;

  constructor(context: ReplyContext) {
    this.#context = context;
    this.#sse = context.framing === 'sse';
  }

  push(event: GenerationEvent): string {
    switch (event.type) {
      case 'response-start':
        this.#setCommon(event.id, event.createdAtS);
        return '';
      case 'text-start':
      case 'refusal-start':
      case 'reasoning-start':
      case 'tool-call-start':
        this.#open(event);
        return '';
      case 'text-delta':
        return event.logprobs === undefined
          ? this.#text(event.block, event.text)
          : this.#chunk(
              this.#candidateOf(event.block),
              { text: event.text },
              { logprobsResult: encodeLogprobs(event.logprobs) },
            );
      case 'refusal-delta':
      case 'reasoning-delta':
        return this.#text(event.block, event.text);
      case 'tool-call-delta': {
        const block = this.#blocks.get(event.block);
        if (block !== undefined) block.arguments += event.arguments;
        return '';
      }
      case 'text-citation':
        return this.#cite(event.block, event.dialect, event.citation);
      case 'block-signature':
        return this.#sign(event.block, event.signature);
      case 'block-end':
        return this.#close(event.block);
      case 'media':
        return this.#whole(event, encodeAnswerPart(event.part));
      case 'opaque':
        return this.#whole(event, encodeAnswerPart({ ...event, type: 'opaque' }));
      case 'candidate-end':
        this.#finished.set(event.candidate, event.finishReason);
        return '';
      case 'response-end':
        return this.#finish(event.usage);
    }
  }

  warnings(): readonly TranslationWarning[] {
    return this.#losses.list();
  }

  #whole(event: WholeEvent, part: JsonObject | undefined): string {
    if (part !== undefined) return this.#chunk(event.candidate, part);
    return this.#losses.add(`candidates[${event.candidate}].content[${event.block}]`, noForm(event.type));
  }

  fail(error: ProxyError): string {
    const frame = this.#frame(JSON.stringify(encodeError(error)));
    return this.#sse ? frame : `${frame}]`;
  }

  #setCommon(id: string, createdAtS: number | undefined): void {
    const fields = {
      modelVersion: this.#context.model,
      responseId: id || this.#context.newId(''),
      ...(createdAtS === undefined ? {} : { createTime: encodeTime(createdAtS) }),
    };
    this.#common = `,${JSON.stringify(fields).slice(1)}`;
  }

  #open(start: BlockStart): void {
    const prefix = this.#sse ? 'data: ' : '';
    const thought = start.type === 'reasoning-start' ? ',"thought":true' : '';
    this.#blocks.set(start.block, {
      start,
      head: `${prefix}{"candidates":[{"content":{"parts":[{"text":`,
      tail: `${thought}}],"role":"model"},"index":${start.candidate}}]${this.#common}${this.#sse ? '\n\n' : ''}`,
      arguments: '',
    });
  }

  /** The hot path: one per delta, so the JSON around the text is made once per block. */
  #text(number: number, text: string): string {
    const block = this.#blocks.get(number);
    if (block === undefined || text === '') return '';
    const chunk = block.head + JSON.stringify(text) + block.tail;
    return this.#sse ? chunk : this.#frame(chunk);
  }

  #sign(number: number, signature: Signature): string {
    const block = this.#blocks.get(number);
    if (block === undefined) return '';
    const { start } = block;
    if (start.type === 'tool-call-start') {
      block.signature = signature;
      return '';
    }
    if (start.type !== 'reasoning-start')
      return this.#chunk(start.candidate, { text: '', ...clientSignature(signature) });
    const part = { text: '', thought: true, ...clientSignature(signature, start.redacted) };
    return this.#chunk(start.candidate, part);
  }

  #close(number: number): string {
    const block = this.#blocks.get(number);
    if (block?.start.type !== 'tool-call-start') {
      this.#blocks.delete(number);
      return '';
    }
    block.closed = true;
    return this.#wholeCalls(false);
  }

  /** The finished calls in the order in which they were begun. `all`: also those behind one that never ended. */
  #wholeCalls(all: boolean): string {
    let out = '';
    for (const [number, { start, arguments: text, signature, closed }] of this.#blocks) {
      if (start.type !== 'tool-call-start') continue;
      if (closed !== true && !all) break;
      if (closed !== true) continue;
      this.#blocks.delete(number);
      const { id, name, kind, candidate } = start;
      const signed = signature === undefined ? {} : { signature };
      out += this.#chunk(
        candidate,
        encodeAnswerPart({ type: 'tool-call', id, name, kind, arguments: text, ...signed }),
      );
    }
    return out;
  }

  #cite(block: number, dialect: string, citation: JsonValue): '' {
    const candidate = this.#candidateOf(block);
    if (dialect !== DIALECT) {
      return this.#losses.add(`candidates[${candidate}].content[${block}].citations`, foreignCitations(dialect));
    }
    this.#extras.set(candidate, { ...this.#extras.get(candidate), ...encodeCitations(dialect, [citation]) });
    return '';
  }

  #candidateOf(number: number): number {
    return this.#blocks.get(number)?.start.candidate ?? 0;
  }

  #chunk(index: number, part: JsonObject | undefined, extra: JsonObject = {}): string {
    if (part === undefined) return '';
    const candidate = { content: { parts: [part], role: 'model' }, index, ...extra };
    return this.#frame(`${JSON.stringify({ candidates: [candidate] }).slice(0, -1)}${this.#common}`);
  }

  #finish(usage: Usage): string {
    const calls = this.#wholeCalls(true);
    const candidates = [...this.#finished].map(
      ([index, reason]): MutableJsonObject => ({
        // Clients look for a part in every chunk; Google sends an empty one here too.
        content: { parts: [{ text: '' }], role: 'model' },
        finishReason: encodeFinishReason(reason),
        index,
        ...this.#extras.get(index),
      }),
    );
    const body = JSON.stringify({ candidates, usageMetadata: encodeUsage(usage) });
    const frame = this.#frame(`${body.slice(0, -1)}${this.#common}`);
    return calls + (this.#sse ? frame : `${frame}]`);
  }

  /** Frames one chunk; in an array it opens the bracket or sets the comma. */
  #frame(json: string): string {
    if (this.#sse) return `data: ${json}\n\n`;
    const before = this.#started ? ',\r\n' : '[';
    this.#started = true;
    return before + json;
  }
}
