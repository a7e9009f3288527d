import type { JsonObject } from '../ir/index.ts';
import { outputOf } from './answer-reader.ts';

/** A finished response as a stream of events, from behind the one with this number on (-1: all). */
export function responseEvents(response: JsonObject, after: number): string {
  const open = { ...response, status: 'in_progress', output: [], usage: null };
  const items = outputOf(response).flatMap((item, index): readonly JsonObject[] => [
    { type: 'response.output_item.added', output_index: index, item },
    { type: 'response.output_item.done', output_index: index, item },
  ]);
  const events: readonly JsonObject[] = [
    { type: 'response.created', response: open },
    { type: 'response.in_progress', response: open },
    ...items,
    { type: terminalType(response['status']), response },
  ];
  return events
    .map((event, index): JsonObject => ({ ...event, sequence_number: index }))
    .slice(after + 1)
    .map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

function terminalType(status: JsonObject[string]): string {
  return status === 'failed' || status === 'incomplete' ? `response.${status}` : 'response.completed';
}
