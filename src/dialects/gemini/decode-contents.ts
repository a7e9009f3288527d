import { invalidRequest } from '../../errors.ts';
import type { JsonObject, JsonValue, Message, Part, Role, TextPart, ToolResultPart } from '../../ir/index.ts';
import { isJsonArray, readArray, readString, requireObjectValue } from '../../ir/read.ts';
import { CallLedger } from './call-ledger.ts';
import { createCallIds, decodePart } from './decode-part.ts';
import { decodeFunctionResponse } from './tool-result.ts';
import { camelKeys, objectOf, stringOf } from './wire.ts';

/** `contents` -> messages. */
export function decodeContents(contents: readonly JsonValue[]): Message[] {
  const ledger = new CallLedger();
  return contents.map((value, index) => {
    const path = `contents[${index}]`;
    const content = camelKeys(requireObjectValue(value, path));
    const role = decodeRole(readString(content, 'role', path), path);
    ledger.begin(role);
    const parts = (readArray(content, 'parts', path) ?? []).flatMap((part, at) =>
      decodeRequestPart(requireObjectValue(part, `${path}.parts[${at}]`), ledger),
    );
    return { role, content: parts, path };
  });
}

function decodeRole(role: string | undefined, path: string): Role {
  switch (role) {
    case 'model':
      return 'assistant';
    case undefined:
    case '':
    case 'user':
    case 'function':
    case 'tool':
      return 'user';
    case 'system':
      return 'system';
    default:
      throw invalidRequest(`${path}.role`, 'must be user, model or function');
  }
}

function decodeRequestPart(wire: JsonObject, ledger: CallLedger): Part[] {
  const response = objectOf(camelKeys(wire), 'functionResponse');
  if (response !== undefined) return [decodeResult(response, ledger)];
  const part = decodePart(wire, ledger.newId);
  if (part === undefined) return [];
  if (part.type === 'tool-call') ledger.called(part.id, part.name);
  return [part];
}

function decodeResult(response: JsonObject, ledger: CallLedger): ToolResultPart {
  const callId = ledger.answered(stringOf(response, 'id') || undefined, stringOf(response, 'name') ?? '');
  return { ...decodeFunctionResponse(response), callId };
}

/** `systemInstruction`: a content, or plain text as some clients write it. */
export function decodeSystemInstruction(value: JsonValue | undefined): Message[] {
  const path = 'systemInstruction';
  if (value === undefined || value === null) return [];
  const content = decodeSystemText(value, path);
  return content.length === 0 ? [] : [{ role: 'system', content, path }];
}

function decodeSystemText(value: JsonValue, path: string): Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (isJsonArray(value)) return value.flatMap((part, at) => decodeSystemPart(part, `${path}[${at}]`));
  const content = requireObjectValue(value, path);
  const text = stringOf(content, 'text');
  const parts = readArray(content, 'parts', path) ?? (text === undefined ? [] : [{ text }]);
  return parts.flatMap((part, at) => decodeSystemPart(part, `${path}.parts[${at}]`));
}

function decodeSystemPart(value: JsonValue, path: string): Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value } satisfies TextPart];
  const part = decodePart(requireObjectValue(value, path), createCallIds(''));
  return part === undefined ? [] : [part];
}
