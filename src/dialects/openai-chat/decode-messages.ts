import { invalidRequest } from '../../errors.ts';
import { cacheLastPart, readCacheControl } from '../../ir/cache-control.ts';
import {
  decodeSignature,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Message,
  type Part,
  type ToolResultPart,
} from '../../ir/index.ts';
import { placePart } from '../../ir/part-place.ts';
import { isJsonArray, readArray, readObject, readString, requireObjectValue, requireString } from '../../ir/read.ts';
import { CallIds } from './call-ids.ts';
import { decodeContent } from './decode-content.ts';
import { decodeReasoning } from './reasoning-details.ts';
import { decodeToolCall, readArguments } from './tool-calls.ts';
import { decodeToolError } from './tool-error.ts';
import { dialectId, readThoughtSignature } from './wire.ts';

/** `messages` -> turns. Results that follow each other are one user turn: they answer one assistant turn. */
export function decodeMessages(values: readonly JsonValue[]): Message[] {
  const messages: Message[] = [];
  let results: ToolResultPart[] | undefined;
  const legacy = new LegacyCalls();
  const ids = new CallIds(values);
  const customCalls = new Set<string>();
  for (const [index, value] of values.entries()) {
    const path = `messages[${index}]`;
    const wire = requireObjectValue(value, path);
    const role = requireString(wire, 'role', path);
    if (role === 'tool' || role === 'function') {
      const result = role === 'tool' ? decodeToolResult(wire, ids, customCalls, path) : legacy.decodeResult(wire, path);
      if (results === undefined) {
        results = [];
        messages.push({ role: 'user', content: results, path });
      }
      results.push(placePart(result, path));
      continue;
    }
    results = undefined;
    const message = decodeMessage(wire, role, { path, index, legacy, ids });
    const calls = message.content.filter((part) => part.type === 'tool-call');
    for (const call of calls) if (call.kind === 'custom') customCalls.add(call.id);
    ids.wait(calls);
    messages.push(message);
  }
  return messages;
}

/** Where a message stands, and what is known of the calls before it. */
interface Place {
  readonly path: string;
  readonly index: number;
  readonly legacy: LegacyCalls;
  readonly ids: CallIds;
}

function decodeMessage(wire: JsonObject, role: string, place: Place): Message {
  const { path, index, legacy } = place;
  const name = readString(wire, 'name', path);
  const common = { ...(name !== undefined && { name }), path };
  const content = decodeContent(wire['content'], `${path}.content`);
  switch (role) {
    case 'system':
    case 'developer':
    case 'user':
      return { role, content: cacheLastPart(content, wire), ...common };
    case 'assistant': {
      const call = legacy.decodeCall(wire, path, index);
      const parts = [...decodeAssistant(wire, content, place), ...(call === undefined ? [] : [call])];
      return { role, content: cacheLastPart(parts, wire), ...common };
    }
    default:
      throw invalidRequest(`${path}.role`, `"${role}" is not a role; use system, developer, user, assistant or tool`);
  }
}

function decodeAssistant(wire: JsonObject, content: readonly Part[], { path, index, ids }: Place): Part[] {
  const refusal = readString(wire, 'refusal', path);
  const audio = readObject(wire, 'audio', path);
  const calls = readArray(wire, 'tool_calls', path) ?? [];
  const signed = signLastText(content, readThoughtSignature(wire));
  const whole = typeof wire['content'] === 'string';
  return [
    ...decodeReasoning(wire).map((part) => placePart(part, `${path}.reasoning_content`)),
    ...signed.map((part, at) => placePart(part, whole ? `${path}.content` : `${path}.content[${at}]`)),
    ...(refusal === undefined || refusal === '' ? [] : [{ type: 'refusal', text: refusal } as const]),
    ...(audio === undefined ? [] : [{ type: 'opaque', dialect: dialectId, value: { type: 'audio', audio } } as const]),
    ...calls.map((call, at) => {
      const place = `${path}.tool_calls[${at}]`;
      return placePart(decodeToolCall(call, place, ids.place(index, at)), place);
    }),
  ];
}

/** Puts a message's own signature on the last text, where Gemini had it. */
export function signLastText(content: readonly Part[], proof: string | undefined): readonly Part[] {
  if (proof === undefined) return content;
  const signature = decodeSignature(proof, dialectId);
  const last = content.findLastIndex((part) => part.type === 'text');
  return content.map((part, index) => (index === last && part.type === 'text' ? { ...part, signature } : part));
}

function decodeToolResult(
  wire: JsonObject,
  ids: CallIds,
  customCalls: ReadonlySet<string>,
  path: string,
): ToolResultPart {
  const callId = ids.answered(wire, path);
  if (callId === undefined) throw invalidRequest(`${path}.tool_call_id`, 'is required and must be a string');
  const name = readString(wire, 'name', path);
  const { content, isError } = decodeToolError(resultContent(wire, path));
  return {
    type: 'tool-result',
    callId,
    ...(name !== undefined && { name }),
    content,
    isError,
    kind: customCalls.has(callId) ? 'custom' : 'function',
    ...readCacheControl(wire),
  };
}

/** What is no content is the tool's data: its JSON is the text. */
function resultContent(wire: JsonObject, path: string): ToolResultPart['content'] {
  const value = wire['content'];
  if (isData(value)) return [{ type: 'text', text: JSON.stringify(value) }];
  return decodeContent(value, `${path}.content`).map((part, index) => {
    if (part.type === 'text' || part.type === 'media' || part.type === 'opaque') return part;
    throw invalidRequest(`${path}.content[${index}].type`, `"${part.type}" cannot stand in a tool message`);
  });
}

function isData(content: JsonValue | undefined): boolean {
  if (!isJsonArray(content)) return content !== undefined && content !== null && typeof content !== 'string';
  const isPart = (item: JsonValue): boolean =>
    typeof item === 'string' || (isJsonObject(item) && typeof item['type'] === 'string');
  return !content.every(isPart);
}

/** Calls of the older API have no ids: each gets one from its place, and a result answers the last call of its name. */
class LegacyCalls {
  readonly #ids: Map<string, string> = new Map();

  decodeCall(wire: JsonObject, path: string, index: number): Part | undefined {
    const call = readObject(wire, 'function_call', path);
    if (call === undefined) return undefined;
    const at = `${path}.function_call`;
    const name = requireString(call, 'name', at);
    const id = `call_legacy_${index}`;
    this.#ids.set(name, id);
    return { type: 'tool-call', id, name, kind: 'function', arguments: readArguments(call, 'arguments', at) };
  }

  decodeResult(wire: JsonObject, path: string): ToolResultPart {
    const name = requireString(wire, 'name', path);
    const callId = this.#ids.get(name) ?? `call_legacy_${name}`;
    const { content, isError } = decodeToolError(resultContent(wire, path));
    return { type: 'tool-result', callId, name, content, isError, kind: 'function' };
  }
}
