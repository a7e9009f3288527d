import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';

/** Marks the content as llmproxy's own: plain text in base64, not encrypted, not OpenAI's. */
const TAG = 'llmproxy.compaction.v1:';
const INTRODUCTION =
  'The conversation up to this point was replaced by the following summary of it. Continue from there.\n\n';

/** A Responses item that stands for a conversation that was summed up here. */
export function compactionItem(id: string, summary: string): JsonObject {
  return { id, type: 'compaction', encrypted_content: TAG + Buffer.from(summary).toString('base64') };
}

/** Whether bytes may hold an item of this module, or ask for one. */
export function mayHoldCompaction(body: Buffer): boolean {
  return body.includes('compaction');
}

/** The summary in an item; undefined for every other item, also for compaction items of OpenAI. */
export function readCompactionItem(item: JsonValue | undefined): string | undefined {
  if (!isJsonObject(item) || !isCompaction(item)) return undefined;
  const content = item['encrypted_content'];
  if (typeof content !== 'string' || !content.startsWith(TAG)) return undefined;
  return Buffer.from(content.slice(TAG.length), 'base64').toString('utf8');
}

/** Input items that any model can read: own compaction items become messages. The same list when there is none. */
export function readableItems(items: readonly JsonValue[]): readonly JsonValue[] {
  if (!items.some((item) => readCompactionItem(item) !== undefined)) return items;
  return items.map((item) => {
    const summary = readCompactionItem(item);
    return summary === undefined ? item : summaryMessage(summary);
  });
}

/** Whether an item is a compaction, whoever made it. */
export function isCompaction(item: JsonValue | undefined): boolean {
  const type = isJsonObject(item) ? item['type'] : undefined;
  return type === 'compaction' || type === 'compaction_summary';
}

function summaryMessage(summary: string): JsonObject {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text: INTRODUCTION + summary }] };
}
