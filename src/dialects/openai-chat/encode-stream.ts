/** Generation events -> Chat Completions SSE. https://platform.openai.com/docs/api-reference/chat/streaming */

import type { ProxyError } from '../../errors.ts';
import { codePointLength } from '../../ir/citation.ts';
import { unwrapCustomInput } from '../../ir/custom-tool.ts';
import {
  type Citation,
  encodeSignature,
  type GenerationEvent,
  isKnownUsage,
  type MediaPart,
  type Signature,
  type TranslationWarning,
} from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { encodeSources, losesCitations } from './annotations.ts';
import {
  encodeImage,
  FURTHER_CALLS,
  foreignCitations,
  foreignItem,
  generatedMedium,
  NO_PROMPT,
} from './encode-response.ts';
import { encodeError } from './errors.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeDetail } from './reasoning-details.ts';
import { customToolNames, isLegacyRequest, wantsStreamUsage } from './reply-options.ts';
import { encodeUsage } from './usage.ts';
import { dialectId, thoughtSignature } from './wire.ts';
import type { ChunkHead, Delta, Logprobs, ToolCallDelta } from './wire-types.ts';

type Start<T extends GenerationEvent['type']> = Extract<GenerationEvent, { type: T }>;

interface Block {
  readonly candidate: Candidate;
  /** Everything of a delta's line before and after its JSON string, written once. */
  readonly before: string;
  readonly after: string;
  readonly call?: number;
  readonly reasoning?: Start<'reasoning-start'>;
  /** A call of a custom tool. */
  readonly custom?: boolean;
  /** Arguments of a custom tool wrapped in JSON: written unwrapped at the end. */
  readonly wrapped?: boolean;
  /** Text so far, reasoning, which an entry of `reasoning_details` repeats, or wrapped arguments. */
  text: string;
  readonly isText?: true;
  /** Other dialects' sources of the text. */
  sources?: Citation[];
}

interface Candidate {
  readonly index: number;
  /** `data: {... "choices":[{"index":N,"delta":` */
  readonly head: string;
  calls: number;
  details: number;
  images: number;
  refused: boolean;
  /** Texts that are whole: annotations count characters from the first of them. */
  readonly earlier: string[];
}

const tail = ',"finish_reason":null}]}\n\n';
const closing = `}${tail}`;
const FIRST = JSON.stringify({ role: 'assistant', content: '', refusal: null } satisfies Delta);

/** See {@link ClientCodec.createStreamEncoder}. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new ChatStreamEncoder(context);
}

class ChatStreamEncoder implements StreamEncoder {
  readonly #context: ReplyContext;
  readonly #legacy: boolean;
  readonly #customTools: ReadonlySet<string>;
  readonly #candidates: Map<number, Candidate> = new Map();
  readonly #blocks: Map<number, Block> = new Map();
  readonly #losses: LossNotes = new LossNotes();
  #head = '';

  constructor(context: ReplyContext) {
    this.#context = context;
    this.#legacy = isLegacyRequest(context.request);
    this.#customTools = customToolNames(context.request);
  }

  push(event: GenerationEvent): string {
    switch (event.type) {
      case 'text-delta':
        return this.#textDelta(event);
      case 'refusal-delta':
        return this.#delta(event.block, event.text);
      case 'reasoning-delta':
        return this.#delta(event.block, event.text, true);
      case 'tool-call-delta':
        return this.#delta(event.block, event.arguments);
      case 'response-start':
        return this.#start(event);
      case 'text-start':
      case 'refusal-start':
      case 'reasoning-start':
        return this.#open(event);
      case 'tool-call-start':
        return this.#openCall(event);
      case 'text-citation':
        return this.#cite(event);
      case 'block-signature':
        return this.#sign(event.block, event.signature);
      case 'block-end':
        return this.#close(event.block);
      case 'media':
        return this.#media(event.part, event.candidate);
      case 'server-tool':
        return this.#lose(event.candidate, foreignItem(event.part.origin));
      case 'opaque':
        return event.dialect === dialectId ? '' : this.#lose(event.candidate, foreignItem(event.dialect));
      case 'candidate-end':
        return this.#finish(event);
      case 'response-end':
        return this.#end(event);
    }
  }

  warnings(): readonly TranslationWarning[] {
    return this.#losses.list();
  }

  fail(error: ProxyError): string {
    return `data: ${JSON.stringify(encodeError(error))}\n\n`;
  }

  #start(event: Start<'response-start'>): string {
    const { model, nowS } = this.#context;
    const head: ChunkHead = {
      id: event.id === '' ? this.#context.newId('chatcmpl-') : event.id,
      object: 'chat.completion.chunk',
      created: event.createdAtS ?? nowS,
      model,
      ...(event.serviceTier !== undefined && { service_tier: event.serviceTier }),
    };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
    return this.#candidate(0).role;
  }

  /** The candidate, and its role chunk when this is its first appearance. */
  #candidate(index: number): { readonly candidate: Candidate; readonly role: string } {
    const known = this.#candidates.get(index);
    if (known !== undefined) return { candidate: known, role: '' };
    const head = `${this.#head}{"index":${index},"delta":`;
    const candidate: Candidate = { index, head, calls: 0, details: 0, images: 0, refused: false, earlier: [] };
    this.#candidates.set(index, candidate);
    return { candidate, role: `${head}${FIRST}${tail}` };
  }

  #open(event: Start<'text-start' | 'refusal-start' | 'reasoning-start'>): string {
    const { candidate, role } = this.#candidate(event.candidate);
    const reasoning = event.type === 'reasoning-start' ? { reasoning: event } : {};
    if (event.type === 'refusal-start') candidate.refused = true;
    const before = `${candidate.head}{"${fieldOf(event.type)}":`;
    const isText = event.type === 'text-start' && { isText: true as const };
    this.#blocks.set(event.block, { candidate, before, after: closing, text: '', ...isText, ...reasoning });
    return role;
  }

  #openCall(event: Start<'tool-call-start'>): string {
    const { candidate, role } = this.#candidate(event.candidate);
    const call = candidate.calls++;
    const { id, name, kind } = event;
    if (this.#legacy) {
      // The older API knows one call.
      if (call > 0) return this.#lose(event.candidate, FURTHER_CALLS, '.function_call');
      const before = `${candidate.head}{"function_call":{"arguments":`;
      this.#blocks.set(event.block, { candidate, before, after: `}${closing}`, text: '' });
      return role + deltaLine(candidate, { function_call: { name, arguments: '' } });
    }
    const wrapped = kind === 'function' && this.#customTools.has(name);
    const custom = kind === 'custom' || wrapped;
    const before = `${candidate.head}{"tool_calls":[{"index":${call},${custom ? '"custom":{"input":' : '"function":{"arguments":'}`;
    this.#blocks.set(event.block, { candidate, before, after: `}}]${closing}`, call, custom, wrapped, text: '' });
    const first: ToolCallDelta = custom
      ? { index: call, id, type: 'custom', custom: { name, input: '' } }
      : { index: call, id, type: 'function', function: { name, arguments: '' } };
    return role + deltaLine(candidate, { tool_calls: [first] });
  }

  #textDelta(event: Start<'text-delta'>): string {
    const block = this.#blocks.get(event.block);
    if (block === undefined) return '';
    block.text += event.text;
    const line = block.before + JSON.stringify(event.text);
    if (event.logprobs === undefined) return line + block.after;
    const logprobs = JSON.stringify({ content: event.logprobs, refusal: null } satisfies Logprobs);
    return `${line}},"logprobs":${logprobs}${tail}`;
  }

  #delta(number: number, text: string, keep = false): string {
    const block = this.#blocks.get(number);
    if (block === undefined) return '';
    if (keep || block.wrapped === true) block.text += text;
    if (block.wrapped === true) return '';
    return block.before + JSON.stringify(text) + block.after;
  }

  #close(number: number): string {
    const block = this.#blocks.get(number);
    const cited = block?.sources === undefined ? '' : this.#annotate(number, block, block.sources);
    // Counted only when something is cited behind it: nearly nothing is, and counting reads every character.
    if (block?.isText) block.candidate.earlier.push(block.text);
    this.#blocks.delete(number);
    if (block?.wrapped !== true) return cited;
    return block.before + JSON.stringify(unwrapCustomInput(block.text)) + block.after;
  }

  #cite(event: Start<'text-citation'>): string {
    const { block: number, dialect, citation, sources = [] } = event;
    if (dialect === dialectId) return this.#line(number, { annotations: [citation] });
    const block = this.#blocks.get(number);
    // Written when the text is whole: only then it is known where it ends.
    if (block !== undefined) {
      block.sources ??= [];
      block.sources.push(...sources);
    }
    const lossy = losesCitations(dialect, sources);
    return lossy ? this.#lose(block?.candidate.index ?? 0, foreignCitations(dialect), '.annotations') : '';
  }

  #annotate(number: number, { candidate, text }: Block, sources: readonly Citation[]): string {
    const annotations = encodeSources(
      sources,
      text,
      candidate.earlier.reduce((sum, one) => sum + codePointLength(one), 0),
    );
    return annotations.length === 0 ? '' : this.#line(number, { annotations });
  }

  #lose(candidate: number, reason: string, field = ''): '' {
    return this.#losses.add(`choices[${candidate}].message${field}`, reason);
  }

  #line(number: number, delta: Level<Delta>): string {
    const block = this.#blocks.get(number);
    return block === undefined ? '' : deltaLine(block.candidate, delta);
  }

  #sign(number: number, signature: Signature): string {
    const block = this.#blocks.get(number);
    if (block === undefined) return '';
    if (block.reasoning !== undefined) {
      const { summary, redacted, id } = block.reasoning;
      const part = { text: block.text, summary, redacted, signature, ...(id !== undefined && { id }) };
      return this.#line(number, { reasoning_details: [encodeDetail(part, block.candidate.details++)] });
    }
    const extra = { extra_content: thoughtSignature(encodeSignature(signature, dialectId)) };
    if (block.call === undefined) return this.#line(number, extra);
    // Some clients read `function.arguments` of every entry without looking.
    const empty = block.custom === true ? { custom: { input: '' } } : { function: { arguments: '' } };
    return this.#line(number, { tool_calls: [{ index: block.call, ...empty, ...extra }] });
  }

  #media(part: MediaPart, index: number): string {
    const { candidate, role } = this.#candidate(index);
    const { source } = part;
    if (part.revisedPrompt !== undefined) this.#lose(index, NO_PROMPT, '.images');
    if (part.kind === 'audio' && source.type === 'base64') {
      return role + deltaLine(candidate, { audio: { data: source.data } });
    }
    if (part.kind !== 'image') return role + this.#lose(index, generatedMedium(part.kind));
    return role + deltaLine(candidate, { images: [encodeImage(part, candidate.images++)] });
  }

  #finish(event: Start<'candidate-end'>): string {
    const { candidate, role } = this.#candidate(event.candidate);
    const reason = encodeFinishReason(event.finishReason, candidate.refused);
    const named = this.#legacy && reason === 'tool_calls' ? 'function_call' : reason;
    const stop = event.stopSequence === undefined ? '' : `,"stop_reason":${JSON.stringify(event.stopSequence)}`;
    return `${role}${candidate.head}{},"finish_reason":"${named}"${stop}}]}\n\n`;
  }

  #end(event: Start<'response-end'>): string {
    // A chunk of zeros would be taken for what the answer cost.
    const usage =
      wantsStreamUsage(this.#context.request) && isKnownUsage(event.usage)
        ? `${this.#head}],"usage":${JSON.stringify(encodeUsage(event.usage))}}\n\n`
        : '';
    return `${usage}data: [DONE]\n\n`;
  }
}

function deltaLine(candidate: Candidate, delta: Level<Delta>): string {
  return `${candidate.head}${JSON.stringify(delta)}${tail}`;
}

function fieldOf(type: 'text-start' | 'refusal-start' | 'reasoning-start'): keyof Delta {
  switch (type) {
    case 'text-start':
      return 'content';
    case 'refusal-start':
      return 'refusal';
    case 'reasoning-start':
      return 'reasoning_content';
  }
}
