/** Lets so many run at once; the others wait for their turn. */
export interface Slots {
  /** Whoever is urgent goes before those that wait. */
  acquire(isUrgent: boolean): Promise<void>;
  release(): void;
}

/** The limit may change; it is at least one. */
export function createSlots(limit: () => number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function admit(): void {
    while (taken < Math.max(1, limit())) {
      const next = waiting.shift();
      if (next === undefined) return;
      taken++;
      next();
    }
  }

  return {
    acquire: (isUrgent) =>
      new Promise((admitted) => {
        if (isUrgent) waiting.unshift(admitted);
        else waiting.push(admitted);
        admit();
      }),
    release() {
      taken--;
      admit();
    },
  };
}
