import type { ModelInfo } from './model-info.ts';

/** One model that a credential offers: what clients call it and what the upstream calls it. */
export interface RegisteredModel {
  /** The name clients use: alias, `prefix/id`, or the upstream's own id. */
  readonly clientName: string;
  /** The id the upstream knows. */
  readonly upstreamName: string;
  /** Undefined when the catalogue does not know the model. */
  readonly info: ModelInfo | undefined;
  /** Answers carry `clientName` instead of the upstream's id. */
  readonly forceMapping: boolean;
}
