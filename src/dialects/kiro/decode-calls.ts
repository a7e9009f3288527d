import { ProxyError } from '../../errors.ts';
import { type GenerationEvent, isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { firstText } from './wire.ts';

interface OpenCall {
  readonly block: number;
  readonly name: string;
  text: string;
  /** Whole arguments that came at once, to be written when the call ends. */
  whole?: JsonObject;
}

/** Tool calls of one stream. They may come piece by piece, interleaved, or all at once. */
export class CallDecoder {
  readonly #open = new Map<string, OpenCall>();
  readonly #seen = new Set<string>();
  readonly #nextBlock: () => number;

  constructor(nextBlock: () => number) {
    this.#nextBlock = nextBlock;
  }

  /** Any call at all came. */
  get any(): boolean {
    return this.#seen.size > 0;
  }

  /** A `toolUseEvent`: the next piece of a call. */
  piece(event: JsonObject): GenerationEvent[] {
    const { id, name } = identify(event);
    if (id === undefined) return [];
    const events: GenerationEvent[] = [];
    let call = this.#open.get(id);
    if (call === undefined) {
      // What follows the end of a call repeats it.
      if (this.#seen.has(id)) return [];
      call = this.#start(id, name, events);
    }
    events.push(...append(call, event['input']));
    if (event['stop'] === true) events.push(...this.#stop(id, call));
    return events;
  }

  /** A whole call; none when it was there already. */
  whole(use: JsonObject): GenerationEvent[] {
    const { id } = identify(use);
    return id === undefined || this.#seen.has(id) ? [] : this.piece({ ...use, stop: true });
  }

  /** Ends what is open. Throws ProxyError for arguments that were cut off: nobody should run such a call. */
  end(): GenerationEvent[] {
    return [...this.#open].flatMap(([id, call]) => this.#stop(id, call));
  }

  #start(id: string, name: string, events: GenerationEvent[]): OpenCall {
    const call: OpenCall = { block: this.#nextBlock(), name, text: '' };
    this.#open.set(id, call);
    this.#seen.add(id);
    events.push({ type: 'tool-call-start', block: call.block, candidate: 0, id, name, kind: 'function' });
    return call;
  }

  #stop(id: string, call: OpenCall): GenerationEvent[] {
    this.#open.delete(id);
    const { block } = call;
    const late = call.text.trim() === '' ? JSON.stringify(call.whole ?? {}) : '';
    if (late === '' && parseJsonObject(call.text) === undefined) {
      const message = `the upstream cut off the arguments of a call of "${call.name}"`;
      throw new ProxyError('upstream_stream_truncated', message);
    }
    const delta: GenerationEvent[] = late === '' ? [] : [{ type: 'tool-call-delta', block, arguments: late }];
    return [...delta, { type: 'block-end', block }];
  }
}

/** Text is added to what came; an object takes its place, which is too late for what the client has already. */
function append(call: OpenCall, input: JsonValue | undefined): GenerationEvent[] {
  if (isJsonObject(input)) call.whole = input;
  if (typeof input !== 'string' || input === '') return [];
  call.text += input;
  return [{ type: 'tool-call-delta', block: call.block, arguments: input }];
}

function identify(event: JsonObject): { readonly id: string | undefined; readonly name: string } {
  return { id: firstText(event, 'toolUseId'), name: firstText(event, 'name') ?? '' };
}
