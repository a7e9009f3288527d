import { readCacheControl } from '../../ir/cache-control.ts';
import {
  decodeSignature,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
  type ToolCallPart,
} from '../../ir/index.ts';
import { field, readObject, requireObjectValue, requireString } from '../../ir/read.ts';
import { dialectId, readThoughtSignature } from './wire.ts';

/** An entry of `tool_calls` of a whole message. `fallbackId`: for a call without an id, which is refused otherwise. */
export function decodeToolCall(value: JsonValue, path: string, fallbackId?: string): ToolCallPart {
  const call = requireObjectValue(value, path);
  const custom = call['type'] === 'custom';
  const key = custom ? 'custom' : 'function';
  const body = readObject(call, key, path) ?? {};
  const proof = readThoughtSignature(call);
  return {
    type: 'tool-call',
    id: call['id'] || fallbackId === undefined ? requireString(call, 'id', path) : fallbackId,
    name: requireString(body, 'name', `${path}.${key}`),
    kind: custom ? 'custom' : 'function',
    arguments: readArguments(body, custom ? 'input' : 'arguments', `${path}.${key}`),
    ...(proof !== undefined && { signature: decodeSignature(proof, dialectId) }),
    ...readCacheControl(call),
  };
}

/** Arguments are JSON text; some servers and clients send the object itself. */
export function readArguments(body: JsonObject, key: string, path: string): string {
  const value = field(body, key);
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : requireString(body, key, path);
}

/** A tool call as an entry of `tool_calls`; signatures as the caller allows. */
export function encodeToolCall(part: ToolCallPart, extraContent: JsonObject | undefined): JsonObject {
  const { id, name } = part;
  const call: MutableJsonObject =
    part.kind === 'custom'
      ? { id, type: 'custom', custom: { name, input: part.arguments } }
      : { id, type: 'function', function: { name, arguments: part.arguments } };
  if (extraContent !== undefined) call['extra_content'] = extraContent;
  return call;
}
