import { hash } from 'node:crypto';
import { wrapCustomInput } from '../../ir/custom-tool.ts';
import { isJsonObject, type JsonValue, type Message, type Part, type ToolCallPart } from '../../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../../ir/read.ts';

/**
 * Under which keys a turn of the assistant is found again: one for each tool call or, when there is none, one for its
 * text together with what it answers. Clients write arguments and white space anew; neither may change a key.
 */
export function turnKeys(content: readonly Part[], question: string): readonly string[] {
  const calls = content.filter((part) => part.type === 'tool-call');
  if (calls.length > 0) return calls.map(callKey);
  const text = visibleText(content);
  return text === '' ? [] : [digest('text', question, text)];
}

/** The key of one call. Some servers count their ids from zero in every turn: the arguments tell them apart. */
export function callKey(call: ToolCallPart): string {
  return digest('call', call.id, call.name, canonicalArguments(call));
}

/** What the user said, and which calls were answered, between the assistant's last turn and the message at `end`. */
export function questionBefore(messages: readonly Message[], end: number): string {
  const texts: string[] = [];
  for (let index = end - 1; index >= 0; index--) {
    const message = messages[index];
    if (message === undefined || message.role === 'assistant') break;
    if (message.role !== 'user') continue;
    const answered = message.content.map((part) => (part.type === 'tool-result' ? part.callId : ''));
    texts.unshift(visibleText(message.content), ...answered.filter((id) => id !== ''));
  }
  return texts.join('\n').trim();
}

/** The text that a client shows. */
export function visibleText(content: readonly Part[]): string {
  return content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim();
}

function canonicalArguments({ kind, arguments: text }: ToolCallPart): string {
  if (kind === 'custom') return JSON.stringify(sorted(wrapCustomInput(text)));
  if (text.trim() === '') return '{}';
  const value = parseJsonObject(text);
  return value === undefined ? text : JSON.stringify(sorted(value));
}

function sorted(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, sorted(item)] as const],
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function digest(...parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${part.length} ${part}`).join('\n'), 'base64').slice(0, 32);
}
