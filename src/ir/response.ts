import type { Extensions } from './extensions.ts';
import type { JsonValue } from './json.ts';
import type { Part } from './part.ts';
import type { Usage } from './usage.ts';

/** Why generation ended. `tool-calls` always wins when the answer holds a call that the client must run. */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  | 'pause'
  | 'error'
  | 'other';

/** One of the answers (n > 1 gives several). */
export interface Candidate {
  readonly content: readonly Part[];
  readonly finishReason: FinishReason;
  /** The stop sequence that was hit, when the dialect says. */
  readonly stopSequence?: string;
  /** Token log probabilities: the array of token entries as both OpenAI dialects write them (Chat: `logprobs.content`). */
  readonly logprobs?: readonly JsonValue[];
}

/** A finished answer, in no dialect. */
export interface GenerationResponse {
  readonly id: string;
  /** The model that answered, as the upstream names it. */
  readonly model: string;
  /** Unix seconds; absent when the dialect does not say. */
  readonly createdAtS?: number;
  readonly candidates: readonly Candidate[];
  readonly usage: Usage;
  readonly serviceTier?: string;
  readonly extensions: Extensions;
}
