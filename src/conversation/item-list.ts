import { invalidRequest } from '../errors.ts';
import type { JsonObject, JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import { inputItems } from './answer-reader.ts';

/** The paging that a client asks for. */
export interface Paging {
  query(name: string): string | undefined;
}

const MAX_LIMIT = 100;

/** One page of the input items of a response; `items` is a JSON list. */
export function itemList(responseId: string, items: string, paging: Paging): JsonObject {
  const value: JsonValue = JSON.parse(items);
  const all = inputItems(value).map((item, index) => listed(item, responseId, index));
  const order = paging.query('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidRequest('order', 'must be asc or desc');
  const ordered = order === 'asc' ? all : all.toReversed();
  const rest = between(ordered, paging.query('after'), paging.query('before'));
  const limit = readLimit(paging.query('limit'));
  const data = rest.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: rest.length > limit,
  };
}

function readLimit(text: string | undefined): number {
  const limit = text === undefined ? 20 : Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalidRequest('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
}

function between(
  items: readonly JsonObject[],
  after: string | undefined,
  before: string | undefined,
): readonly JsonObject[] {
  const start = after === undefined ? 0 : indexOf(items, after, 'after') + 1;
  const end = before === undefined ? items.length : indexOf(items, before, 'before');
  return items.slice(start, end);
}

function indexOf(items: readonly JsonObject[], id: string, name: string): number {
  const index = items.findIndex((item) => item['id'] === id);
  if (index < 0) throw invalidRequest(name, 'no item of this response has this id');
  return index;
}

/** Items as the API lists them: each with an id, and messages with their content as parts. */
function listed(item: JsonObject, responseId: string, index: number): JsonObject {
  const type = item['type'] ?? 'message';
  const id = item['id'] ?? `item_${responseId}_${index}`;
  if (type !== 'message') return { ...item, id };
  const { content } = item;
  const kind = item['role'] === 'assistant' ? 'output_text' : 'input_text';
  const parts = isJsonArray(content) ? content : [{ type: kind, text: content ?? '' }];
  return { status: 'completed', ...item, id, type, content: parts };
}
