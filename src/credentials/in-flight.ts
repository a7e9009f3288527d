/** Attempts under way, counted per credential. */
export interface InFlight {
  begun(credentialId: string): void;
  ended(credentialId: string): void;
  of(credentialId: string): number;
}

/** Zeros are swept out when there are so many entries. */
const MANY = 20_000;

/** Counts nothing yet. */
export function createInFlight(): InFlight {
  const counts = new Map<string, { count: number }>();
  return {
    begun(id) {
      const entry = counts.get(id);
      if (entry !== undefined) {
        entry.count++;
        return;
      }
      if (counts.size >= MANY) for (const [key, { count }] of counts) if (count === 0) counts.delete(key);
      counts.set(id, { count: 1 });
    },
    // What is 0 stays: a map that is entered and left with every request makes a new table again and again.
    ended(id) {
      const entry = counts.get(id);
      if (entry !== undefined && entry.count > 0) entry.count--;
    },
    of: (id) => counts.get(id)?.count ?? 0,
  };
}
