/** Events of a Responses upstream in few words, and what a Claude or a Chat client makes of a stream. */
import { expect } from 'vitest';
import type { Wire } from '../support/scripted-upstream/index.ts';
import { type ClientEvent, stream } from './through.ts';

/** `response.created`. */
export const created: Wire = {
  type: 'response.created',
  response: { id: 'resp_1', model: 'up', created_at: 1_700_000_000, status: 'in_progress', output: [] },
};

/** A terminal event, `response.completed` unless the response is incomplete. */
export function completed(response: Wire = {}): Wire {
  const status = response.status ?? 'completed';
  const usage = { input_tokens: 20, output_tokens: 7, total_tokens: 27 };
  return {
    type: `response.${status}`,
    response: { id: 'resp_1', model: 'up', created_at: 1_700_000_000, status, output: [], usage, ...response },
  };
}

/** `response.output_item.added` or `.done`. */
export const added = (output_index: number, item: Wire): Wire => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
export const done = (output_index: number, item: Wire): Wire => ({
  type: 'response.output_item.done',
  output_index,
  item,
});

/** A function call item. */
export const call = (n: number, name = `tool_${n}`, args = ''): Wire => ({
  type: 'function_call',
  id: `fc_${n}`,
  call_id: `call_${n}`,
  name,
  arguments: args,
});

/** Argument events of the call with that number and place. */
export const argsDelta = (n: number, output_index: number, delta: string): Wire => ({
  type: 'response.function_call_arguments.delta',
  item_id: `fc_${n}`,
  output_index,
  delta,
});
export const argsDone = (n: number, output_index: number, args: string): Wire => ({
  type: 'response.function_call_arguments.done',
  item_id: `fc_${n}`,
  output_index,
  arguments: args,
});

/** A message item with one text. */
export const message = (text: string, id = 'msg_1'): Wire => ({
  type: 'message',
  id,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

/** A piece of a message's text. */
export const textDelta = (output_index: number, delta: string): Wire => ({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  output_index,
  content_index: 0,
  delta,
});

/** The whole stream of a message with one text. */
export const textEvents = (output_index: number, text: string): readonly Wire[] => [
  added(output_index, { ...message(''), content: [] }),
  textDelta(output_index, text),
  done(output_index, message(text)),
];

/** A reasoning item. */
export const reasoning = (summary: readonly string[], encrypted_content?: string): Wire => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: summary.map((text) => ({ type: 'summary_text', text })),
  ...(encrypted_content !== undefined && { encrypted_content }),
});

/** A piece of a reasoning summary. */
export const summaryDelta = (output_index: number, summary_index: number, delta: string): Wire => ({
  type: 'response.reasoning_summary_text.delta',
  item_id: 'rs_1',
  output_index,
  summary_index,
  delta,
});

/** The begin or the end of a part of a reasoning summary. */
export const summaryPart = (output_index: number, summary_index: number, phase: 'added' | 'done'): Wire => ({
  type: `response.reasoning_summary_part.${phase}`,
  item_id: 'rs_1',
  output_index,
  summary_index,
  part: { type: 'summary_text', text: '' },
});

/** What a Claude client has at the end of a stream. */
export interface ClaudeMessage {
  readonly id: string;
  readonly model: string;
  readonly content: readonly Wire[];
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
  readonly usage: Wire;
}

/** Reads a stream as strictly as Claude's clients do: one open block at a time, indexes from 0, one end. */
export function readClaude(events: readonly ClientEvent[]): ClaudeMessage {
  const content: Wire[] = [];
  let open: Wire;
  let head: Wire;
  let end: Wire;
  for (const { event, data } of events) {
    expect(data.type).toBe(event);
    if (event === 'message_start') head = data.message;
    else if (event === 'content_block_start') {
      expect(open, 'two open blocks').toBeUndefined();
      expect(data.index).toBe(content.length);
      open = { ...data.content_block };
      content.push(open);
    } else if (event === 'content_block_delta') {
      expect(data.index, 'a delta of a block that is not open').toBe(content.length - 1);
      expect(open).toBeDefined();
      addDelta(open, data.delta);
    } else if (event === 'content_block_stop') {
      expect(data.index).toBe(content.length - 1);
      if (open.json !== undefined) open.input = JSON.parse(open.json);
      delete open.json;
      open = undefined;
    } else if (event === 'message_delta') end = data;
  }
  expect(open, 'a block that never ends').toBeUndefined();
  expect(events.at(-1)?.event).toBe('message_stop');
  return { id: head.id, model: head.model, content, ...end.delta, usage: end.usage };
}

function addDelta(open: Wire, delta: Wire): void {
  if (delta.type === 'text_delta') open.text += delta.text;
  else if (delta.type === 'thinking_delta') open.thinking += delta.thinking;
  else if (delta.type === 'signature_delta') open.signature += delta.signature;
  else if (delta.type === 'input_json_delta') open.json = (open.json ?? '') + delta.partial_json;
}

/** A Responses stream as a Claude client has it at its end. */
export const claudeOf = (events: readonly Wire[], asked?: Wire): ClaudeMessage =>
  readClaude(stream('anthropic-messages', 'openai-responses', events, asked));

/** Claude's blocks, as short as can be. */
export const thinking = (text: string, signature = ''): Wire => ({ type: 'thinking', thinking: text, signature });
export const textBlock = (text: string): Wire => ({ type: 'text', text, citations: [] });
export const toolUse = (n: number, input: Wire = {}, name = `tool_${n}`): Wire => ({
  type: 'tool_use',
  id: `call_${n}`,
  name,
  input,
  caller: { type: 'direct' },
});

/** The deltas of a Chat stream, without the chunks that bring nothing, and how it ends. */
export function chatOf(events: readonly Wire[], asked?: Wire): Wire {
  const seen = stream('openai-chat', 'openai-responses', events, asked);
  const chunks = seen.filter(({ data }) => data !== '[DONE]').map(({ data }) => data);
  const choices = chunks.flatMap((chunk) => chunk.choices);
  return {
    chunks,
    deltas: choices
      .map((choice: Wire) => choice.delta)
      .filter((delta: Wire) => Object.keys(delta).length > 0 && delta.role === undefined),
    finish: choices.find((choice: Wire) => choice.finish_reason !== null)?.finish_reason,
    usage: chunks.findLast((chunk) => chunk.usage)?.usage,
    last: seen.at(-1)?.data,
  };
}

/** The tool calls of a Chat stream, put together as clients do it. */
export function chatCalls(deltas: readonly Wire[]): Wire[] {
  const calls: Wire[] = [];
  for (const piece of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
    const known = calls[piece.index];
    if (known === undefined) calls[piece.index] = structuredClone(piece);
    else if (piece.custom) known.custom.input += piece.custom.input;
    else known.function.arguments += piece.function.arguments;
  }
  return calls;
}
