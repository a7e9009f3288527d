import { ProxyError } from '../../errors.ts';
import {
  decodeSignature,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { dialectId, readThoughtSignature } from './wire.ts';

interface Slot {
  block: number | undefined;
  id: string;
  name: string;
  kind: 'function' | 'custom';
  /** Arguments that came before the id and name that open the block. */
  early: string;
  /** All arguments so far. */
  text: string;
  signature: string | undefined;
}

/** What the calls of one candidate need from the decoder around them. */
export interface CallContext {
  readonly candidate: number;
  nextBlock(): number;
  emit(event: GenerationEvent): void;
}

/** `tool_calls` deltas of one candidate: interleaved by index, ids and names late, indexes missing or all zero. */
export class StreamToolCalls {
  readonly #context: CallContext;
  readonly #slots: Map<number, Slot> = new Map();
  readonly #done: Slot[] = [];
  #last: number | undefined;
  #nameless = false;

  constructor(context: CallContext) {
    this.#context = context;
  }

  /** True once a call was opened. */
  get any(): boolean {
    return this.#done.length > 0 || [...this.#slots.values()].some((slot) => slot.block !== undefined);
  }

  /** True when the arguments of a function are not all there. */
  get cutShort(): boolean {
    return [...this.#done, ...this.#slots.values()].some(
      ({ kind, name, text: json }) => kind === 'function' && name !== '' && parseJsonObject(json) === undefined,
    );
  }

  push(values: readonly JsonValue[]): void {
    for (const value of values) if (isJsonObject(value)) this.#push(value);
  }

  /** The single call of the older API. */
  pushLegacy(call: JsonObject): void {
    this.#push({ index: 0, id: 'call_legacy', function: call });
  }

  #push(delta: JsonObject): void {
    const custom = isJsonObject(delta['custom']) ? delta['custom'] : undefined;
    const called = custom ?? delta['function'];
    const body = isJsonObject(called) ? called : {};
    const id = text(delta['id']);
    const name = text(body['name']);
    const slot = this.#slotFor(delta['index'], id, name);
    if (slot.id === '') slot.id = id;
    if (slot.name === '') slot.name = name;
    if (custom !== undefined || delta['type'] === 'custom') slot.kind = 'custom';
    slot.signature = readThoughtSignature(delta) ?? slot.signature;
    this.#addArguments(slot, argumentsText(body[custom === undefined ? 'arguments' : 'input']));
  }

  #slotFor(index: JsonValue | undefined, id: string, name: string): Slot {
    const at = typeof index === 'number' ? index : this.#indexOf(id);
    this.#last = at;
    const slot = this.#slots.get(at);
    // Some servers give every parallel call index 0: another id with a name is another call.
    const another = slot !== undefined && id !== '' && name !== '' && slot.id !== '' && slot.id !== id;
    if (slot !== undefined && !another) return slot;
    if (slot !== undefined) this.#close(slot);
    const fresh: Slot = {
      block: undefined,
      id: '',
      name: '',
      kind: 'function',
      early: '',
      text: '',
      signature: undefined,
    };
    this.#slots.set(at, fresh);
    return fresh;
  }

  /** Without an index an id tells the call; without both it is the last one. */
  #indexOf(id: string): number {
    if (id === '') return this.#last ?? 0;
    for (const [index, slot] of this.#slots) if (slot.id === id) return index;
    return this.#slots.size;
  }

  #addArguments(slot: Slot, piece: string): void {
    slot.text += piece;
    if (slot.block === undefined) {
      slot.early += piece;
      if (slot.id !== '' && slot.name !== '') this.#open(slot);
    } else if (piece !== '') {
      this.#context.emit({ type: 'tool-call-delta', block: slot.block, arguments: piece });
    }
  }

  #open(slot: Slot): void {
    const block = this.#context.nextBlock();
    const { id, name, kind, early } = slot;
    slot.block = block;
    this.#context.emit({ type: 'tool-call-start', block, candidate: this.#context.candidate, id, name, kind });
    if (early !== '') this.#context.emit({ type: 'tool-call-delta', block, arguments: early });
  }

  #close(slot: Slot): void {
    if (slot.block === undefined) this.#openLate(slot);
    if (slot.block === undefined) return;
    const { block, signature } = slot;
    if (signature !== undefined) {
      this.#context.emit({ type: 'block-signature', block, signature: decodeSignature(signature, dialectId) });
    }
    this.#context.emit({ type: 'block-end', block });
    this.#done.push(slot);
  }

  /** A call whose id never came gets one from its place; one without a name cannot be run. */
  #openLate(slot: Slot): void {
    if (slot.name === '') {
      this.#nameless ||= slot.early !== '' || slot.id !== '';
      return;
    }
    slot.id = `call_${this.#context.candidate}_${this.#done.length}`;
    this.#open(slot);
  }

  /** Closes every call in the order of their indexes. Beside calls that can be run, one without a name is left out. */
  end(): void {
    for (const [, slot] of [...this.#slots].sort(([a], [b]) => a - b)) this.#close(slot);
    if (!this.#nameless || this.any) return;
    throw new ProxyError('upstream_invalid_response', 'the upstream streamed a tool call without a name');
  }
}

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

function argumentsText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}
