import type { Message, Part, ToolCallPart, ToolResultPart } from '../../ir/index.ts';

/** Which result answers which call. A result that is no call's is an orphan. */
export interface Pairing {
  readonly results: ReadonlyMap<ToolCallPart, ToolResultPart>;
  /** Where each paired result stands. */
  readonly paths: ReadonlyMap<ToolResultPart, string>;
}

/** Pairs calls and results by id, in order; an id used again belongs to the latest call before the result. */
export function pairResults(messages: readonly Message[]): Pairing {
  const open = new Map<string, ToolCallPart>();
  const results = new Map<ToolCallPart, ToolResultPart>();
  const paths = new Map<ToolResultPart, string>();
  for (const { part, path } of messages.flatMap(partsOf)) {
    if (part.type === 'tool-call') open.set(part.id, part);
    if (part.type !== 'tool-result') continue;
    const call = open.get(part.callId);
    if (call === undefined) continue;
    open.delete(part.callId);
    results.set(call, part);
    paths.set(part, path);
  }
  return { results, paths };
}

function partsOf(message: Message): readonly { readonly part: Part; readonly path: string }[] {
  return message.content.map((part, index) => ({ part, path: `${message.path}.content[${index}]` }));
}
