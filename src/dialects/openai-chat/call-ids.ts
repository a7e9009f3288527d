import { isJsonObject, type JsonObject, type JsonValue, type ToolCallPart } from '../../ir/index.ts';
import { isJsonArray, readString } from '../../ir/read.ts';

/**
 * Ids that clients leave out: a call is then named by its place, and a result without an id answers the first call of
 * the turn before it that still waits.
 */
export class CallIds {
  /** In the order of the calls. */
  #waiting: Set<string> = new Set();
  readonly #taken: ReadonlySet<string>;

  /** `messages`: a name that the client itself uses is not given again. */
  constructor(messages: readonly JsonValue[]) {
    this.#taken = new Set(messages.flatMap(ownIds));
  }

  /** The id for a call at a place, both numbers from 0. */
  place(message: number, call: number): string {
    let id = `call_missing_${message}_${call}`;
    while (this.#taken.has(id)) id += '_';
    return id;
  }

  /** A turn of the assistant begins to wait for its results. */
  wait(calls: readonly ToolCallPart[]): void {
    this.#waiting = new Set(calls.map(({ id }) => id));
  }

  /** Which call a `tool` message answers; undefined when it does not say and none waits. */
  answered(wire: JsonObject, path: string): string | undefined {
    // Some clients use the name that the Responses API has for it.
    const named = readString(wire, 'tool_call_id', path) || readString(wire, 'call_id', path);
    const id = named === undefined || named === '' ? this.#waiting.values().next().value : named;
    if (id !== undefined) this.#waiting.delete(id);
    return id;
  }
}

function ownIds(message: JsonValue): string[] {
  const calls = isJsonObject(message) ? message['tool_calls'] : undefined;
  return (isJsonArray(calls) ? calls : []).flatMap((call) => {
    const id = isJsonObject(call) ? call['id'] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}
