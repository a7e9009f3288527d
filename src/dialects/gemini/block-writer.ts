import type { GenerationEvent, JsonObject, JsonValue, Signature } from '../../ir/index.ts';
import { TextMeasure } from '../../ir/text-measure.ts';
import { findSources, placeSource } from './citations.ts';
import { type DecodedPart, isSignatureOnly } from './decode-part.ts';
import { DIALECT } from './wire.ts';

type BlockKind = 'text' | 'reasoning' | 'tool-call';

interface OpenBlock {
  readonly block: number;
  readonly kind: BlockKind;
  /** Has its signature: whatever text follows belongs to a new block. */
  signed: boolean;
  /** Where its text begins in that of the candidate. */
  readonly start: number;
}

/** All text of a candidate: grounding names its places in it. It is measured only when there is some. */
class CandidateText {
  length = 0;
  #unmeasured: string[] = [];
  readonly #measure = new TextMeasure();

  append(text: string): void {
    this.length += text.length;
    this.#unmeasured.push(text);
  }

  measure(): TextMeasure {
    this.#measure.append(this.#unmeasured.join(''));
    this.#unmeasured = [];
    return this.#measure;
  }
}

/** Turns parts, which have no beginning or end on this wire, into blocks that have both. */
export class BlockWriter {
  #events: GenerationEvent[] = [];
  #next = 0;
  readonly #open = new Map<number, OpenBlock>();
  readonly #withCalls = new Set<number>();
  readonly #texts = new Map<number, CandidateText>();

  emit(event: GenerationEvent): void {
    this.#events.push(event);
  }

  /** The events since the last call. */
  take(): readonly GenerationEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  hasCalls(candidate: number): boolean {
    return this.#withCalls.has(candidate);
  }

  write(candidate: number, part: DecodedPart, logprobs?: readonly JsonValue[]): void {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        this.#writeText(candidate, part, logprobs);
        return;
      case 'tool-call': {
        const { id, name, kind } = part;
        this.#withCalls.add(candidate);
        const open = this.#start(candidate, 'tool-call', {
          type: 'tool-call-start',
          block: this.#next,
          candidate,
          id,
          name,
          kind,
        });
        this.emit({ type: 'tool-call-delta', block: open.block, arguments: part.arguments });
        this.#sign(open, part.signature);
        return;
      }
      case 'media':
        this.close(candidate);
        this.emit({ type: 'media', block: this.#next++, candidate, part });
        return;
      case 'server-tool':
        this.close(candidate);
        this.emit({ type: 'server-tool', block: this.#next++, candidate, part });
        return;
      case 'opaque':
        this.close(candidate);
        this.emit({ type: 'opaque', block: this.#next++, candidate, dialect: part.dialect, value: part.value });
    }
  }

  /** Attaches a citation to the open text, or to an empty one when there is none. */
  cite(candidate: number, citation: JsonObject): void {
    const open = this.#open.get(candidate);
    const { block, start = 0 } = open?.kind === 'text' ? open : this.#startText(candidate);
    const measure = this.#text(candidate).measure();
    const from = measure.pointAtUnit(start);
    const cited = { measure, start: from, length: measure.points - from };
    const sources = findSources(citation).map((found) => placeSource(found, cited));
    const known = sources.length > 0 ? { sources } : {};
    this.emit({ type: 'text-citation', block, dialect: DIALECT, citation, ...known });
  }

  #text(candidate: number): CandidateText {
    let text = this.#texts.get(candidate);
    if (text === undefined) {
      text = new CandidateText();
      this.#texts.set(candidate, text);
    }
    return text;
  }

  close(candidate: number): void {
    const open = this.#open.get(candidate);
    if (open === undefined) return;
    this.#open.delete(candidate);
    this.emit({ type: 'block-end', block: open.block });
  }

  closeAll(): void {
    for (const candidate of [...this.#open.keys()].sort((a, b) => a - b)) this.close(candidate);
  }

  #writeText(
    candidate: number,
    part: DecodedPart & { type: 'text' | 'reasoning' },
    logprobs: readonly JsonValue[] | undefined,
  ): void {
    const open = this.#open.get(candidate);
    if (
      isSignatureOnly(part) &&
      open !== undefined &&
      !open.signed &&
      (part.type === 'text' || open.kind === 'reasoning')
    ) {
      this.#sign(open, part.signature);
      return;
    }
    const continues = open !== undefined && open.kind === part.type && !open.signed;
    const target = continues ? open : this.#startBlock(candidate, part);
    const { block } = target;
    const { text } = part;
    if (text !== '') {
      if (part.type === 'reasoning') this.emit({ type: 'reasoning-delta', block, text });
      else {
        this.#text(candidate).append(text);
        this.emit({ type: 'text-delta', block, text, ...(logprobs === undefined ? {} : { logprobs }) });
      }
    }
    this.#sign(target, part.signature);
  }

  #startBlock(candidate: number, part: DecodedPart & { type: 'text' | 'reasoning' }): OpenBlock {
    if (part.type === 'text') return this.#startText(candidate);
    const { summary, redacted } = part;
    return this.#start(candidate, 'reasoning', {
      type: 'reasoning-start',
      block: this.#next,
      candidate,
      summary,
      redacted,
    });
  }

  #startText(candidate: number): OpenBlock {
    return this.#start(candidate, 'text', { type: 'text-start', block: this.#next, candidate });
  }

  #start(candidate: number, kind: BlockKind, event: GenerationEvent): OpenBlock {
    this.close(candidate);
    const start = this.#text(candidate).length;
    const open: OpenBlock = { block: this.#next++, kind, signed: false, start };
    this.#open.set(candidate, open);
    this.emit(event);
    return open;
  }

  #sign(open: OpenBlock, signature: Signature | undefined): void {
    if (signature === undefined) return;
    open.signed = true;
    this.emit({ type: 'block-signature', block: open.block, signature });
  }
}
