/**
 * `agent_message`: what one of Codex's agents tells another. Only Codex's own service knows the item; other dialects
 * get it as the user's text, this one gets it back as it came. https://github.com/openai/codex/pull/28368
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { objects, text } from './wire.ts';

/** The content of the item as that of a message. */
export function agentContent(item: JsonObject): JsonValue {
  const content = item['content'] ?? [];
  return isJsonArray(content) ? content.map(readable) : content;
}

/** OpenAI's service seals what its models say to agents; behind others the field holds the plain text. */
const SEALED = /^gAAAA[\w-]+={0,2}$/;

function readable(part: JsonValue): JsonValue {
  if (!isJsonObject(part) || part['type'] !== 'encrypted_content') return part;
  const said = part['encrypted_content'];
  return typeof said === 'string' && !SEALED.test(said) ? { type: 'input_text', text: said } : part;
}

/** The item as it came, unless a hook changed the text of the message that stands for it. */
export function restoreAgentMessage(message: JsonObject, item: JsonObject): JsonObject {
  return textOf(message['content']) === textOf(agentContent(item)) ? item : message;
}

const textOf = (content: JsonValue | undefined): string =>
  JSON.stringify(typeof content === 'string' ? [content] : objects(content).map((part) => text(part['text'])));
