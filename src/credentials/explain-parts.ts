import type { Clock } from '../clock.ts';
import type { InFlight } from './in-flight.ts';
import type { PickParts } from './picks.ts';
import type { Quotas } from './quota/quotas.ts';

/** What explanations are made from. */
export interface ExplainParts extends PickParts {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly quotas: Quotas;
}
