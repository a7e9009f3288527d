import type { Message, Part } from '../../ir/index.ts';

const MAX_LENGTH = 64;
/** What Amazon's model services take. */
const VALID = new RegExp(`^[\\w-]{1,${MAX_LENGTH}}$`);

/** The conversation with ids of calls that the service takes; those that it takes anyway stay. */
export function withWireIds(messages: readonly Message[]): readonly Message[] {
  const ids = new Set(messages.flatMap(({ content }) => content.flatMap((part) => idOf(part) ?? [])));
  const refused = [...ids].filter((id) => !VALID.test(id));
  if (refused.length === 0) return messages;
  const wire = new Map<string, string>();
  for (const id of refused) {
    const free = freeId(id.replace(/[^\w-]/g, '_').slice(0, MAX_LENGTH) || 'call', ids);
    ids.add(free);
    wire.set(id, free);
  }
  return messages.map((message) => ({ ...message, content: message.content.map((part) => renamed(part, wire)) }));
}

function idOf(part: Part): string | undefined {
  if (part.type === 'tool-call') return part.id;
  return part.type === 'tool-result' ? part.callId : undefined;
}

function renamed(part: Part, wire: ReadonlyMap<string, string>): Part {
  const id = wire.get(idOf(part) ?? 'x');
  if (id === undefined) return part;
  if (part.type === 'tool-call') return { ...part, id };
  return part.type === 'tool-result' ? { ...part, callId: id } : part;
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  let free = base;
  for (let number = 2; taken.has(free); number++) {
    const suffix = `_${number}`;
    free = base.slice(0, MAX_LENGTH - suffix.length) + suffix;
  }
  return free;
}
