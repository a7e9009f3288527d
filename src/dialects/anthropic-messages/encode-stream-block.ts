import {
  encodeSignature,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
  type ServerToolPart,
} from '../../ir/index.ts';
import { encodeCitations } from './citations.ts';
import { encodeServerTool } from './server-tools.ts';
import { encodeCarrier } from './signature-carrier.ts';
import { encodeToolId } from './tool-ids.ts';
import { DIALECT, DIRECT } from './wire.ts';
import type { BlockDeltaText, RedactedThinkingBlock, TextBlock, ThinkingBlock, ToolUseBlock } from './wire-types.ts';

/** An event that belongs to one block. */
export type BlockEvent = Extract<GenerationEvent, { readonly block: number }>;

// Blocks that are still empty, written once.
const NO_TEXT = JSON.stringify({ type: 'text', text: '', citations: [] } satisfies TextBlock);
const NO_THINKING = JSON.stringify({ type: 'thinking', thinking: '', signature: '' } satisfies ThinkingBlock);

/** An event that opens a block or is one. */
type BlockStart = Extract<BlockEvent, { readonly candidate: number }>;

/**
 * Writes one block. Its start is written only when there is something in it: clients may not send empty text back, the
 * data of redacted thinking come last, and the signature of a tool call has to stand before the call.
 */
export class BlockWriter {
  readonly block: number;
  /** The index that the next block gets. */
  nextIndex: number;
  ended = false;
  readonly #start: BlockStart;
  readonly #serverToolId: (part: ServerToolPart) => string;
  #started = false;
  /** Argument text of a tool call that is not started yet. */
  #held: string | undefined;
  #head = '';

  constructor(start: BlockStart, index: number, serverToolId: (part: ServerToolPart) => string) {
    this.#serverToolId = serverToolId;
    this.block = start.block;
    this.nextIndex = index;
    this.#start = start;
  }

  push(event: BlockEvent): string {
    switch (event.type) {
      case 'text-start':
      case 'refusal-start':
      case 'reasoning-start':
      case 'tool-call-start':
        return '';
      case 'text-delta':
      case 'refusal-delta':
        return event.text === '' ? '' : this.#text(event.text);
      case 'text-citation':
        return this.#citations(event);
      case 'reasoning-delta':
        if (event.text === '' || this.#isRedacted()) return '';
        return this.#ensureStarted() + this.#delta(`"thinking_delta","thinking":${JSON.stringify(event.text)}`);
      case 'block-signature':
        return this.#signature(event);
      case 'tool-call-delta':
        return this.#arguments(event.arguments);
      case 'block-end':
        return this.#end();
      case 'opaque':
        return event.dialect === DIALECT ? this.#whole(event.value) : this.#end();
      case 'server-tool':
        return this.#blocks(event.part);
      case 'media':
        return this.#end();
    }
  }

  #text(text: string): string {
    return this.#ensureStarted() + this.#delta(`"text_delta","text":${JSON.stringify(text)}`);
  }

  #citations({ dialect, citation, sources }: Extract<BlockEvent, { type: 'text-citation' }>): string {
    const { items } = encodeCitations({ dialect, items: [citation], sources });
    if (items.length === 0) return '';
    const begun = this.#ensureStarted();
    return begun + items.map((item) => this.#delta(`"citations_delta","citation":${JSON.stringify(item)}`)).join('');
  }

  #blocks(part: ServerToolPart): string {
    this.ended = true;
    return encodeServerTool(part, () => this.#serverToolId(part))
      .map((block) => this.#whole(block))
      .join('');
  }

  #signature(event: Extract<BlockEvent, { type: 'block-signature' }>): string {
    switch (this.#start.type) {
      case 'reasoning-start': {
        const data = encodeSignature(event.signature, DIALECT);
        if (this.#isRedacted()) return this.#started ? '' : this.#open(JSON.stringify(redacted(data)));
        return this.#ensureStarted() + this.#delta(`"signature_delta","signature":${JSON.stringify(data)}`);
      }
      case 'tool-call-start':
      case 'text-start':
        // Behind text that is out already it would be the end of the answer, which clients take for their result: the
        // dialects that sign text do not demand the signature back.
        return this.#started ? '' : this.#carrier(encodeCarrier(event.signature));
      case 'refusal-start':
      case 'media':
      case 'server-tool':
      case 'opaque':
        return '';
    }
  }

  /** A thinking block before this one that holds its signature. */
  #carrier(signature: string): string {
    const out =
      this.#open(NO_THINKING) +
      this.#delta(`"signature_delta","signature":${JSON.stringify(signature)}`) +
      this.#stop();
    this.#started = false;
    return out;
  }

  /** The first fragment waits for one more event: a signature may follow, and it must be written before the call. */
  #arguments(text: string): string {
    if (text === '') return '';
    if (this.#started) return this.#input(text);
    if (this.#held === undefined) {
      this.#held = text;
      return '';
    }
    return this.#ensureStarted() + this.#input(text);
  }

  #input(text: string): string {
    // The text of a custom tool becomes the string in {"input": "..."}, escaped piece by piece.
    const custom = this.#start.type === 'tool-call-start' && this.#start.kind === 'custom';
    return this.#inputDelta(custom ? JSON.stringify(text).slice(1, -1) : text);
  }

  #inputDelta(json: string): string {
    return this.#delta(`"input_json_delta","partial_json":${JSON.stringify(json)}`);
  }

  #ensureStarted(): string {
    if (this.#started) return '';
    const start = this.#start;
    switch (start.type) {
      case 'text-start':
      case 'refusal-start':
        return this.#open(NO_TEXT);
      case 'reasoning-start':
        return this.#open(NO_THINKING);
      case 'tool-call-start': {
        const { name } = start;
        const call = {
          type: 'tool_use',
          id: encodeToolId(start.id),
          name,
          input: {},
          caller: DIRECT,
        } satisfies ToolUseBlock;
        const opened = this.#open(JSON.stringify(call));
        const prefix = start.kind === 'custom' ? this.#inputDelta('{"input":"') : '';
        return opened + prefix + (this.#held === undefined ? '' : this.#input(this.#held));
      }
      case 'media':
      case 'server-tool':
      case 'opaque':
        return '';
    }
  }

  #end(): string {
    const start = this.#start;
    this.ended = true;
    if (start.type !== 'tool-call-start') return this.#started ? this.#stop() : '';
    const begun = this.#ensureStarted();
    return begun + (start.kind === 'custom' ? this.#inputDelta('"}') : '') + this.#stop();
  }

  /** A block that only Claude knows; clients gather the input of tool blocks from deltas. */
  #whole(value: JsonObject): string {
    this.ended = true;
    const { type, input } = value;
    if (typeof type !== 'string' || !type.endsWith('tool_use') || !isJsonObject(input)) {
      return this.#open(JSON.stringify(value)) + this.#stop();
    }
    return this.#open(JSON.stringify({ ...value, input: {} })) + this.#inputDelta(JSON.stringify(input)) + this.#stop();
  }

  #isRedacted(): boolean {
    return this.#start.type === 'reasoning-start' && this.#start.redacted;
  }

  #open(block: string): string {
    this.#started = true;
    const index = this.nextIndex++;
    this.#head = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":`;
    return `event: content_block_start\ndata: {"type":"content_block_start","index":${index},"content_block":${block}}\n\n`;
  }

  #delta(fields: BlockDeltaText): string {
    return `${this.#head}${fields}}}\n\n`;
  }

  #stop(): string {
    return `event: content_block_stop\ndata: {"type":"content_block_stop","index":${this.nextIndex - 1}}\n\n`;
  }
}

function redacted(data: string): RedactedThinkingBlock {
  return { type: 'redacted_thinking', data };
}
