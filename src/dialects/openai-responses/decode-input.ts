import { invalidRequest } from '../../errors.ts';
import { cacheLastPart, readCacheControl } from '../../ir/cache-control.ts';
import type { JsonObject, JsonValue, Message, Part, Role, ToolResultPart } from '../../ir/index.ts';
import { placePart } from '../../ir/part-place.ts';
import { isJsonArray, readString, requireObjectValue, requireString, unknownFields } from '../../ir/read.ts';
import { agentContent } from './agent-message.ts';
import { type DecodedPart, decodeContent } from './content-parts.ts';
import { type ItemNote, isNoteworthy, noteJson } from './item-notes.ts';
import { decodeReasoningItem, type SignatureCarrier } from './reasoning-item.ts';
import { resultContent } from './result-content.ts';
import { decodeServerTool } from './server-tools.ts';
import { readToolName } from './tool-names.ts';
import { DIALECT, objects, text, withoutAbsent } from './wire.ts';

/** Messages out of input items, with the notes that restore the items. */
export interface DecodedInput {
  readonly messages: readonly Message[];
  readonly notes: JsonObject;
}

interface Draft {
  readonly role: Role;
  readonly path: string;
  readonly content: Part[];
  readonly notes: ItemNote[];
  id?: string;
}

const fields = {
  message: new Set(['type', 'role', 'content', 'id']),
  reasoning: new Set(['type', 'id', 'summary', 'content', 'encrypted_content']),
  function_call: new Set(['type', 'call_id', 'name', 'arguments', 'namespace']),
  custom_tool_call: new Set(['type', 'call_id', 'name', 'input', 'namespace']),
  output: new Set(['type', 'call_id', 'output']),
};

/** `input`: a string is one user message; a list is read item by item. */
export function decodeInput(input: JsonValue | undefined): DecodedInput {
  if (input === undefined || input === null) return { messages: [], notes: {} };
  if (typeof input === 'string') {
    return { messages: [{ role: 'user', content: [{ type: 'text', text: input }], path: 'input' }], notes: {} };
  }
  if (!isJsonArray(input)) throw invalidRequest('input', 'must be a string or an array of items');
  const drafts: Draft[] = [];
  for (const [index, value] of input.entries()) {
    const path = `input[${index}]`;
    decodeItem(drafts, requireObjectValue(value, path), path);
  }
  return { messages: drafts.map(toMessage), notes: collectNotes(drafts) };
}

function toMessage(draft: Draft): Message {
  const { role, content, path, id } = draft;
  return { role, content, ...(id === undefined ? {} : { id }), path };
}

function collectNotes(drafts: readonly Draft[]): JsonObject {
  const noted = drafts.filter((draft) => draft.notes.some(isNoteworthy));
  return Object.fromEntries(noted.map((draft) => [draft.path, draft.notes.map(noteJson)]));
}

function decodeItem(drafts: Draft[], wire: JsonObject, path: string): void {
  const type = readString(wire, 'type', path) ?? (wire['role'] === undefined ? undefined : 'message');
  switch (type) {
    case undefined:
      throw invalidRequest(`${path}.type`, 'is required and must be a string');
    case 'message':
      decodeMessage(drafts, wire, path);
      return;
    case 'reasoning':
      decodeReasoning(drafts, wire, path);
      return;
    case 'function_call':
      decodeCall(drafts, wire, path, 'function');
      return;
    case 'custom_tool_call':
      decodeCall(drafts, wire, path, 'custom');
      return;
    case 'function_call_output':
      decodeOutput(drafts, wire, path, 'function');
      return;
    case 'custom_tool_call_output':
      decodeOutput(drafts, wire, path, 'custom');
      return;
    case 'agent_message':
      decodeAgentMessage(drafts, wire, path);
      return;
    default:
      add(drafts, speakerOf(type), path, decodeServerTool(wire) ?? decodeOther(wire), {
        type,
      });
  }
}

/** Tools that an item brings are among the request's tools: see `decodeRequest`. */
function decodeOther(wire: JsonObject): Part {
  const part = { type: 'opaque', dialect: DIALECT, value: wire } as const;
  return bringsTools(wire) ? { ...part, carried: true } : part;
}

/** True for an item with tools that the model may use from there on: added by the client, or found by a search. */
export function bringsTools(item: JsonObject): boolean {
  const type = item['type'];
  return (type === 'additional_tools' || type === 'tool_search_output') && isJsonArray(item['tools']);
}

/** What the client says with no words of the user's. */
const controls: ReadonlySet<string> = new Set(['additional_tools', 'configuration_update', 'compaction_trigger']);

// Answers to built-in calls come from the client; every other kind of item was made by the model.
function speakerOf(type: string): Role {
  if (controls.has(type)) return 'developer';
  return type.endsWith('_output') || type === 'mcp_approval_response' ? 'user' : 'assistant';
}

/** Appends to the last message when the same side is still at work, or begins a new one. */
function add(drafts: Draft[], role: Role, path: string, part: Part, note: ItemNote): void {
  const draft = openDraft(drafts, role, path);
  draft.content.push(placePart(part, path));
  draft.notes.push(note);
}

function openDraft(drafts: Draft[], role: Role, path: string): Draft {
  const last = drafts.at(-1);
  // A user's message item stays apart from tool outputs, as Chat demands; an assistant's joins its calls.
  const joins = last?.role === role && (role === 'assistant' || last.notes.at(-1)?.type !== 'message');
  if (last !== undefined && joins) return last;
  const draft: Draft = { role, path, content: [], notes: [] };
  drafts.push(draft);
  return draft;
}

function note(type: string, rest: JsonObject | undefined, parts: readonly DecodedPart[] = []): ItemNote {
  const extras = parts.some((part) => part.extra !== undefined);
  return {
    type,
    ...(rest === undefined ? {} : { fields: rest }),
    ...(extras ? { parts: parts.map((part) => part.extra ?? null) } : {}),
  };
}

function decodeMessage(drafts: Draft[], wire: JsonObject, path: string): void {
  const role = decodeRole(requireString(wire, 'role', path), path);
  const parts = decodeContent(wire['content'], `${path}.content`);
  const last = drafts.at(-1);
  const joins = role === 'assistant' && last?.role === role && last.notes.at(-1)?.type !== 'message';
  const draft: Draft = joins && last !== undefined ? last : { role, path, content: [], notes: [] };
  if (!joins) drafts.push(draft);
  const id = readString(wire, 'id', path);
  const rest = unknownFields(wire, fields.message);
  const first = draft.notes.every((other) => other.type !== 'message');
  if (id !== undefined && first) draft.id = id;
  const content = cacheLastPart(
    parts.map(({ part }) => part),
    wire,
  );
  const whole = typeof wire['content'] === 'string';
  const placed = content.map((part, at) => placePart(part, whole ? `${path}.content` : `${path}.content[${at}]`));
  draft.content.push(...placed);
  draft.notes.push(note('message', id === undefined || first ? rest : { ...rest, id }, parts));
}

function decodeAgentMessage(drafts: Draft[], wire: JsonObject, path: string): void {
  const parts = decodeContent(agentContent(wire), `${path}.content`);
  const content = parts.length === 0 ? [decodeOther(wire)] : parts.map(({ part }) => part);
  drafts.push({ role: 'user', path, content, notes: [{ type: 'message', item: wire }] });
}

function decodeRole(role: string, path: string): Role {
  if (role === 'system' || role === 'developer' || role === 'user' || role === 'assistant') return role;
  throw invalidRequest(`${path}.role`, 'must be system, developer, user or assistant');
}

function decodeReasoning(drafts: Draft[], wire: JsonObject, path: string): void {
  const part = decodeReasoningItem(wire);
  if (part.type === 'carrier') {
    restoreSignature(drafts, part, path);
    return;
  }
  // One text stands for several summary parts, or for a summary beside the reasoning itself: note the original.
  const { summary, content } = wire;
  const plain = objects(summary).length + objects(content).length <= 1;
  const divided = plain ? undefined : withoutAbsent({ summary, content });
  const rest = unknownFields(wire, fields.reasoning);
  add(drafts, 'assistant', path, part, note('reasoning', rest || divided ? { ...rest, ...divided } : undefined));
}

/** Only what the model said is signed. Without a text to go with, a signature came with an empty one. */
function restoreSignature(drafts: Draft[], carrier: SignatureCarrier, path: string): void {
  const { callId, signature } = carrier;
  const signs = (part: Part): boolean =>
    callId === undefined ? part.type === 'text' : part.type === 'tool-call' && part.id === callId;
  const last = drafts.at(-1);
  const spoken = callId === undefined ? (last?.role === 'assistant' ? [last] : []) : drafts;
  const signed = spoken.findLast(({ content }) => content.some(signs));
  if (signed !== undefined) attachSignature(signed.content, carrier);
  else if (callId === undefined)
    openDraft(drafts, 'assistant', path).content.push({ type: 'text', text: '', signature });
}

/** Gives the signature of a carrier item back to the part before it. */
export function attachSignature(content: Part[], { signature, callId }: SignatureCarrier): void {
  const index = content.findLastIndex((part) =>
    callId === undefined ? part.type === 'text' : part.type === 'tool-call' && part.id === callId,
  );
  const part = content[index];
  if (part?.type === 'tool-call' || part?.type === 'text') content[index] = { ...part, signature };
}

function decodeCall(drafts: Draft[], wire: JsonObject, path: string, kind: 'function' | 'custom'): void {
  const type = kind === 'function' ? 'function_call' : 'custom_tool_call';
  const name = requireString(wire, 'name', path);
  const rest = unknownFields(wire, fields[type]);
  const namespace = readString(wire, 'namespace', path);
  const part: Part = {
    type: 'tool-call',
    id: requireString(wire, 'call_id', path),
    name: readToolName(wire) ?? name,
    kind,
    arguments: requireString(wire, kind === 'function' ? 'arguments' : 'input', path),
  };
  const noted = namespace === undefined ? rest : { ...rest, name, namespace };
  add(drafts, 'assistant', path, part, note(type, noted));
}

function decodeOutput(drafts: Draft[], wire: JsonObject, path: string, kind: 'function' | 'custom'): void {
  const decoded = decodeContent(resultContent(wire['output']), `${path}.output`);
  const content = decoded.map(({ part }): ToolResultPart['content'][number] =>
    part.type === 'refusal' ? { type: 'text', text: part.text } : part,
  );
  const callId = requireString(wire, 'call_id', path);
  const part: Part = { type: 'tool-result', callId, content, isError: false, kind, ...readCacheControl(wire) };
  add(drafts, 'user', path, part, note(text(wire['type']), unknownFields(wire, fields.output)));
}
