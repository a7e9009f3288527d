import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../ir/read.ts';
import { scanObject, spliceMembers } from '../json-splice.ts';

/**
 * A Claude body whose messages of role `system` stand at the end of the top-level `system` instead; the same bytes when
 * there are none. For servers and models that refuse them amid the conversation.
 */
export function liftSystemMessages(bytes: Buffer): Buffer {
  if (!bytes.includes('"system"')) return bytes;
  const body = parseJsonObject(bytes.toString('utf8'));
  const messages = body?.['messages'];
  if (body === undefined || !isJsonArray(messages)) return bytes;
  const lifted = messages.filter(isSystem);
  const scanned = lifted.length === 0 ? undefined : scanObject(bytes);
  if (scanned === undefined) return bytes;
  const system = [...blocksOf(body['system']), ...lifted.flatMap((message) => blocksOf(message['content']))];
  const kept = messages.filter((message) => !isSystem(message));
  return spliceMembers(scanned, { set: { system: JSON.stringify(system), messages: JSON.stringify(kept) } });
}

function isSystem(message: JsonValue): message is JsonObject {
  return isJsonObject(message) && message['role'] === 'system';
}

function blocksOf(content: JsonValue | undefined): readonly JsonValue[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return isJsonArray(content) ? content : [];
}
