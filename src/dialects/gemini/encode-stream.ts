import type { ProxyError } from '../../errors.ts';
import {
  type Citation,
  type FinishReason,
  type GenerationEvent,
  isKnownUsage,
  type JsonObject,
  type JsonValue,
  type Signature,
  type TranslationWarning,
  type Usage,
} from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { Level, Some } from '../../ir/wire-level.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { clientSignature, encodeAnswerCall, encodeAnswerPart } from './encode-part.ts';
import { encodeTime, foreignCitations, NO_PROMPT, noForm } from './encode-response.ts';
import { encodeError } from './errors.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { Grounding, losesCitations } from './grounding.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeForeignTool } from './server-tools.ts';
import { encodeUsage } from './usage.ts';
import { DIALECT } from './wire.ts';
import type { AnswerHead, Candidate, Answer as WireAnswer } from './wire-types.ts';

/** A chunk without the fields that all have. */
type Chunk = Omit<WireAnswer, keyof AnswerHead>;

type BlockStart = Extract<
  GenerationEvent,
  { type: 'text-start' | 'refusal-start' | 'reasoning-start' | 'tool-call-start' }
>;

type WholeEvent = Extract<GenerationEvent, { type: 'media' | 'opaque' }>;

interface Answer {
  /** Of the texts that are whole. */
  bytes: number;
  readonly grounding: Grounding;
}

type Cited = Extract<GenerationEvent, { type: 'text-citation' }>;

interface Block {
  readonly start: BlockStart;
  /** A chunk up to the text of its only part; the text and `tail` complete it. */
  readonly head: string;
  readonly tail: string;
  arguments: string;
  /** Of a text, what came so far. */
  text: string;
  readonly answer: Answer;
  /** Other dialects' sources of the text. */
  sources?: Citation[];
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
  /** What goes with the finish reason: citations. */
  readonly #answers = new Map<number, Answer>();
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
          : this.#measured(event.block, event.text, event.logprobs);
      case 'refusal-delta':
      case 'reasoning-delta':
        return this.#text(event.block, event.text);
      case 'tool-call-delta': {
        const block = this.#blocks.get(event.block);
        if (block !== undefined) block.arguments += event.arguments;
        return '';
      }
      case 'text-citation':
        return this.#cite(event);
      case 'block-signature':
        return this.#sign(event.block, event.signature);
      case 'block-end':
        return this.#close(event.block);
      case 'media':
        if (event.part.revisedPrompt !== undefined)
          this.#losses.add(`candidates[${event.candidate}].content[${event.block}].revisedPrompt`, NO_PROMPT);
        return this.#whole(event, encodeAnswerPart(event.part));
      case 'server-tool':
        return this.#serverTool(event);
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
    const fields: Level<AnswerHead> = {
      modelVersion: this.#context.model,
      responseId: id || this.#context.newId(''),
      createTime: createdAtS === undefined ? undefined : encodeTime(createdAtS),
    };
    this.#common = `,${JSON.stringify(fields).slice(1)}`;
  }

  #open(start: BlockStart): void {
    const prefix = this.#sse ? 'data: ' : '';
    const answer = this.#answer(start.candidate);
    const thought = start.type === 'reasoning-start' ? ',"thought":true' : '';
    this.#blocks.set(start.block, {
      start,
      head: `${prefix}{"candidates":[{"content":{"parts":[{"text":`,
      tail: `${thought}}],"role":"model"},"index":${start.candidate}}]${this.#common}${this.#sse ? '\n\n' : ''}`,
      arguments: '',
      text: '',
      answer,
    });
  }

  /** The hot path: one per delta, so the JSON around the text is made once per block. */
  #text(number: number, text: string): string {
    const block = this.#blocks.get(number);
    if (block === undefined || text === '') return '';
    if (block.start.type === 'text-start') block.text += text;
    const chunk = block.head + JSON.stringify(text) + block.tail;
    return this.#sse ? chunk : this.#frame(chunk);
  }

  #measured(number: number, text: string, logprobs: readonly JsonValue[]): string {
    const candidate = this.#candidateOf(number);
    const block = this.#blocks.get(number);
    if (block !== undefined) block.text += text;
    return this.#chunk(candidate, { text }, { logprobsResult: encodeLogprobs(logprobs) });
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
      if (block !== undefined) this.#support(block);
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
        encodeAnswerCall({ type: 'tool-call', id, name, kind, arguments: text, ...signed }),
      );
    }
    return out;
  }

  #cite({ block: number, dialect, citation, sources = [] }: Cited): '' {
    const block = this.#blocks.get(number);
    const candidate = block?.start.candidate ?? 0;
    const { grounding } = this.#answer(candidate);
    grounding.cite(dialect, [citation]);
    if (dialect !== DIALECT && block !== undefined) {
      block.sources ??= [];
      block.sources.push(...sources);
    }
    if (!losesCitations(dialect, sources)) return '';
    return this.#losses.add(`candidates[${candidate}].content[${number}].citations`, foreignCitations(dialect));
  }

  /** The sources of a text that is whole. */
  #support({ answer, text, sources }: Block): void {
    if (sources !== undefined) answer.grounding.support(sources, text, answer.bytes);
    answer.bytes += Buffer.byteLength(text);
  }

  #serverTool({ candidate, block, part }: Extract<GenerationEvent, { type: 'server-tool' }>): string {
    const own = part.origin === DIALECT;
    if (!own && this.#answer(candidate).grounding.use(part)) return '';
    if (own) return part.value === undefined ? '' : this.#chunk(candidate, part.value);
    const parts = encodeForeignTool(part).map((wire) => this.#chunk(candidate, wire));
    if (parts.length > 0) return parts.join('');
    return this.#losses.add(`candidates[${candidate}].content[${block}]`, noForm(part.type));
  }

  #answer(candidate: number): Answer {
    let answer = this.#answers.get(candidate);
    if (answer === undefined) {
      answer = { bytes: 0, grounding: new Grounding() };
      this.#answers.set(candidate, answer);
    }
    return answer;
  }

  #candidateOf(number: number): number {
    return this.#blocks.get(number)?.start.candidate ?? 0;
  }

  #chunk(index: number, part: JsonObject, extra: Some<Candidate> = {}): string {
    const candidate = { content: { parts: [part], role: 'model' }, index, ...extra } satisfies Level<Candidate>;
    const body: Level<Chunk> = { candidates: [candidate] };
    return this.#frame(`${JSON.stringify(body).slice(0, -1)}${this.#common}`);
  }

  #finish(usage: Usage): string {
    const calls = this.#wholeCalls(true);
    const candidates = [...this.#finished].map(
      ([index, reason]): Level<Candidate> => ({
        // Clients look for a part in every chunk; Google sends an empty one here too.
        content: { parts: [{ text: '' }], role: 'model' },
        finishReason: encodeFinishReason(reason),
        index,
        ...this.#answers.get(index)?.grounding.fields(),
      }),
    );
    const body: Level<Chunk> = { candidates, usageMetadata: isKnownUsage(usage) ? encodeUsage(usage) : undefined };
    const frame = this.#frame(`${JSON.stringify(body).slice(0, -1)}${this.#common}`);
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
