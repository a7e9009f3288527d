import { sanitizeToolId } from './wire.ts';

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
