/** One reader per open output item of an upstream's stream: its events -> generation events. */
import type { JsonObject } from '../../ir/index.ts';
import type { ItemReader, StreamState } from './item-reader.ts';
import { createMessageReader } from './message-reader.ts';
import { callIdentity, decodeWholeItem } from './output-parts.ts';
import { decodeReasoningItem, SUMMARY_SEPARATOR } from './reasoning-item.ts';
import { optionalText, text } from './wire.ts';

/** The reader for an item, by its type. */
export function createItemReader(item: JsonObject, state: StreamState): ItemReader {
  switch (item['type']) {
    case 'message':
      return createMessageReader(state);
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
      else if (part.type === 'server-tool') state.emit({ type: 'server-tool', ...place, part });
      else state.emit({ type: 'opaque', ...place, dialect: part.dialect, value: part.value });
    },
  };
}

function reasoningReader(added: JsonObject, state: StreamState): ItemReader {
  let block: number | undefined;
  const sealed = added['encrypted_content'];
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
          add('summary', text(event['delta']));
          return;
        case 'reasoning_text.delta':
          add('text', text(event['delta']));
          return;
        case 'reasoning_summary_text.done':
          if (mode === undefined) add('summary', text(event['text']));
          return;
        case 'reasoning_text.done':
          if (mode === undefined) add('text', text(event['text']));
          return;
      }
    },
    end(item) {
      // Some servers send the signature only with the item's beginning.
      const part = decodeReasoningItem({ ...item, encrypted_content: item['encrypted_content'] || sealed });
      if (part.type === 'carrier') {
        const signed = part.callId === undefined ? state.lastText : state.openCalls.get(part.callId);
        if (signed !== undefined) state.emit({ type: 'block-signature', block: signed, signature: part.signature });
        end();
        return;
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
    const ended = block;
    state.endLater(() => {
      state.openCalls.delete(callId);
      state.emit({ type: 'block-end', block: ended });
    });
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
