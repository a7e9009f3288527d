import type { Candidate, FinishReason, GenerationEvent, GenerationResponse, JsonValue, Part } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';

/** How the tool was offered. */
export interface OutputToolForm {
  /** The answer is the argument `value`, because it need not be an object. */
  readonly wrapped: boolean;
  /** The model could have written text before it called the tool. */
  readonly mayTalk: boolean;
}

/** Makes the call of the output tool the text answer that the client asked for. */
export class OutputToolAnswer {
  readonly #name: string;
  readonly #form: OutputToolForm;
  /** Text that came before any call: no part of the answer once the tool is called. */
  #held: GenerationEvent[] = [];
  readonly #heldBlocks = new Set<number>();
  /** Arguments by the block of the tool's calls. */
  readonly #answers = new Map<number, string>();
  #answered = false;
  #otherCalls = false;

  constructor(name: string, form: OutputToolForm) {
    this.#name = name;
    this.#form = form;
  }

  /** A whole answer. */
  response(response: GenerationResponse): GenerationResponse {
    return { ...response, candidates: response.candidates.map((candidate) => this.#candidate(candidate)) };
  }

  #candidate(candidate: Candidate): Candidate {
    const isAnswer = (part: Part): boolean => part.type === 'tool-call' && part.name === this.#name;
    const first = candidate.content.findIndex(isAnswer);
    if (first < 0) return candidate;
    const content = candidate.content.flatMap((part, index): Part[] => {
      if (part.type === 'text') return [];
      if (part.type !== 'tool-call' || part.name !== this.#name) return [part];
      return index === first ? [{ type: 'text', text: this.#text(part.arguments) }] : [];
    });
    const calls = content.some((part) => part.type === 'tool-call');
    return { ...candidate, content, finishReason: this.#finish(candidate.finishReason, calls) };
  }

  #finish(reason: FinishReason, otherCalls: boolean): FinishReason {
    return reason === 'tool-calls' && !otherCalls ? 'stop' : reason;
  }

  #text(callArguments: string): string {
    const text = callArguments === '' ? '{}' : callArguments;
    if (!this.#form.wrapped) return text;
    const value: JsonValue | undefined = parseJsonObject(text)?.['value'];
    return value === undefined ? text : JSON.stringify(value);
  }

  /** One event of a stream, as none, one or several. */
  event(event: GenerationEvent): readonly GenerationEvent[] {
    if (this.#form.mayTalk && this.#holds(event)) return [];
    switch (event.type) {
      case 'tool-call-start':
        return this.#callStart(event);
      case 'tool-call-delta':
        return this.#callDelta(event);
      case 'block-end':
        return this.#blockEnd(event);
      case 'candidate-end':
        if (!this.#answered) return [...this.#release(), event];
        return [{ ...event, finishReason: this.#finish(event.finishReason, this.#otherCalls) }];
      case 'response-start':
      case 'text-start':
      case 'text-delta':
      case 'text-citation':
      case 'refusal-start':
      case 'refusal-delta':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'block-signature':
      case 'media':
      case 'server-tool':
      case 'opaque':
      case 'response-end':
        return [event];
    }
  }

  #holds(event: GenerationEvent): boolean {
    if (event.type === 'text-start') this.#heldBlocks.add(event.block);
    const held = 'block' in event && this.#heldBlocks.has(event.block);
    if (held && !this.#answered) this.#held.push(event);
    return held;
  }

  #release(): readonly GenerationEvent[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #callStart(event: Extract<GenerationEvent, { type: 'tool-call-start' }>): readonly GenerationEvent[] {
    const { block, candidate } = event;
    if (event.name !== this.#name) {
      this.#otherCalls = true;
      return [...this.#release(), event];
    }
    this.#held = [];
    const again = this.#answered;
    this.#answered = true;
    if (again) {
      this.#heldBlocks.add(block);
      return [];
    }
    this.#answers.set(block, '');
    return [{ type: 'text-start', block, candidate }];
  }

  #callDelta(event: Extract<GenerationEvent, { type: 'tool-call-delta' }>): readonly GenerationEvent[] {
    const { block } = event;
    const sofar = this.#answers.get(block);
    if (sofar === undefined) return this.#heldBlocks.has(block) ? [] : [event];
    this.#answers.set(block, sofar + event.arguments);
    return this.#form.wrapped ? [] : [{ type: 'text-delta', block, text: event.arguments }];
  }

  #blockEnd(event: Extract<GenerationEvent, { type: 'block-end' }>): readonly GenerationEvent[] {
    const { block } = event;
    const text = this.#answers.get(block);
    if (text === undefined) return this.#heldBlocks.has(block) ? [] : [event];
    const late = this.#form.wrapped || text === '';
    const answer: GenerationEvent = { type: 'text-delta', block, text: this.#text(text) };
    return late ? [answer, event] : [event];
  }
}
