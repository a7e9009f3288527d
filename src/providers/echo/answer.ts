import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { sampleArguments } from './sample-arguments.ts';

const MAX_RESULT_CHARACTERS = 500;

/** What the echo model says: text, or a call of the first tool. */
export type EchoAnswer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly name: string; readonly argumentsJson: string };

/** Decides the answer to a chat request: tool result, then a wanted tool call, then the echo. */
export function echoAnswer(body: JsonObject): EchoAnswer {
  const messages = objects(body['messages']);
  const lastUser = messages.findLastIndex((message) => message['role'] === 'user');
  const result = messages.slice(lastUser + 1).findLast((message) => message['role'] === 'tool');
  if (result !== undefined) return { type: 'text', text: `tool said: ${truncate(contentText(result['content']))}` };
  const text = contentText(messages[lastUser]?.['content']);
  const tool = /\bTOOL\b/.test(text) ? firstFunction(body) : undefined;
  if (tool !== undefined) return toolCall(tool);
  return { type: 'text', text: text === '' ? '(nothing to echo)' : text };
}

/** A rough count for usage figures: the words of all messages. */
export function promptWords(body: JsonObject): number {
  return objects(body['messages']).reduce((sum, message) => sum + countWords(contentText(message['content'])), 0);
}

/** Words of a text, at least 1 for a text that is not blank. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function toolCall(tool: JsonObject): EchoAnswer {
  const name = typeof tool['name'] === 'string' ? tool['name'] : '';
  const parameters = isJsonObject(tool['parameters']) ? tool['parameters'] : undefined;
  return { type: 'tool-call', name, argumentsJson: JSON.stringify(sampleArguments(parameters)) };
}

function firstFunction(body: JsonObject): JsonObject | undefined {
  if (body['tool_choice'] === 'none') return undefined;
  for (const tool of objects(body['tools'])) {
    if (isJsonObject(tool['function']) && typeof tool['function']['name'] === 'string') return tool['function'];
  }
  return undefined;
}

function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return objects(content).map(partText).join('\n');
}

function partText(part: JsonObject): string {
  if (typeof part['text'] === 'string') return part['text'];
  if (part['type'] === 'image_url') return '[image]';
  return `[${typeof part['type'] === 'string' ? part['type'] : 'part'}]`;
}

function truncate(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MAX_RESULT_CHARACTERS
    ? text
    : `${characters.slice(0, MAX_RESULT_CHARACTERS).join('')}...`;
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
