import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { scanNested, spliceMembers } from '../../json-splice.ts';

/** What the events of an answer say about it. */
export interface AnswerFacts {
  /** Undefined when no event named it. */
  readonly responseId: string | undefined;
  readonly output: readonly JsonObject[];
  /** It ended as an answer that can be continued. */
  readonly usable: boolean;
}

/** From this length on it pays to look for the few members that count. */
const LONG = 16 * 1024;

/** Cheap sign of an event worth parsing: most are deltas. */
const TELLING = /"(?:response\.(?:created|output_item\.done|completed|incomplete|failed|done)|error)"/;

/** Reads an answer's events on their way to the client. */
export class AnswerEvents {
  #responseId: string | undefined;
  readonly #items: JsonObject[] = [];
  #output: readonly JsonObject[] | undefined;
  #usable = false;
  #terminal = false;
  #bareError: JsonObject | undefined;

  /** The last event of an answer was seen. */
  get terminal(): boolean {
    return this.#terminal;
  }

  /** An error as it stands in streams over HTTP, which no `response.failed` has followed yet. */
  get bareError(): JsonObject | undefined {
    return this.#bareError;
  }

  facts(): AnswerFacts {
    // Some upstreams leave the list of the last event empty.
    const output = this.#output === undefined || this.#output.length === 0 ? this.#items : this.#output;
    return { responseId: this.#responseId, output, usable: this.#usable };
  }

  /** False for an event that is not for a WebSocket: there an error names its status, or a response fails. */
  push(data: string): boolean {
    if (!TELLING.test(data)) return true;
    const event = parse(data.length < LONG ? data : shortened(data));
    if (event === undefined) return true;
    if (event['type'] === 'error' && event['status'] === undefined && !isJsonObject(event['error'])) {
      this.#bareError = event;
      this.#terminal = true;
      return false;
    }
    this.#read(event);
    return true;
  }

  #read(event: JsonObject): void {
    switch (event['type']) {
      case 'response.created':
        this.#readResponse(event['response']);
        return;
      case 'response.output_item.done':
        if (isJsonObject(event['item'])) this.#items.push(event['item']);
        return;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        this.#readResponse(event['response']);
        this.#terminal = true;
        this.#usable = true;
        return;
      case 'response.failed':
      case 'error':
        this.#bareError = undefined;
        this.#terminal = true;
        return;
    }
  }

  #readResponse(response: JsonValue | undefined): void {
    if (!isJsonObject(response)) return;
    if (typeof response['id'] === 'string' && response['id'] !== '') this.#responseId = response['id'];
    if (Array.isArray(response['output'])) this.#output = response['output'].filter(isJsonObject);
  }
}

/** The events that a whole response would have come as: from upstreams that do not stream. */
export function eventsOfResponse(response: JsonObject): readonly string[] {
  let sequence = 0;
  const event = (type: string, fields: JsonObject): string =>
    JSON.stringify({ type, sequence_number: sequence++, ...fields });
  const items = Array.isArray(response['output']) ? response['output'].filter(isJsonObject) : [];
  const ending =
    response['status'] === 'incomplete' || response['status'] === 'failed' ? response['status'] : 'completed';
  return [
    event('response.created', { response: { ...response, status: 'in_progress', output: [], usage: null } }),
    ...items.flatMap((item, index) => [
      event('response.output_item.added', { output_index: index, item }),
      event('response.output_item.done', { output_index: index, item }),
    ]),
    event(`response.${ending}`, { response }),
  ];
}

/** A long event without what is of no interest here: a response repeats the tools and instructions of its request. */
function shortened(data: string): string {
  const found = scanNested(Buffer.from(data), 'response');
  if (found === undefined) return data;
  const members = found.inner.members.filter(({ key }) => key === 'id' || key === 'output');
  const response = spliceMembers({ ...found.inner, members }, {}).toString('utf8');
  return spliceMembers(found.outer, { set: { response } }).toString('utf8');
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
