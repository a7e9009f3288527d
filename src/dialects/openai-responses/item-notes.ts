/**
 * What the IR has no place for in an input item (`status`, `phase`, ids of calls, unknown fields), so that the same
 * dialect gets it back. Kept in `extensions` under the path of the IR message: one note per item it was made of.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { restoreAgentMessage } from './agent-message.ts';
import { reasoningText } from './reasoning-item.ts';

/** The note of one input item. */
export interface ItemNote {
  readonly type: string;
  readonly fields?: JsonObject;
  /** Further fields of each content part; null where there are none. */
  readonly parts?: readonly (JsonObject | null)[];
  /** The whole item, where a message of another shape stands for it. */
  readonly item?: JsonObject;
}

/** A note as JSON; `extensions` hold nothing else. */
export function noteJson(note: ItemNote): JsonObject {
  return { ...note };
}

/** True when the note says anything. */
export function isNoteworthy(note: ItemNote): boolean {
  return note.fields !== undefined || note.parts !== undefined || note.item !== undefined;
}

/**
 * Gives the items of one message their noted fields back. Items that were dropped stand as undefined, to keep the
 * positions. When a hook changed the message so that items and notes no longer match, the notes are void.
 */
export function applyNotes(
  items: readonly (JsonObject | undefined)[],
  notes: JsonValue | undefined,
): readonly (JsonObject | undefined)[] {
  if (!isJsonArray(notes) || notes.length !== items.length) return items;
  const fits = items.every((item, index) => {
    const note = notes[index];
    return item === undefined || (isJsonObject(note) && note['type'] === item['type']);
  });
  return fits ? items.map((item, index) => item && applyNote(item, notes[index])) : items;
}

function applyNote(item: JsonObject, note: JsonValue | undefined): JsonObject {
  if (!isJsonObject(note)) return item;
  if (isJsonObject(note['item'])) return restoreAgentMessage(item, note['item']);
  const fields = isJsonObject(note['fields']) ? note['fields'] : {};
  const content = withPartFields(item['content'], note['parts']);
  const merged = { ...item, ...(content === undefined ? {} : { content }), ...fields };
  if (item['type'] !== 'reasoning' || reasoningText(merged).text === reasoningText(item).text) return merged;
  // The text was edited: its noted division into parts no longer holds.
  return { ...merged, summary: item['summary'], content: item['content'] };
}

function withPartFields(content: JsonValue | undefined, parts: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonArray(content) || !isJsonArray(parts) || content.length !== parts.length) return undefined;
  return content.map((part, index) => {
    const extra = parts[index];
    return isJsonObject(part) && isJsonObject(extra) ? { ...part, ...extra } : part;
  });
}
