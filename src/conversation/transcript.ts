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
 * The input items of the next turn: what went before, as it was, and what is new. New input that tells the whole story
 * itself (a conversation from its first message on, or a summary of it) stands alone.
 */
export function continueTranscript(previous: Transcript, input: readonly JsonObject[]): readonly JsonObject[] {
  if (isWholeStory(input)) return input;
  const items = [...previous.input, ...previous.output];
  const told = new ToldItems(items);
  for (const item of input) if (told.isNew(item)) items.push(item);
  return items;
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

/**
 * What a conversation holds already, so that a client that sends some of it again does not make the model read it
 * twice. Within the conversation ids may come twice: many servers number the calls of each answer from `call_0` on.
 */
class ToldItems {
  readonly #ids = new Set<string>();
  readonly #calls = new Map<string, Set<string>>();
  /** Calls of an id that have no output yet; 0 where each has its own. */
  readonly #open = new Map<string, number>();

  constructor(items: readonly JsonObject[]) {
    for (const item of items) this.#add(item);
  }

  /** False for an item that was told before; a new one is told from now on. */
  isNew(item: JsonObject): boolean {
    if (this.#has(item)) return false;
    this.#add(item);
    return true;
  }

  #has(item: JsonObject): boolean {
    const [called, answered] = [calledId(item), answeredId(item)];
    if (called !== undefined) return this.#calls.get(called)?.has(wordingOf(item)) === true;
    if (answered !== undefined) return (this.#open.get(answered) ?? 1) <= 0;
    return this.#ids.has(idOf(item));
  }

  #add(item: JsonObject): void {
    const [called, answered, id] = [calledId(item), answeredId(item), idOf(item)];
    if (called !== undefined) {
      const wordings = this.#calls.get(called) ?? new Set();
      this.#calls.set(called, wordings.add(wordingOf(item)));
      this.#open.set(called, (this.#open.get(called) ?? 0) + 1);
    }
    if (answered !== undefined) this.#open.set(answered, Math.max(0, (this.#open.get(answered) ?? 0) - 1));
    if (id !== '') this.#ids.add(id);
  }
}

function idOf({ id }: JsonObject): string {
  return typeof id === 'string' ? id : '';
}

/** What a call says, without the ids and the state that a client may leave out. */
function wordingOf(call: JsonObject): string {
  return JSON.stringify([call['type'], call['name'], call['arguments'] ?? call['input'] ?? call['action']]);
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
