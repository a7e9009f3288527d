import type { UpstreamCodec } from '../../dialects/codec.ts';
import { type Collector, createCollector } from '../../ir/collect.ts';
import type { GenerationEvent, GenerationResponse, Part, Signature } from '../../ir/index.ts';
import type { Target } from '../../routing/target.ts';
import type { Job } from '../job.ts';
import { ledgerScope } from './keeper.ts';
import { makerOf } from './maker.ts';
import { rememberTurn } from './remembered-turn.ts';
import { signatureOf } from './settle-signatures.ts';
import { questionBefore, turnKeys } from './turn-keys.ts';

/** Marks the signatures of one translated answer with their maker, and remembers its signed turn. */
export class AnswerSignatures {
  readonly #job: Job;
  readonly #codec: UpstreamCodec;
  readonly #maker: string;
  /** Begun with the first block that may be signed; an answer that is only text costs nothing. */
  #collector: Collector | undefined;
  #signed = false;
  #missedTexts = 0;

  constructor(job: Job, target: Target, codec: UpstreamCodec) {
    this.#job = job;
    this.#codec = codec;
    this.#maker = makerOf(target);
    if (codec.signsText === true && job.options.signatures !== undefined) this.#collector = createCollector();
  }

  /** An event of a streamed answer, as it is to be encoded. */
  event(event: GenerationEvent): GenerationEvent {
    switch (event.type) {
      case 'text-start':
        if (this.#collector === undefined) this.#missedTexts++;
        break;
      case 'reasoning-start':
      case 'tool-call-start':
        if (this.#job.options.signatures !== undefined) this.#collector ??= createCollector();
        break;
      case 'block-signature':
        return this.#signature(event);
      default:
        break;
    }
    this.#collector?.push(event);
    return event;
  }

  #signature(event: Extract<GenerationEvent, { type: 'block-signature' }>): GenerationEvent {
    this.#signed = true;
    const marked = { ...event, signature: this.#mark(event.signature) };
    this.#collector?.push(marked);
    return marked;
  }

  /** The streamed answer is complete. */
  finish(): void {
    if (!this.#signed || this.#collector === undefined) return;
    this.#remember(this.#collector.response().candidates[0]?.content ?? []);
  }

  /** A whole answer, as it is to be encoded. */
  response(response: GenerationResponse): GenerationResponse {
    if (!response.candidates.some(({ content }) => content.some((part) => signatureOf(part) !== undefined))) {
      return response;
    }
    const candidates = response.candidates.map((candidate) => ({
      ...candidate,
      content: candidate.content.map((part) => this.#markPart(part)),
    }));
    this.#remember(candidates[0]?.content ?? []);
    return { ...response, candidates };
  }

  #markPart(part: Part): Part {
    if (!('signature' in part) || part.signature === undefined) return part;
    return { ...part, signature: this.#mark(part.signature) };
  }

  /** One that came through another gateway already says who made it. */
  #mark(signature: Signature): Signature {
    if (signature.origin !== this.#codec.id || signature.maker !== undefined) return signature;
    const { exchange, options } = this.#job;
    if (exchange.codec.id === signature.origin) {
      options.signatures?.provenance.add(signature, this.#maker, this.#codec.signatureMembers);
    }
    return { ...signature, maker: this.#maker };
  }

  #remember(content: readonly Part[]): void {
    const { exchange, options } = this.#job;
    if (options.signatures === undefined) return;
    const turn = rememberTurn(content, this.#codec.id, this.#missedTexts);
    if (turn === undefined) return;
    const { messages } = this.#job.request();
    const keys = turnKeys(content, questionBefore(messages, messages.length));
    const isWhole = this.#missedTexts === 0 || content.some((part) => part.type === 'tool-call');
    if (isWhole) options.signatures.ledger.record(ledgerScope(exchange.principal, this.#maker), keys, turn);
  }
}
