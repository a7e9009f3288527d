import type { Provenance } from './provenance.ts';
import type { ReplayLedger } from './replay-ledger.ts';

/** What one gateway remembers of signatures between requests; in memory only. */
export interface SignatureKeeper {
  readonly provenance: Provenance;
  readonly ledger: ReplayLedger;
}

/** A client sees only what its own key was answered, and a maker only what it made. */
export function ledgerScope(principal: string | undefined, maker: string): string {
  return `${principal ?? ''} ${maker}`;
}
