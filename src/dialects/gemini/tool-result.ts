import type { JsonObject, MediaPart, OpaquePart, TextPart, ToolResultPart } from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { decodeMedia } from './media.ts';
import { DIALECT, definedFields, objectOf, objectsOf, stringOf } from './wire.ts';

/** `functionResponse` without its call id, which the caller works out. */
export function decodeFunctionResponse(wire: JsonObject): Omit<ToolResultPart, 'callId'> {
  const name = stringOf(wire, 'name') || undefined;
  const output = decodeOutput(objectOf(wire, 'response') ?? {}, wire['response']);
  const text: TextPart[] = output.text === '' ? [] : [{ type: 'text', text: output.text }];
  const media = objectsOf(wire['parts']).map(
    (part): MediaPart | OpaquePart => decodeMedia(part) ?? { type: 'opaque', dialect: DIALECT, value: part },
  );
  const { willContinue, scheduling } = wire;
  const functionResponse = definedFields({ willContinue, scheduling });
  return {
    type: 'tool-result',
    ...(name === undefined ? {} : { name }),
    content: [...text, ...media],
    isError: output.isError,
    kind: 'function',
    ...(functionResponse === undefined ? {} : { extensions: { [DIALECT]: { functionResponse } } }),
  };
}

interface Output {
  readonly text: string;
  readonly isError: boolean;
}

/** The text of a `response`: the string of its only key `output`, `result` or `error`, else the whole as JSON. */
function decodeOutput(response: JsonObject, raw: unknown = response): Output {
  const keys = Object.keys(response);
  const key = keys[0];
  const isError = (response['error'] ?? undefined) !== undefined;
  if (keys.length === 0) return { text: '', isError };
  if (keys.length === 1 && (key === 'output' || key === 'result' || key === 'error')) {
    const value = response[key];
    if (typeof value === 'string') return { text: value, isError };
  }
  return { text: JSON.stringify(raw), isError };
}

/**
 * The `response` object for a result's text. JSON text is sent as the object it is, but only when nothing is lost:
 * it must serialise back to the same text and be read back as the same result.
 */
export function encodeOutput(text: string, isError: boolean): JsonObject {
  const object = parseJsonObject(text);
  if (object !== undefined && JSON.stringify(object) === text) {
    const read = decodeOutput(object);
    if (read.isError === isError && read.text === text) return object;
  }
  return isError ? { error: text } : { output: text };
}
