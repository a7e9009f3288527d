import type { GenerationRequest, Message, Tool, ToolChoice } from './request.ts';

/** What a dialect accepts as the name of a tool. */
export interface ToolNameRule {
  readonly valid: RegExp;
  readonly maxLength: number;
  /** A name in characters that the dialect accepts; its length is seen to elsewhere. */
  clean(name: string): string;
}

/** Letters, digits, `_` and `-` up to a length: what most APIs accept. */
export function plainNameRule(maxLength: number): ToolNameRule {
  return {
    valid: new RegExp(`^[a-zA-Z0-9_-]{1,${maxLength}}$`),
    maxLength,
    clean: (name) => name.replace(/[^a-zA-Z0-9_-]/g, '_') || '_',
  };
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

/** The request with those names throughout, for encoders that then need not think of them. */
export function withWireToolNames(
  request: GenerationRequest,
  replaced: ReadonlyMap<string, string>,
): GenerationRequest {
  if (replaced.size === 0) return request;
  const wireName = wireToolNames(replaced);
  return {
    ...request,
    tools: request.tools.map((tool) => renameTool(tool, wireName)),
    messages: request.messages.map((message) => renameParts(message, wireName)),
    ...(request.toolChoice && { toolChoice: renameChoice(request.toolChoice, wireName) }),
  };
}

type WireName = (name: string) => string;

function renameTool(tool: Tool, wireName: WireName): Tool {
  return tool.type === 'function' || tool.type === 'custom' ? { ...tool, name: wireName(tool.name) } : tool;
}

function renameParts(message: Message, wireName: WireName): Message {
  const content = message.content.map((part) => {
    const named = part.type === 'tool-call' || (part.type === 'tool-result' && part.name !== undefined);
    return named ? { ...part, name: wireName(part.name ?? '') } : part;
  });
  return { ...message, content };
}

function renameChoice(choice: ToolChoice, wireName: WireName): ToolChoice {
  switch (choice.type) {
    case 'opaque':
    case 'built-in':
      return choice;
    case 'tool':
      return { ...choice, name: wireName(choice.name) };
    case 'auto':
    case 'none':
    case 'required':
      return choice.names === undefined ? choice : { ...choice, names: choice.names.map(wireName) };
  }
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

function chosenNames(choice: ToolChoice | undefined): readonly string[] {
  switch (choice?.type) {
    case undefined:
    case 'opaque':
    case 'built-in':
      return [];
    case 'tool':
      return [choice.name];
    case 'auto':
    case 'none':
    case 'required':
      return choice.names ?? [];
  }
}
