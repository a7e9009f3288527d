import type { Credential } from '../credentials/credential.ts';
import type { ReasoningConfig } from '../ir/index.ts';
import type { ModelInfo } from '../models/model-info.ts';
import type { Manifest } from '../providers/provider.ts';

/** One way to serve a request: this credential of this provider, under this upstream model id. */
export interface Target {
  readonly credential: Credential;
  readonly provider: Manifest;
  /** The model id as the upstream knows it. */
  readonly model: string;
  /** What the catalogue knows of the model; undefined when it is not in there. */
  readonly info: ModelInfo | undefined;
  /** Answers carry the client's model name instead of the upstream's. */
  readonly forceMapping: boolean;
  /** What the client's model name asks for, as in `model(high)`; overrides the body. */
  readonly reasoning?: ReasoningConfig;
}
