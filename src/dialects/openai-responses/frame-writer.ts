import type { JsonObject } from '../../ir/index.ts';

/** Writes SSE frames; numbers them from 0 as OpenAI does. */
export interface FrameWriter {
  frame(type: string, fields: JsonObject): string;
  /** A frame of which one field is JSON text already. */
  rawFrame(type: string, key: string, json: string): string;
  /** Everything of a delta frame before its number, to be reused for each delta. */
  deltaHead(type: string, fields: JsonObject): string;
  /** The hot path: one string concatenation and one stringify per delta. */
  delta(head: string, text: string): string;
}

/** Starts numbering. */
export function createFrameWriter(): FrameWriter {
  let sequence = 0;
  const begin = (type: string): string => `event: ${type}\ndata: {"type":"${type}",`;
  return {
    frame: (type, fields) => `${begin(type)}"sequence_number":${sequence++},${JSON.stringify(fields).slice(1)}\n\n`,
    rawFrame: (type, key, json) => `${begin(type)}"sequence_number":${sequence++},"${key}":${json}}\n\n`,
    deltaHead: (type, fields) => `${begin(type)}${JSON.stringify(fields).slice(1, -1)},"sequence_number":`,
    delta: (head, text) => `${head}${sequence++},"delta":${JSON.stringify(text)}}\n\n`,
  };
}
