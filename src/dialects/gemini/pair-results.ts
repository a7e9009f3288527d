import type { Message, ToolCallPart, ToolResultPart } from '../../ir/index.ts';

/** Which result answers which call. A result that is no call's is an orphan. */
export interface Pairing {
  readonly results: ReadonlyMap<ToolCallPart, ToolResultPart>;
  readonly paired: ReadonlySet<ToolResultPart>;
}

/** Pairs calls and results by id, in order; an id used again belongs to the latest call before the result. */
export function pairResults(messages: readonly Message[]): Pairing {
  const open = new Map<string, ToolCallPart>();
  const results = new Map<ToolCallPart, ToolResultPart>();
  const paired = new Set<ToolResultPart>();
  for (const part of messages.flatMap((message) => message.content)) {
    if (part.type === 'tool-call') open.set(part.id, part);
    if (part.type !== 'tool-result') continue;
    const call = open.get(part.callId);
    if (call === undefined) continue;
    open.delete(part.callId);
    results.set(call, part);
    paired.add(part);
  }
  return { results, paired };
}
