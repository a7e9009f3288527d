/** What GitHub Copilot wants to be told of a request beside its body: who asks, and whether there are pictures in it. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isMovedMediaNote } from '../ir/moved-media-note.ts';
import type { Envelope } from './envelope.ts';

/** Around Chat, Responses and Messages bodies alike: their members do not overlap. Bodies stay as they are. */
export const copilot: Envelope = {
  headers: (body, context) => ({
    'x-initiator': isAgentTurn(body) ? 'agent' : 'user',
    ...(hasPictures(body) ? { 'copilot-vision-request': 'true' } : {}),
    'x-request-id': context.newUuid(),
  }),
};

/** Items of a Responses input that a program wrote, not a person. */
const PROGRAM_ITEMS: ReadonlySet<JsonValue | undefined> = new Set([
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'computer_call',
  'computer_call_output',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'mcp_approval_response',
  'tool_search_output',
  'tool_result',
  'reasoning',
]);

/** Whether the last word is a tool's or the model's own: an agent goes on by itself. What a person wrote counts as theirs. */
function isAgentTurn(body: JsonObject): boolean {
  const last = listOf(body['messages'] ?? body['input']).findLast((item) => !isNote(item));
  if (last === undefined) return false;
  const role = last['role'];
  if (role === 'assistant' || role === 'tool' || PROGRAM_ITEMS.has(last['type'])) return true;
  // Claude's results of tools are messages of the user; what an agent says of itself may follow them.
  return blocksOf(last).findLast((block) => !isReminder(block))?.['type'] === 'tool_result';
}

/** A message that nobody wrote: what an agent says of itself, or pictures that a tool's message could not hold. */
function isNote(item: JsonObject): boolean {
  if (item['role'] !== 'user') return false;
  const blocks = blocksOf(item);
  const holdsMoved = blocks.some(isMovedNote);
  const isOwn = (block: JsonObject): boolean =>
    isReminder(block) || isMovedNote(block) || (holdsMoved && PICTURES.has(block['type']));
  return blocks.length > 0 && blocks.every(isOwn);
}

/** A text of the agent amid the user's: see `ir/instruction-reminder.ts`. */
function isReminder(block: JsonObject): boolean {
  const words = wordsOf(block);
  return words.startsWith('<system-reminder>') && words.endsWith('</system-reminder>');
}

function isMovedNote(block: JsonObject): boolean {
  return isMovedMediaNote(wordsOf(block));
}

function wordsOf({ type, text }: JsonObject): string {
  return (type === 'text' || type === 'input_text') && typeof text === 'string' ? text.trim() : '';
}

/** A message's content, which may be a mere text. */
function blocksOf({ content }: JsonObject): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
}

const PICTURES: ReadonlySet<JsonValue | undefined> = new Set(['image_url', 'image', 'input_image']);

function hasPictures(body: JsonObject): boolean {
  return listOf(body['messages'] ?? body['input']).some((message) =>
    [message, ...listOf(message['content']), ...listOf(message['output'])].some(
      (block) => PICTURES.has(block['type']) || listOf(block['content']).some((inner) => PICTURES.has(inner['type'])),
    ),
  );
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
