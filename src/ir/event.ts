import type { DialectId } from './extensions.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Citation, MediaPart, ServerToolPart } from './part.ts';
import type { FinishReason } from './response.ts';
import type { Signature } from './signature.ts';
import type { Usage } from './usage.ts';

/**
 * One step of a streamed answer. Order: `response-start`, then blocks, then one `candidate-end` per candidate, then
 * `response-end`. A block is opened by its `*-start`, fed by deltas and closed by `block-end`; block numbers are unique
 * in the response and ascend in order of opening; blocks may interleave. After `response-end` nothing follows.
 * A stream that breaks off has no `response-end`: decoders throw (ProxyError `upstream_stream_truncated`) from `end()`.
 */
export type GenerationEvent =
  | {
      readonly type: 'response-start';
      readonly id: string;
      readonly model: string;
      readonly createdAtS?: number;
      readonly serviceTier?: string;
      /** What the upstream knows of the input at the start (Claude). */
      readonly usage?: Usage;
    }
  | { readonly type: 'text-start'; readonly block: number; readonly candidate: number }
  /** `logprobs`: the array of token entries of this delta, as OpenAI writes them. */
  | {
      readonly type: 'text-delta';
      readonly block: number;
      readonly text: string;
      readonly logprobs?: readonly JsonValue[];
    }
  | {
      readonly type: 'text-citation';
      readonly block: number;
      readonly dialect: DialectId;
      readonly citation: JsonValue;
      /** The citation as others understand it; Gemini's stands for several. */
      readonly sources?: readonly Citation[];
    }
  | { readonly type: 'refusal-start'; readonly block: number; readonly candidate: number }
  | { readonly type: 'refusal-delta'; readonly block: number; readonly text: string }
  | {
      readonly type: 'reasoning-start';
      readonly block: number;
      readonly candidate: number;
      readonly summary: boolean;
      readonly redacted: boolean;
      readonly id?: string;
    }
  | { readonly type: 'reasoning-delta'; readonly block: number; readonly text: string }
  /** The signature of a reasoning, text or tool-call block; whole, once, before its `block-end`. */
  | { readonly type: 'block-signature'; readonly block: number; readonly signature: Signature }
  | {
      readonly type: 'tool-call-start';
      readonly block: number;
      readonly candidate: number;
      readonly id: string;
      readonly name: string;
      readonly kind: 'function' | 'custom';
    }
  | { readonly type: 'tool-call-delta'; readonly block: number; readonly arguments: string }
  | { readonly type: 'block-end'; readonly block: number }
  /** A whole generated image or other medium. */
  | { readonly type: 'media'; readonly block: number; readonly candidate: number; readonly part: MediaPart }
  /** A call of a tool that the provider runs, or its result. */
  | { readonly type: 'server-tool'; readonly block: number; readonly candidate: number; readonly part: ServerToolPart }
  /** A whole item only one dialect understands. */
  | {
      readonly type: 'opaque';
      readonly block: number;
      readonly candidate: number;
      readonly dialect: DialectId;
      readonly value: JsonObject;
    }
  | {
      readonly type: 'candidate-end';
      readonly candidate: number;
      readonly finishReason: FinishReason;
      readonly stopSequence?: string;
    }
  | { readonly type: 'response-end'; readonly usage: Usage };
