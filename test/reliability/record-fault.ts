import { expect } from 'vitest';
import { type FaultCounts, type FaultId, faults } from './faults.ts';

/** At the end of a fault's test: what it counted is what the table, and with it the page, says. */
export function recordFault(id: FaultId, counts: FaultCounts): void {
  expect(counts, faults[id].fault).toEqual(faults[id].counts);
}
