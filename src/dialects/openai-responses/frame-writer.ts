import type { Level } from '../../ir/wire-level.ts';
import type { DeltaEvent, EventOf, StateEvent, StreamEvent } from './wire-types.ts';

/** What the caller gives of an event: all but what every event has. */
type Fields<T extends StreamEvent['type'], Without extends string = never> = Level<
  Omit<EventOf<T>, 'type' | 'sequence_number' | Without>
>;

/** Writes SSE frames; numbers them from 0 as OpenAI does. */
export interface FrameWriter {
  frame<T extends StreamEvent['type']>(type: T, fields: Fields<T>): string;
  /** A frame whose response is JSON text already. */
  stateFrame(type: StateEvent['type'], response: string): string;
  /** Everything of a delta frame before its number, to be reused for each delta. */
  deltaHead<T extends DeltaEvent['type']>(type: T, fields: Fields<T, 'delta'>): string;
  /** The hot path: one string concatenation and one stringify per delta. */
  delta(head: string, text: string): string;
}

/** Starts numbering. */
export function createFrameWriter(first = 0): FrameWriter {
  let sequence = first;
  const begin = (type: StreamEvent['type']): string => `event: ${type}\ndata: {"type":"${type}",`;
  return {
    frame: (type, fields) => `${begin(type)}"sequence_number":${sequence++},${JSON.stringify(fields).slice(1)}\n\n`,
    stateFrame: (type, json) => `${begin(type)}"sequence_number":${sequence++},"response":${json}}\n\n`,
    deltaHead: (type, fields) => `${begin(type)}${JSON.stringify(fields).slice(1, -1)},"sequence_number":`,
    delta: (head, text) => `${head}${sequence++},"delta":${JSON.stringify(text)}}\n\n`,
  };
}
