import type { Extensions } from './extensions.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { CacheControl, Part } from './part.ts';

/**
 * Who speaks. `system` and `developer` may stand anywhere; those before the first other message are the dialect's
 * top-level instructions where it has such a place. Tool results are parts of a `user` message.
 */
export type Role = 'system' | 'developer' | 'user' | 'assistant';

/** One turn, in the client's order. */
export interface Message {
  readonly role: Role;
  readonly content: readonly Part[];
  /** OpenAI `name` of the participant. */
  readonly name?: string;
  /** The dialect's item id of this message, when it has one (Responses `msg_...`). */
  readonly id?: string;
  /** JSON path in the client's body, used in warnings: `messages[3]`, `input[4]`. */
  readonly path: string;
}

/** A tool the client runs: JSON arguments. */
export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent means none given. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
  readonly cacheControl?: CacheControl;
  /** Wire fields of the tool that only its dialect knows (e.g. `defer_loading`). */
  readonly extensions?: Extensions;
  readonly path: string;
}

/** A tool the client runs: free text input, optionally bound by a grammar (Responses custom tools). */
export interface CustomTool {
  readonly type: 'custom';
  readonly name: string;
  readonly description?: string;
  /** The dialect's own format object, e.g. `{ type: 'grammar', syntax: 'lark', definition: '...' }`. */
  readonly format?: JsonObject;
  /** Wire fields of the tool that only its dialect knows (e.g. `defer_loading`). */
  readonly extensions?: Extensions;
  readonly path: string;
}

/** About where the user is. */
export interface UserLocation {
  readonly city?: string;
  readonly region?: string;
  readonly country?: string;
  readonly timezone?: string;
}

/** How a search tool searches, as far as dialects share it. */
export interface WebSearchOptions {
  readonly allowedDomains?: readonly string[];
  readonly blockedDomains?: readonly string[];
  readonly maxUses?: number;
  readonly contextSize?: 'low' | 'medium' | 'high';
  readonly userLocation?: UserLocation;
}

/** Built-in tools that two or more dialects have. `options` are the dialect's own further settings. */
export interface BuiltInTool {
  readonly type: 'built-in';
  readonly name: 'web-search' | 'code-execution' | 'url-context' | 'image-generation';
  readonly search?: WebSearchOptions;
  readonly extensions?: Extensions;
  readonly path: string;
}

/** A tool only one dialect knows: the whole wire object. */
export interface OpaqueTool {
  readonly type: 'opaque';
  readonly dialect: string;
  readonly value: JsonObject;
  readonly path: string;
}

/** A tool offered to the model. */
export type Tool = FunctionTool | CustomTool | BuiltInTool | OpaqueTool;

/** How the model may use the tools. `names` (mode required or auto) restricts the choice to these. */
export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required'; readonly names?: readonly string[] }
  | { readonly type: 'tool'; readonly name: string }
  | { readonly type: 'built-in'; readonly name: BuiltInTool['name'] }
  | { readonly type: 'opaque'; readonly dialect: string; readonly value: JsonValue };

/** The form the answer must have. */
export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json-object' }
  | {
      readonly type: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** Effort levels in ascending order; a dialect maps them to its own names or to a token budget. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much the model should think and whether it should show it. */
export interface ReasoningConfig {
  readonly effort?: ReasoningEffort;
  /** An effort that the client named and nobody here knows. */
  readonly unknownEffort?: string;
  /** Tokens to think with; -1: the model decides, 0: off. */
  readonly budgetTokens?: number;
  /** The model decides when and how much (Claude `adaptive`). */
  readonly adaptive?: boolean;
  /** Whether reasoning text is returned: summarized, or left out. Absent: the provider's default. */
  readonly summary?: 'auto' | 'concise' | 'detailed' | 'none';
}

/** Sampling parameters that two or more dialects share. Absent: the provider's default. */
export interface Sampling {
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** How many answers; 1 when absent. */
  readonly candidateCount?: number;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
}

/** A request to generate, in no dialect: what every codec decodes to and encodes from. */
export interface GenerationRequest {
  /** The model as the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly output?: OutputFormat;
  readonly reasoning?: ReasoningConfig;
  readonly sampling: Sampling;
  /** Key under which the provider should cache the prefix (OpenAI `prompt_cache_key`). */
  readonly promptCacheKey?: string;
  /** End user id (OpenAI `user`/`safety_identifier`, Claude `metadata.user_id`). */
  readonly user?: string;
  readonly metadata?: JsonObject;
  /** auto, default, flex, priority, standard_only ... as the client wrote it. */
  readonly serviceTier?: string;
  readonly store?: boolean;
  /** Verbosity of the text: low, medium, high (OpenAI). */
  readonly verbosity?: string;
  /** Output kinds asked for, lower case: text, image, audio. */
  readonly modalities?: readonly string[];
  readonly extensions: Extensions;
}
