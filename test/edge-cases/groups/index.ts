/** Every group of edge cases; one line each. */
import type { Group } from '../ledger.ts';

export const groups: readonly Group[] = [];
