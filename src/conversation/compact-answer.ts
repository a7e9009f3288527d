import type { JsonObject, JsonValue } from '../ir/index.ts';
import type { Reply } from '../pipeline/exchange.ts';
import { REQUEST_ID_HEADER } from '../pipeline/reply-headers.ts';
import type { StateRequest } from './state-request.ts';

/** The response object whose only item is a compaction. */
export function compactionResponse(
  id: string,
  createdS: number,
  request: StateRequest,
  item: JsonObject,
  usage: JsonValue,
): JsonObject {
  return {
    id,
    object: 'response',
    created_at: createdS,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: request.model,
    output: [item],
    parallel_tool_calls: true,
    previous_response_id: request.previousId ?? null,
    store: request.store,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage,
  };
}

/** Answers with events that are all there already. */
export function sendStream(reply: Reply, events: string, requestId: string): void {
  reply.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', [REQUEST_ID_HEADER]: requestId });
  reply.end(events);
}
