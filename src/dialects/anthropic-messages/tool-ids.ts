import { sanitizeToolId } from './wire.ts';

const CARRIED = 'llmproxy_';

/** A call id for Claude's clients, which accept letters, digits, `_` and `-` only; any other is carried encoded. */
export function encodeToolId(id: string): string {
  if (/^[a-zA-Z0-9_-]+$/.test(id) && !id.startsWith(CARRIED)) return id;
  return CARRIED + Buffer.from(id, 'utf8').toString('base64url');
}

/** The upstream's own id out of what {@link encodeToolId} wrote. */
export function decodeToolId(id: string): string {
  return id.startsWith(CARRIED) ? Buffer.from(id.slice(CARRIED.length), 'base64url').toString('utf8') : id;
}

/** A mapping of call ids to ids that Claude accepts: the same for a call and its result, and never two for one. */
export function createToolIds(): (id: string) => string {
  const wireIds = new Map<string, string>();
  const taken = new Set<string>();
  return (id) => {
    const known = wireIds.get(id);
    if (known !== undefined) return known;
    const base = sanitizeToolId(id);
    let wireId = base;
    for (let suffix = 2; taken.has(wireId); suffix++) wireId = `${base}_${suffix}`;
    wireIds.set(id, wireId);
    taken.add(wireId);
    return wireId;
  };
}
