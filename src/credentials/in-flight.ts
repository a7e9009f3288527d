/** Attempts under way, counted per credential. */
export interface InFlight {
  begun(credentialId: string): void;
  ended(credentialId: string): void;
  of(credentialId: string): number;
}

/** Counts nothing yet. */
export function createInFlight(): InFlight {
  const counts = new Map<string, number>();
  const of = (id: string): number => counts.get(id) ?? 0;
  return {
    begun: (id) => void counts.set(id, of(id) + 1),
    ended(id) {
      const left = of(id) - 1;
      if (left > 0) counts.set(id, left);
      else counts.delete(id);
    },
    of,
  };
}
