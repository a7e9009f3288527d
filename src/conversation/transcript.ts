import type { JsonObject, JsonValue } from '../ir/index.ts';

/** A finished turn of a Responses conversation: the whole input it was asked with, and what the model said. */
export interface Transcript {
  readonly input: readonly JsonObject[];
  readonly output: readonly JsonObject[];
}

/**
 * How Codex begins the message that stands for a history it summed up itself.
 * https://github.com/openai/codex/blob/main/codex-rs/core/templates/compact/summary_prefix.md
 */
const SUMMARY_START = 'Another language model started to solve this problem';

/**
 * The input items of the next turn: what went before and the new ones, each item once. New input that tells the whole
 * story itself (a conversation from its first message on, or a summary of it) stands alone.
 */
export function continueTranscript(previous: Transcript, input: readonly JsonObject[]): readonly JsonObject[] {
  return withoutRepeats(isWholeStory(input) ? input : [...previous.input, ...previous.output, ...input]);
}

/** A conversation from its start has a message before the first thing the model did; a continuation has none. */
function isWholeStory(input: readonly JsonObject[]): boolean {
  if (input.some(isSummary)) return true;
  const firstOfModel = input.findIndex(isOfModel);
  return firstOfModel > 0 && input.slice(0, firstOfModel).some(isMessage);
}

function isOfModel(item: JsonObject): boolean {
  return item['role'] === 'assistant' || item['type'] === 'reasoning' || calledId(item) !== undefined;
}

function isMessage(item: JsonObject): boolean {
  return item['role'] !== undefined;
}

function isSummary(item: JsonObject): boolean {
  const type = item['type'];
  if (type === 'compaction' || type === 'compaction_summary' || type === 'context_compaction') return true;
  return item['role'] === 'user' && firstText(item['content']).startsWith(SUMMARY_START);
}

function firstText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  const [first]: readonly JsonValue[] = isList(content) ? content : [];
  const text = typeof first === 'object' && first !== null && !isList(first) ? first['text'] : undefined;
  return typeof text === 'string' ? text : '';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The first of items with one id stays: what the model has read does not change, and prompt caches go on working. */
function withoutRepeats(items: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const names = namesOf(item);
    if (names.some((name) => seen.has(name))) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}

function namesOf(item: JsonObject): readonly string[] {
  const { id } = item;
  const [called, answered] = [calledId(item), answeredId(item)];
  return [
    ...(typeof id === 'string' && id !== '' ? [`id ${id}`] : []),
    ...(called === undefined ? [] : [`call ${called}`]),
    ...(answered === undefined ? [] : [`output ${answered}`]),
  ];
}

/**
 * The output of a response that its maker did not store, fit to be sent back: a reasoning item that holds nothing but
 * its id would be looked for there in vain, and the whole request refused.
 */
export function withoutLostIds(output: readonly JsonObject[]): readonly JsonObject[] {
  return output.map((item) => {
    if (item['type'] !== 'reasoning' || typeof item['encrypted_content'] === 'string') return item;
    const { id: _id, ...rest } = item;
    return rest;
  });
}

/** The `call_id` of a tool call, which an output names; undefined for other items. */
export function calledId(item: JsonObject): string | undefined {
  return idOfKind(item, '_call');
}

/** The `call_id` of the tool call that an output answers; undefined for other items. */
export function answeredId(item: JsonObject): string | undefined {
  return idOfKind(item, '_output');
}

function idOfKind(item: JsonObject, ending: string): string | undefined {
  const { type, call_id: id } = item;
  return typeof type === 'string' && type.endsWith(ending) && typeof id === 'string' && id !== '' ? id : undefined;
}

/** Input whose outputs all have their call, and what had to be done for that. */
export interface RepairedInput {
  readonly items: readonly JsonObject[];
  /** `call_id`s whose call was put back. */
  readonly supplied: readonly string[];
  /** `call_id`s of outputs that were left out because nobody knows their call. */
  readonly dropped: readonly string[];
}

/**
 * Gives outputs without a call the call they answer, from the calls that the session has seen; one that is not known
 * is left out, because every upstream refuses an output without its call.
 */
export function repairToolCalls(
  items: readonly JsonObject[],
  knownCalls: ReadonlyMap<string, JsonObject>,
): RepairedInput {
  const present = new Set(items.flatMap((item) => calledId(item) ?? []));
  const supplied: string[] = [];
  const dropped: string[] = [];
  const repaired: JsonObject[] = [];
  // Where the outputs that follow each other began: calls made together stay together.
  let runStart = 0;
  for (const item of items) {
    const id = answeredId(item);
    if (id !== undefined && !present.has(id)) {
      const call = knownCalls.get(id);
      if (call === undefined) {
        dropped.push(id);
        continue;
      }
      repaired.splice(runStart, 0, call);
      runStart += 1;
      present.add(id);
      supplied.push(id);
    }
    repaired.push(item);
    if (id === undefined) runStart = repaired.length;
  }
  return { items: supplied.length + dropped.length === 0 ? items : repaired, supplied, dropped };
}
