/** Answers of a Gemini upstream, and what Gemini is sent when a client brings them back with its next turn. */
import { expect } from 'vitest';
import { codecs } from '../../src/dialects/index.ts';
import { rememberTurn } from '../../src/pipeline/signatures/remembered-turn.ts';
import { restoreTurns } from '../../src/pipeline/signatures/restore-turns.ts';
import { turnKeys } from '../../src/pipeline/signatures/turn-keys.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';
import type { EdgeCase } from './ledger.ts';
import { answer, type ClientEvent, request, stream } from './through.ts';

/** The clients that have a place for signatures of others. */
export type Carrier = 'anthropic-messages' | 'openai-responses';

export const carriers: readonly Carrier[] = ['anthropic-messages', 'openai-responses'];

/** Google's value for a call that Gemini did not make itself. */
export const BYPASS = 'skip_thought_signature_validator';

/** A whole answer of one candidate; as a stream it is one frame. */
export function reply(parts: readonly Wire[], more: Wire = {}): Wire {
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
    modelVersion: 'gemini-3-pro',
    responseId: 'r1',
    ...more,
  };
}

/** The same answer as a stream with a frame for each part. */
export function frames(parts: readonly Wire[], more: Wire = {}): readonly Wire[] {
  const open = parts.map((part) => {
    const { candidates, usageMetadata, ...head } = reply([part]);
    return { ...head, candidates: [{ content: candidates[0].content, index: 0 }] };
  });
  return [...open, reply([], more)];
}

/** `contents` as Gemini gets them. */
export function contents(client: Parameters<typeof request>[0], body: Wire, target: Wire = {}): Wire[] {
  return request(client, 'gemini', body, { model: 'gemini-3-pro', ...target }).body.contents;
}

/** A function call of a model part, with its signature where it has one. */
export function call(name: string, args: Wire = {}, signature?: string, id?: string): Wire {
  const functionCall = { ...(id === undefined ? {} : { id }), name, args };
  return { functionCall, ...signed(signature) };
}

/** A text part, and a part with a thought, with their signatures where they have one. */
export const text = (value: string, signature?: string): Wire => ({ text: value, ...signed(signature) });
export const thought = (value: string, signature?: string): Wire => ({
  ...text(value),
  thought: true,
  ...signed(signature),
});

function signed(signature: string | undefined): Wire {
  return signature === undefined ? {} : { thoughtSignature: signature };
}

/** What a client keeps of an answer: the output items in the order in which they were done, or the content blocks. */
export function kept(client: Carrier, parts: readonly Wire[], streamed: boolean): Wire[] {
  if (!streamed) {
    const { body } = answer(client, 'gemini', reply(parts));
    return client === 'openai-responses' ? body.output : body.content;
  }
  const events = stream(client, 'gemini', frames(parts));
  return client === 'openai-responses' ? doneItems(events) : blocksOf(events);
}

/** The output items of a Responses stream, in the order in which they were done. */
export function doneItems(events: readonly ClientEvent[]): Wire[] {
  return events.filter(({ event }) => event === 'response.output_item.done').map(({ data }) => data.item);
}

/** The content blocks of a Claude stream. */
export function blocksOf(events: readonly ClientEvent[]): Wire[] {
  const blocks: Wire[] = [];
  for (const { data } of events) {
    if (data.type === 'content_block_start') blocks[data.index] = { ...data.content_block };
    if (data.type !== 'content_block_delta') continue;
    const block = blocks[data.index];
    const { delta } = data;
    if (delta.type === 'text_delta') block.text += delta.text;
    if (delta.type === 'thinking_delta') block.thinking += delta.thinking;
    if (delta.type === 'signature_delta') block.signature = delta.signature;
    if (delta.type === 'input_json_delta') block.input = JSON.parse(delta.partial_json);
  }
  return blocks;
}

/** The next request of a client that kept an answer: it answers every call with `ok`, or asks on. */
export function nextRequest(client: Carrier, given: readonly Wire[]): Wire {
  const question = { role: 'user', content: 'q' };
  if (client === 'openai-responses') {
    const calls = given.filter(({ call_id }) => call_id !== undefined);
    const outputs = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'ok' }));
    return { input: [question, ...given, ...(outputs.length > 0 ? outputs : [{ role: 'user', content: 'r' }])] };
  }
  const results = given
    .filter(({ type }) => type === 'tool_use')
    .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }));
  const content = results.length > 0 ? results : 'r';
  return { max_tokens: 9, messages: [question, { role: 'assistant', content: given }, { role: 'user', content }] };
}

/** The model's parts as Gemini gets them back with the next turn; ids of calls that the gateway made are left out. */
export function returned(client: Carrier, parts: readonly Wire[], streamed: boolean): Wire[] {
  return modelParts(contents(client, nextRequest(client, kept(client, parts, streamed))));
}

/** The parts of the model's turns. */
export function modelParts(list: readonly Wire[]): Wire[] {
  return list.filter(({ role }) => role === 'model').flatMap((content) => content.parts.map(withoutId));
}

function withoutId(part: Wire): Wire {
  if (part.functionCall === undefined) return part;
  const { id, ...functionCall } = part.functionCall;
  return { ...part, functionCall };
}

/** Like {@link returned}, with the memory of the gateway that gave the answer. */
export function remembered(client: Carrier, parts: readonly Wire[], streamed: boolean): Wire[] {
  const gemini = codecs.get('gemini');
  const codec = codecs.get(client);
  if (gemini === undefined || codec === undefined) throw new Error('no codec');
  const content = gemini.decodeResponse(reply(parts)).candidates[0]?.content ?? [];
  const turn = rememberTurn(content, 'gemini');
  const keys = new Set(turnKeys(content, 'q'));
  const body = { model: 'm', ...nextRequest(client, kept(client, parts, streamed)) };
  const asked = codec.decodeRequest(body, { model: 'm', stream: false });
  const messages = restoreTurns(asked.messages, (key) => (keys.has(key) ? turn : undefined));
  const { value } = gemini.encodeRequest({ ...asked, messages }, { model: 'gemini-3-pro', stream: false, quirks: {} });
  return modelParts(JSON.parse(JSON.stringify(value['contents'])));
}

/** What is to come back where it differs from what was answered, and what is to be known of it. */
interface Return {
  readonly expected?: readonly Wire[];
  readonly note?: string;
}

/** A case: every signature of an answer, whole and streamed, comes back on the part that it signed. */
export function comesBack(
  client: Carrier,
  names: readonly string[],
  parts: readonly Wire[],
  { expected = parts, note }: Return = {},
): EdgeCase {
  return {
    names,
    ...(note === undefined ? {} : { note }),
    run() {
      expect(returned(client, parts, false)).toEqual(expected);
      // The signature of a streamed text comes behind the text, where Claude clients have no place for it.
      const streamed = client === 'anthropic-messages' ? remembered : returned;
      expect(streamed(client, parts, true)).toEqual(expected);
    },
  };
}
