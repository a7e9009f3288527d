import type { Clock } from '../../clock.ts';
import type { MakerSource } from './maker.ts';
import { Provenance } from './provenance.ts';
import { ReplayLedger } from './replay-ledger.ts';

/** What one gateway remembers of signatures between requests; in memory only. */
export interface SignatureKeeper {
  readonly provenance: Provenance;
  readonly ledger: ReplayLedger;
}

/** `sources`: every credential with its provider. */
export function createSignatureKeeper(sources: Iterable<MakerSource>, clock: Clock): SignatureKeeper {
  return { provenance: new Provenance(sources), ledger: new ReplayLedger(clock) };
}

/** A client sees only what its own key was answered, and a maker only what it made. */
export function ledgerScope(principal: string | undefined, maker: string): string {
  return `${principal ?? ''} ${maker}`;
}
