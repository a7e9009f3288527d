import type { Part, TextPart, ToolCallPart, ToolResultPart } from './part.ts';
import type { Message } from './request.ts';
import type { Warn } from './warning.ts';

/** A call and the last result that was given for it. */
interface Slot {
  readonly call: ToolCallPart;
  readonly path: string;
  /** The call's own id, or another where calls that wait together have the same. */
  readonly id: string;
  /** Calls of one batch wait for their results together. */
  readonly batch: number;
  result?: ToolResultPart;
}

/**
 * The conversation as servers demand it: every call of a turn has exactly one result, and the results follow the turn
 * directly. A missing result is replaced by one that says so, of two the last counts, one that answers no call becomes
 * text, and what the client wrote in between comes after the results. Returns the same array when all is well.
 */
export function repairToolTurns(messages: readonly Message[], warn: Warn): readonly Message[] {
  return isWellFormed(messages) ? messages : new TurnRepair(warn).repair(messages);
}

function isWellFormed(messages: readonly Message[]): boolean {
  const open = new Set<string>();
  let answering = false;
  for (const { role, content } of messages) {
    if (role === 'assistant') {
      if ((answering && open.size > 0) || !openCalls(content, open)) return false;
    } else if (!closeCalls(content, open)) return false;
    answering = role !== 'assistant';
  }
  return open.size === 0;
}

function openCalls(content: readonly Part[], open: Set<string>): boolean {
  for (const part of content) {
    if (part.type === 'tool-result' || (part.type === 'tool-call' && open.has(part.id))) return false;
    if (part.type === 'tool-call') open.add(part.id);
  }
  return true;
}

/** False for an orphan, and for anything else while calls still wait. */
function closeCalls(content: readonly Part[], open: Set<string>): boolean {
  let others = content.length === 0;
  for (const part of content) {
    if (part.type !== 'tool-result') others = true;
    else if (!open.delete(part.callId)) return false;
  }
  return open.size === 0 || !others;
}

/**
 * Repaired turns in which no two calls have one id, for servers that refuse an id which an earlier turn used. A call's
 * new id depends on what stands before it alone, and so stays the same as the conversation grows.
 */
export function withUniqueCallIds(messages: readonly Message[]): readonly Message[] {
  const taken = new Set<string>();
  const latest = new Map<string, string>();
  let changed = false;
  const renamed = messages.map((message): Message => {
    const content = message.content.map((part): Part => {
      if (part.type === 'tool-call') {
        const id = freeId(part.id, taken);
        taken.add(id);
        latest.set(part.id, id);
        return id === part.id ? part : { ...part, id };
      }
      if (part.type !== 'tool-result') return part;
      const callId = latest.get(part.callId) ?? part.callId;
      return callId === part.callId ? part : { ...part, callId };
    });
    if (content.every((part, index) => part === message.content[index])) return message;
    changed = true;
    return { ...message, content };
  });
  return changed ? renamed : messages;
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let suffix = 2; taken.has(free); suffix++) free = `${id}_${suffix}`;
  return free;
}

class TurnRepair {
  readonly #warn: Warn;
  readonly #slots = new Map<Part, Slot>();
  readonly #orphans = new Set<Part>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  repair(messages: readonly Message[]): Message[] {
    this.#pair(messages);
    const repaired: Message[] = [];
    let open: Slot[] = [];
    for (const message of messages) {
      if (message.role !== 'assistant' && open.length > 0) {
        repaired.push(this.#answers(open));
        open = [];
      }
      const content = this.#withoutResults(message).map((part) => this.#renamed(part));
      if (content.length > 0 || message.content.length === 0) repaired.push({ ...message, content });
      if (message.role !== 'assistant') continue;
      open.push(...message.content.flatMap((part) => this.#slots.get(part) ?? []));
    }
    return open.length === 0 ? repaired : [...repaired, this.#answers(open)];
  }

  /**
   * An id that is used again belongs to the latest call before the result; of several calls with one id that wait
   * together the first still without a result is answered.
   */
  #pair(messages: readonly Message[]): void {
    const latest = new Map<string, readonly Slot[]>();
    let batch = 0;
    for (const { role, content, path } of messages) {
      if (role !== 'assistant') batch++;
      for (const [index, part] of content.entries()) {
        const at = `${path}.content[${index}]`;
        if (part.type === 'tool-call' && role === 'assistant') {
          const waiting = (latest.get(part.id) ?? []).filter((other) => other.batch === batch);
          const slot: Slot = { call: part, path: at, batch, id: this.#freeId(part.id, waiting.length, at) };
          latest.set(part.id, [...waiting, slot]);
          this.#slots.set(part, slot);
        } else if (part.type === 'tool-result') this.#answer(latest.get(part.callId), part, at);
      }
    }
  }

  /** Servers refuse two calls with one id. */
  #freeId(id: string, others: number, path: string): string {
    if (others === 0) return id;
    this.#warn(path, 'another call that waits has the same id; sent with an id of its own');
    return `${id}_${others + 1}`;
  }

  #renamed(part: Part): Part {
    const id = this.#slots.get(part)?.id;
    return part.type === 'tool-call' && id !== undefined && id !== part.id ? { ...part, id } : part;
  }

  #answer(slots: readonly Slot[] | undefined, result: ToolResultPart, path: string): void {
    const slot = slots?.find((waiting) => waiting.result === undefined) ?? slots?.at(-1);
    if (slot === undefined) {
      this.#orphans.add(result);
      this.#warn(path, 'the result answers no call; sent as user text');
      return;
    }
    if (slot.result !== undefined) this.#warn(path, 'a second result of the same call takes the place of the first');
    slot.result = result;
  }

  #answers(slots: readonly Slot[]): Message {
    const content = slots.map((slot) => ({ ...(slot.result ?? this.#standIn(slot)), callId: slot.id }));
    return { role: 'user', content, path: slots[0]?.path ?? '' };
  }

  #standIn({ call, path }: Slot): ToolResultPart {
    this.#warn(path, 'the call has no result; the upstream demands one and is told that it is missing');
    return {
      type: 'tool-result',
      callId: call.id,
      name: call.name,
      content: [{ type: 'text', text: 'no result was given' }],
      isError: true,
      kind: call.kind,
    };
  }

  #withoutResults({ content }: Message): Part[] {
    return content.flatMap((part): readonly Part[] => {
      if (part.type !== 'tool-result') return [part];
      return this.#orphans.has(part) ? orphanParts(part) : [];
    });
  }
}

function orphanParts({ name, content, cacheControl }: ToolResultPart): Part[] {
  const label = name === undefined ? 'Tool result' : `Result of tool ${name}`;
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const text: TextPart = { type: 'text', text: `${label}: ${texts.join('\n')}`, ...(cacheControl && { cacheControl }) };
  return [text, ...content.filter((part) => part.type !== 'text')];
}
