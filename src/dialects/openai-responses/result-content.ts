import { isJsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

/**
 * What a tool returned, as content. Codex and others write a list with images as the JSON text of it, which would be
 * read as its base64; and some clients give the tool's own object, or nothing.
 */
export function resultContent(output: JsonValue | undefined): JsonValue {
  if (output === undefined || output === null) return '';
  if (isJsonObject(output)) return JSON.stringify(output);
  return typeof output === 'string' && output.startsWith('[') ? (imageList(output) ?? output) : output;
}

function imageList(text: string): JsonValue | undefined {
  if (!text.includes('"input_image"')) return undefined;
  const list = parseJson(text);
  const parts = isJsonArray(list) ? list : [];
  const isPart = (part: JsonValue): boolean =>
    isJsonObject(part) &&
    ((part['type'] === 'input_text' && typeof part['text'] === 'string') ||
      (part['type'] === 'input_image' && typeof part['image_url'] === 'string'));
  return parts.length > 0 && parts.every(isPart) ? parts : undefined;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
