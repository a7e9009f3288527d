import {
  decodeSignature,
  type FinishReason,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MediaPart,
  type Signature,
} from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { decodeSource } from './annotations.ts';
import { decodeAnswerContent, decodeImages, tokenLogprobs } from './answer-content.ts';
import { asUpstream } from './decode-response.ts';
import { decodeFinishReason } from './finish-reason.ts';
import { decodeDetail, type ReasoningDetail } from './reasoning-details.ts';
import { type CallContext, StreamToolCalls } from './stream-tool-calls.ts';
import { dialectId, readThoughtSignature } from './wire.ts';

type Kind = 'text' | 'refusal' | 'reasoning';
interface OpenBlock {
  readonly kind: Kind;
  readonly block: number;
  signature?: Signature;
}

/** One choice of a stream: at most one text, refusal or reasoning block open, beside any number of tool calls. */
export class StreamCandidate {
  readonly #context: CallContext;
  readonly #calls: StreamToolCalls;
  #open: OpenBlock | undefined;
  #plainReasoning = false;
  #reasoned = false;
  #said: { readonly text: boolean; readonly refusal: boolean } = { text: false, refusal: false };
  #finish: JsonValue | undefined;
  #stopSequence: string | undefined;
  #audio = '';

  constructor(context: CallContext) {
    this.#context = context;
    this.#calls = new StreamToolCalls(context);
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** No finish reason came, and what came is no whole answer: reasoning alone, or the beginning of a call. */
  get cutShort(): boolean {
    if (this.finished) return false;
    const silent = !this.#said.text && !this.#said.refusal && !this.#calls.any;
    return this.#calls.cutShort || (this.#reasoned && silent);
  }

  push(choice: JsonObject): void {
    const delta = choice['delta'];
    if (isJsonObject(delta)) this.#pushDelta(delta, tokenLogprobs(choice));
    const finish = choice['finish_reason'];
    if (typeof finish !== 'string' || finish === '') return;
    this.#finish = finish;
    if (typeof choice['stop_reason'] === 'string') this.#stopSequence = choice['stop_reason'];
  }

  #pushDelta(delta: JsonObject, logprobs: readonly JsonValue[] | undefined): void {
    this.#pushReasoning(delta);
    this.#pushContent(delta['content'], logprobs);
    const refusal = delta['refusal'];
    if (typeof refusal === 'string' && refusal !== '') this.#append('refusal', refusal);
    this.#pushExtras(delta);
    const calls = delta['tool_calls'];
    if (isJsonArray(calls) && calls.length > 0) {
      this.#close();
      this.#calls.push(calls);
    }
    if (isJsonObject(delta['function_call'])) {
      this.#close();
      this.#calls.pushLegacy(delta['function_call']);
    }
  }

  #pushContent(content: JsonValue | undefined, logprobs: readonly JsonValue[] | undefined): void {
    if (typeof content === 'string') {
      if (content !== '' || logprobs !== undefined) this.#append('text', content, logprobs);
      return;
    }
    for (const part of asUpstream(() => decodeAnswerContent(content, 'delta.content'))) {
      if (part.type === 'text' || part.type === 'reasoning') this.#append(part.type, part.text);
    }
  }

  #pushReasoning(delta: JsonObject): void {
    const plain = delta['reasoning_content'] ?? delta['reasoning'];
    if (typeof plain === 'string' && plain !== '') {
      this.#plainReasoning = true;
      this.#append('reasoning', plain);
    }
    const details = delta['reasoning_details'];
    if (!isJsonArray(details)) return;
    for (const value of details) {
      const detail = decodeDetail(value);
      if (detail !== undefined) this.#pushDetail(detail);
    }
  }

  /** Where the plain field is there it has the text already; the entry then only adds the signature. */
  #pushDetail(detail: ReasoningDetail): void {
    const { text, signature, redacted } = detail;
    if (redacted) {
      this.#close();
      this.#start('reasoning', detail);
    } else if (text !== '' && !this.#plainReasoning) {
      this.#append('reasoning', text, undefined, detail);
    }
    if (signature === undefined) return;
    this.#ensure('reasoning', detail).signature = signature;
    this.#close();
  }

  #pushExtras(delta: JsonObject): void {
    const annotations = delta['annotations'];
    if (isJsonArray(annotations)) for (const citation of annotations) this.#cite(citation);
    const proof = readThoughtSignature(delta);
    if (proof !== undefined) this.#ensure('text').signature = decodeSignature(proof, dialectId);
    for (const part of decodeImages(delta['images'])) this.#media(part);
    const audio = delta['audio'];
    if (!isJsonObject(audio)) return;
    if (typeof audio['data'] === 'string') this.#audio += audio['data'];
    if (typeof audio['transcript'] === 'string' && audio['transcript'] !== '')
      this.#append('text', audio['transcript']);
  }

  #cite(citation: JsonValue): void {
    const sources = decodeSource(citation);
    const known = sources.length > 0 ? { sources } : {};
    const { block } = this.#ensure('text');
    this.#context.emit({ type: 'text-citation', block, dialect: dialectId, citation, ...known });
  }

  #media(part: MediaPart): void {
    this.#close();
    const { candidate } = this.#context;
    this.#context.emit({ type: 'media', block: this.#context.nextBlock(), candidate, part });
  }

  #append(kind: Kind, text: string, logprobs?: readonly JsonValue[], detail?: ReasoningDetail): void {
    const { block } = this.#ensure(kind, detail);
    switch (kind) {
      case 'text':
        this.#context.emit({ type: 'text-delta', block, text, ...(logprobs !== undefined && { logprobs }) });
        return;
      case 'refusal':
        this.#context.emit({ type: 'refusal-delta', block, text });
        return;
      case 'reasoning':
        this.#context.emit({ type: 'reasoning-delta', block, text });
        return;
    }
  }

  #ensure(kind: Kind, detail?: ReasoningDetail): OpenBlock {
    if (this.#open?.kind === kind) return this.#open;
    this.#close();
    return this.#start(kind, detail);
  }

  #start(kind: Kind, detail?: ReasoningDetail): OpenBlock {
    const block = this.#context.nextBlock();
    const { candidate } = this.#context;
    const open: OpenBlock = { kind, block };
    this.#open = open;
    if (kind === 'reasoning') {
      this.#reasoned = true;
      const { summary = false, redacted = false, id } = detail ?? {};
      const named = id === undefined ? {} : { id };
      this.#context.emit({ type: 'reasoning-start', block, candidate, summary, redacted, ...named });
    } else {
      this.#said = { ...this.#said, [kind]: true };
      this.#context.emit({ type: `${kind}-start`, block, candidate });
    }
    return open;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { block, signature } = open;
    if (signature !== undefined) this.#context.emit({ type: 'block-signature', block, signature });
    this.#context.emit({ type: 'block-end', block });
  }

  /** Closes what is open. */
  end(): void {
    this.#close();
    this.#calls.end();
    if (this.#audio === '') return;
    const source = { type: 'base64', mediaType: 'audio/pcm', data: this.#audio } as const;
    this.#media({ type: 'media', kind: 'audio', source });
  }

  /** The candidate's last event; `end()` comes first. */
  endEvent(): GenerationEvent {
    const { candidate } = this.#context;
    const refused = this.#said.refusal;
    const finishReason: FinishReason = decodeFinishReason(this.#finish, {
      hasCall: this.#calls.any,
      cutShort: this.#calls.cutShort,
      refused,
    });
    const stopSequence = this.#stopSequence;
    return { type: 'candidate-end', candidate, finishReason, ...(stopSequence !== undefined && { stopSequence }) };
  }
}
