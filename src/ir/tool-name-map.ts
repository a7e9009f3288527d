import type { GenerationRequest } from './request.ts';

/** What a dialect accepts as the name of a tool. */
export interface ToolNameRule {
  readonly valid: RegExp;
  readonly maxLength: number;
  /** A name in characters that the dialect accepts; its length is seen to elsewhere. */
  clean(name: string): string;
}

/**
 * The tool names of a request that a dialect refuses, by the name sent in their place: wire name -> the client's.
 * Depends on the request alone, so that answers can be translated back without keeping state.
 */
export function replacedToolNames(request: GenerationRequest, rule: ToolNameRule): ReadonlyMap<string, string> {
  const names = [...toolNamesOf(request)];
  const refused = names.filter((name) => !rule.valid.test(name));
  const taken = new Set(names.filter((name) => rule.valid.test(name)));
  const replaced = new Map<string, string>();
  // Sorted: the same set of names gives the same result whatever the order of the tools.
  for (const name of refused.sort()) {
    const wire = freeName(rule.clean(name), rule.maxLength, taken);
    taken.add(wire);
    replaced.set(wire, name);
  }
  return replaced;
}

/** The name under which each tool is written; names that need no change stand for themselves. */
export function wireToolNames(replaced: ReadonlyMap<string, string>): (name: string) => string {
  const wireNames = new Map([...replaced].map(([wire, name]) => [name, wire]));
  return (name) => wireNames.get(name) ?? name;
}

function freeName(base: string, maxLength: number, taken: ReadonlySet<string>): string {
  let wire = base.slice(0, maxLength);
  for (let number = 2; taken.has(wire); number++) {
    const suffix = `_${number}`;
    wire = base.slice(0, maxLength - suffix.length) + suffix;
  }
  return wire;
}

/** Every name in the request: offered, chosen, or used earlier in the conversation. */
function toolNamesOf(request: GenerationRequest): Set<string> {
  const names = new Set<string>();
  for (const tool of request.tools) if (tool.type === 'function' || tool.type === 'custom') names.add(tool.name);
  for (const name of chosenNames(request.toolChoice)) names.add(name);
  for (const { content } of request.messages) {
    for (const part of content) {
      if (part.type === 'tool-call') names.add(part.name);
      else if (part.type === 'tool-result' && part.name !== undefined) names.add(part.name);
    }
  }
  return names;
}

function chosenNames(choice: GenerationRequest['toolChoice']): readonly string[] {
  switch (choice?.type) {
    case undefined:
    case 'opaque':
      return [];
    case 'tool':
      return [choice.name];
    case 'auto':
    case 'none':
    case 'required':
      return choice.names ?? [];
  }
}
