/** One reader per open output item of an upstream's stream: its events -> generation events. */
import type { GenerationEvent, JsonObject, JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { callIdentity, decodeWholeItem } from './output-parts.ts';
import { decodeReasoningItem, SUMMARY_SEPARATOR } from './reasoning-item.ts';
import { DIALECT, objects, optionalNumber, optionalText, text } from './wire.ts';

/** What the items of one stream share. */
export interface StreamState {
  nextBlock(): number;
  emit(event: GenerationEvent): void;
  /** Open tool calls by call id, and the last open text, for the signatures that carrier items bring. */
  readonly openCalls: Map<string, number>;
  lastText: number | undefined;
  hasCall: boolean;
  hasRefusal: boolean;
}

/** Reads the events of one item. */
export interface ItemReader {
  /** An event of the item other than its end; `type` without the `response.` in front. */
  read(type: string, event: JsonObject): void;
  /** `output_item.done`, or the item as the terminal event has it. */
  end(item: JsonObject): void;
  /** The stream ended before the item did. */
  abandon(): void;
}

/** The reader for an item, by its type. */
export function createItemReader(item: JsonObject, state: StreamState): ItemReader {
  switch (item['type']) {
    case 'message':
      return messageReader(state);
    case 'reasoning':
      return reasoningReader(item, state);
    case 'function_call':
      return callReader(item, state, 'function');
    case 'custom_tool_call':
      return callReader(item, state, 'custom');
    default:
      return wholeReader(state);
  }
}

function wholeReader(state: StreamState): ItemReader {
  return {
    read() {},
    abandon() {},
    end(item) {
      const part = decodeWholeItem(item);
      const place = { block: state.nextBlock(), candidate: 0 };
      if (part.type === 'media') state.emit({ type: 'media', ...place, part });
      else state.emit({ type: 'opaque', ...place, dialect: part.dialect, value: part.value });
    },
  };
}

interface ContentBlock {
  readonly block: number;
  readonly refusal: boolean;
  length: number;
  citations: number;
  ended: boolean;
}

function messageReader(state: StreamState): ItemReader {
  const blocks = new Map<number, ContentBlock>();

  const open = (index: number, refusal: boolean): ContentBlock => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const content = { block: state.nextBlock(), refusal, length: 0, citations: 0, ended: false };
    blocks.set(index, content);
    if (refusal) state.hasRefusal = true;
    else state.lastText = content.block;
    state.emit({ type: refusal ? 'refusal-start' : 'text-start', block: content.block, candidate: 0 });
    return content;
  };
  const add = (content: ContentBlock, delta: string, logprobs?: JsonValue): void => {
    if (delta === '' || content.ended) return;
    content.length += delta.length;
    const { block } = content;
    if (content.refusal) state.emit({ type: 'refusal-delta', block, text: delta });
    else if (isJsonArray(logprobs) && logprobs.length > 0)
      state.emit({ type: 'text-delta', block, text: delta, logprobs });
    else state.emit({ type: 'text-delta', block, text: delta });
  };
  const cite = (content: ContentBlock, citation: JsonValue): void => {
    if (content.refusal || content.ended) return;
    content.citations++;
    state.emit({ type: 'text-citation', block: content.block, dialect: DIALECT, citation });
  };
  /** Whatever of the whole part has not come as deltas. */
  const complete = (content: ContentBlock, part: JsonObject): void => {
    const whole = text(part[content.refusal ? 'refusal' : 'text']);
    add(content, whole.slice(content.length), content.length === 0 ? part['logprobs'] : undefined);
    const annotations = part['annotations'];
    if (isJsonArray(annotations)) for (const item of annotations.slice(content.citations)) cite(content, item);
  };
  const endBlock = (content: ContentBlock): void => {
    if (content.ended) return;
    content.ended = true;
    if (state.lastText === content.block) state.lastText = undefined;
    state.emit({ type: 'block-end', block: content.block });
  };

  return {
    read(type, event) {
      const index = optionalNumber(event['content_index']) ?? 0;
      const [part = {}] = objects([event['part'] ?? null]);
      switch (type) {
        case 'content_part.added':
          if (isContentPart(part)) open(index, part['type'] === 'refusal');
          return;
        case 'output_text.delta':
          return add(open(index, false), text(event['delta']), event['logprobs']);
        case 'refusal.delta':
          return add(open(index, true), text(event['delta']));
        case 'output_text.annotation.added':
          return cite(open(index, false), event['annotation'] ?? null);
        case 'output_text.done':
          return complete(open(index, false), { text: event['text'], logprobs: event['logprobs'] });
        case 'refusal.done':
          return complete(open(index, true), { refusal: event['refusal'] });
        case 'content_part.done': {
          if (!isContentPart(part)) return;
          const content = open(index, part['type'] === 'refusal');
          complete(content, part);
          return endBlock(content);
        }
      }
    },
    end(item) {
      for (const [index, part] of objects(item['content']).entries()) {
        if (isContentPart(part)) complete(open(index, part['type'] === 'refusal'), part);
      }
      for (const content of blocks.values()) endBlock(content);
    },
    abandon() {
      for (const content of blocks.values()) endBlock(content);
    },
  };
}

function isContentPart(part: JsonObject): boolean {
  return part['type'] === 'output_text' || part['type'] === 'refusal';
}

function reasoningReader(added: JsonObject, state: StreamState): ItemReader {
  let block: number | undefined;
  let mode: 'summary' | 'text' | undefined;
  let hasText = false;
  let separate = false;

  // Opened late: whether there is a summary or the reasoning itself shows only with the first piece of it.
  const open = (summary: boolean, redacted: boolean, id: string | undefined): number => {
    if (block !== undefined) return block;
    block = state.nextBlock();
    const start = { type: 'reasoning-start', block, candidate: 0, summary, redacted } as const;
    state.emit(id === undefined ? start : { ...start, id });
    return block;
  };
  const add = (kind: 'summary' | 'text', delta: string): void => {
    mode ??= kind;
    // A summary beside the reasoning says the same twice; what came first is kept.
    if (mode !== kind || delta === '') return;
    const at = open(kind === 'summary', false, optionalText(added['id']));
    state.emit({ type: 'reasoning-delta', block: at, text: separate && hasText ? SUMMARY_SEPARATOR + delta : delta });
    hasText = true;
    separate = false;
  };
  const end = (): void => {
    if (block !== undefined) state.emit({ type: 'block-end', block });
  };

  return {
    read(type, event) {
      switch (type) {
        case 'reasoning_summary_part.added':
        case 'reasoning_summary_part.done':
        case 'content_part.done':
          separate = true;
          return;
        case 'reasoning_summary_text.delta':
          return add('summary', text(event['delta']));
        case 'reasoning_text.delta':
          return add('text', text(event['delta']));
        case 'reasoning_summary_text.done':
          if (mode === undefined) add('summary', text(event['text']));
          return;
        case 'reasoning_text.done':
          if (mode === undefined) add('text', text(event['text']));
          return;
      }
    },
    end(item) {
      const part = decodeReasoningItem(item);
      if (part.type === 'carrier') {
        const signed = part.callId === undefined ? state.lastText : state.openCalls.get(part.callId);
        if (signed !== undefined) state.emit({ type: 'block-signature', block: signed, signature: part.signature });
        return end();
      }
      const at = open(part.summary, part.redacted, part.id);
      if (!hasText && part.text !== '') state.emit({ type: 'reasoning-delta', block: at, text: part.text });
      if (part.signature !== undefined) state.emit({ type: 'block-signature', block: at, signature: part.signature });
      end();
    },
    abandon: end,
  };
}

function callReader(added: JsonObject, state: StreamState, kind: 'function' | 'custom'): ItemReader {
  const field = kind === 'function' ? 'arguments' : 'input';
  const event = kind === 'function' ? 'function_call_arguments' : 'custom_tool_call_input';
  let block: number | undefined;
  let callId = '';
  let length = 0;
  let held = '';

  // The name may come only with the end of the item; a call is of no use before.
  const open = (item: JsonObject, final: boolean): void => {
    const { id, name } = callIdentity(item);
    if (block !== undefined || (name === '' && !final)) return;
    block = state.nextBlock();
    callId = id;
    state.hasCall = true;
    state.openCalls.set(id, block);
    state.emit({ type: 'tool-call-start', block, candidate: 0, id, name, kind });
    const early = held;
    held = '';
    add(early);
  };
  const add = (delta: string): void => {
    if (delta === '') return;
    if (block === undefined) {
      held += delta;
      return;
    }
    length += delta.length;
    state.emit({ type: 'tool-call-delta', block, arguments: delta });
  };
  const end = (): void => {
    if (block === undefined) return;
    state.openCalls.delete(callId);
    state.emit({ type: 'block-end', block });
  };

  open(added, false);
  return {
    read(type, wire) {
      if (type === `${event}.delta`) add(text(wire['delta']));
      else if (type === `${event}.done`) add(text(wire[field]).slice(length + held.length));
    },
    end(item) {
      open({ ...added, ...item }, true);
      add(text(item[field]).slice(length));
      end();
    },
    abandon: end,
  };
}
