import type { GenerationRequest } from '../../ir/index.ts';

const MAX_LENGTH = 128;
const VALID = /^[a-zA-Z0-9_-]{1,128}$/;

/**
 * Names that Claude refuses (Gemini allows dots and colons), by the name sent in their place: wire name -> the
 * client's. Depends on the request alone, so that answers can be translated back without keeping state.
 */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  const names = requestNames(request);
  const taken = new Set([...names].filter((name) => VALID.test(name)));
  const changed = new Map<string, string>();
  // Sorted, so that the order of the tools makes no difference.
  for (const name of [...names].filter((candidate) => !VALID.test(candidate)).sort()) {
    const base = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_LENGTH) || '_';
    let wireName = base;
    for (let number = 2; taken.has(wireName); number++) {
      const suffix = `_${number}`;
      wireName = base.slice(0, MAX_LENGTH - suffix.length) + suffix;
    }
    taken.add(wireName);
    changed.set(wireName, name);
  }
  return changed;
}

/** The name under which a tool of this request is written. */
export function createToolNames(request: GenerationRequest): (name: string) => string {
  const wireNames = new Map([...toolNames(request)].map(([wireName, name]) => [name, wireName]));
  return (name) => wireNames.get(name) ?? name;
}

function requestNames(request: GenerationRequest): Set<string> {
  const names = new Set<string>();
  for (const tool of request.tools) if (tool.type === 'function' || tool.type === 'custom') names.add(tool.name);
  if (request.toolChoice?.type === 'tool') names.add(request.toolChoice.name);
  for (const message of request.messages) {
    for (const part of message.content) if (part.type === 'tool-call') names.add(part.name);
  }
  return names;
}
