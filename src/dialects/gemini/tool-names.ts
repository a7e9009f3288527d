import type { GenerationEvent, GenerationRequest, GenerationResponse, Part } from '../../ir/index.ts';
import type { StreamDecoder } from '../codec.ts';

const MAX_LENGTH = 64;
const VALID = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;

/** Every tool name of the request: offered, chosen, or called earlier in the conversation. */
function requestNames(request: GenerationRequest): Set<string> {
  const names = new Set<string>();
  for (const tool of request.tools) if (tool.type === 'function' || tool.type === 'custom') names.add(tool.name);
  const choice = request.toolChoice;
  if (choice?.type === 'tool') names.add(choice.name);
  else if (choice !== undefined && choice.type !== 'opaque') for (const name of choice.names ?? []) names.add(name);
  for (const message of request.messages) {
    for (const part of message.content) {
      if (part.type === 'tool-call') names.add(part.name);
      else if (part.type === 'tool-result' && part.name !== undefined) names.add(part.name);
    }
  }
  return names;
}

/**
 * Names that Gemini does not accept, by the name sent in their place: wire name -> original. Depends on the request
 * alone, so that the answer can be translated back without keeping state.
 */
export function geminiToolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  const names = requestNames(request);
  const taken = new Set([...names].filter((name) => VALID.test(name)));
  const changed = new Map<string, string>();
  // Sorted: the same set of names gives the same result whatever the order of the tools.
  for (const name of [...names].filter((candidate) => !VALID.test(candidate)).sort()) {
    const wire = freeName(name, taken);
    taken.add(wire);
    changed.set(wire, name);
  }
  return changed;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_.:-]/g, '_');
  const base = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  let wire = base.slice(0, MAX_LENGTH);
  for (let round = 0; taken.has(wire); round++) {
    const suffix = `_${hash(`${round}${name}`)}`;
    wire = `${base.slice(0, MAX_LENGTH - suffix.length)}${suffix}`;
  }
  return wire;
}

/** FNV-1a, 32 bits: short and stable, nothing secret about it. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}

/** A decoder that gives tool calls their original names back; `names` come from {@link geminiToolNames}. */
export function restoreToolNames(decoder: StreamDecoder, names: ReadonlyMap<string, string>): StreamDecoder {
  if (names.size === 0) return decoder;
  const restore = (event: GenerationEvent): GenerationEvent =>
    event.type === 'tool-call-start' ? { ...event, name: names.get(event.name) ?? event.name } : event;
  return {
    push: (frame) => decoder.push(frame).map(restore),
    end: () => decoder.end().map(restore),
  };
}

/** {@link restoreToolNames} for a whole answer. */
export function restoreResponseToolNames(
  response: GenerationResponse,
  names: ReadonlyMap<string, string>,
): GenerationResponse {
  if (names.size === 0) return response;
  const restore = (part: Part): Part =>
    part.type === 'tool-call' ? { ...part, name: names.get(part.name) ?? part.name } : part;
  const candidates = response.candidates.map((candidate) => ({
    ...candidate,
    content: candidate.content.map(restore),
  }));
  return { ...response, candidates };
}
