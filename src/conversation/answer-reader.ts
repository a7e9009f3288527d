import { SseParser } from '../framing/sse.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../ir/read.ts';

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.done']);
const ID = /"id"\s*:\s*"([^"\\]+)"/;

/** The response object of a whole Responses answer or of its stream; undefined when it holds none. */
export function readAnswer(bytes: Buffer): JsonObject | undefined {
  const response = bytes[0] === 0x7b ? parseJsonObject(bytes.toString('utf8')) : readStream(bytes);
  return response !== undefined && typeof response['id'] === 'string' ? response : undefined;
}

/** The id that the first bytes of an answer state; undefined when there is none among them. */
export function readAnswerId(bytes: Buffer): string | undefined {
  return ID.exec(bytes.toString('utf8', 0, 4096))?.[1];
}

function readStream(bytes: Buffer): JsonObject | undefined {
  const parser = new SseParser();
  const done: JsonValue[] = [];
  let response: JsonObject | undefined;
  for (const { data } of [...parser.push(bytes), ...parser.end()]) {
    // Deltas are most of a stream, and say nothing that is not said again.
    if (!data.includes('response.output_item.done') && !data.includes('"response"')) continue;
    const event = parseJsonObject(data);
    const type = event?.['type'];
    if (type === 'response.output_item.done' && event?.['item'] !== undefined) done.push(event['item']);
    if (typeof type === 'string' && TERMINAL.has(type) && isJsonObject(event?.['response']))
      response = event['response'];
  }
  // Some servers leave the list of the last event empty.
  return response !== undefined && outputOf(response).length === 0 ? { ...response, output: done } : response;
}

/** The output items of a response object. */
export function outputOf(response: JsonObject): readonly JsonObject[] {
  const output = response['output'];
  return isJsonArray(output) ? output.filter(isJsonObject) : [];
}

/** Input of a request as items: a text is one message. */
export function inputItems(input: JsonValue | undefined): readonly JsonObject[] {
  if (typeof input === 'string')
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
  return isJsonArray(input) ? input.filter(isJsonObject) : [];
}
