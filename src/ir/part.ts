import type { DialectId, Extensions } from './extensions.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Signature } from './signature.ts';

/** A prompt-cache breakpoint that the client set after a part (Claude `cache_control`). */
export interface CacheControl {
  readonly ttl?: '5m' | '1h';
}

/** Where the bytes of an image, audio, video or file are. */
export type MediaSource =
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string; readonly mediaType?: string }
  | { readonly type: 'file-id'; readonly id: string; readonly mediaType?: string }
  /** Plain text given as a document (Claude `source.type = text`). */
  | { readonly type: 'text'; readonly text: string; readonly mediaType?: string };

/** Where a statement of an answer comes from, in words that dialects share. */
export interface Citation {
  readonly url?: string;
  readonly title?: string;
  /** The stretch of the part's text that it supports, in code points, end exclusive; absent: all of it. */
  readonly start?: number;
  readonly end?: number;
  /** What the source says there. */
  readonly quote?: string;
}

/** Plain text; `citations` are the dialect's own citation or annotation objects, with the dialect that made them. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly cacheControl?: CacheControl;
  readonly citations?: {
    readonly dialect: DialectId;
    readonly items: readonly JsonValue[];
    /** The items as others understand them; absent: they do not. */
    readonly sources?: readonly Citation[];
  };
  /** Gemini attaches signatures to plain text parts too. */
  readonly signature?: Signature;
}

/** Image, audio, video or document input, or a generated image. */
export interface MediaPart {
  readonly type: 'media';
  readonly kind: 'image' | 'audio' | 'video' | 'file';
  readonly source: MediaSource;
  /** OpenAI image detail: auto, low, high, original. */
  readonly detail?: string;
  readonly filename?: string;
  readonly title?: string;
  /** The prompt from which a generated image was made (Responses `revised_prompt`). */
  readonly revisedPrompt?: string;
  readonly cacheControl?: CacheControl;
  readonly signature?: Signature;
  /** Wire fields that only its dialect knows (Claude documents: `context`, `citations`). */
  readonly extensions?: Extensions;
}

/** Reasoning (thinking) text, or an opaque stand-in for it. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  /** Visible text; empty when only a signature or redacted data is there. */
  readonly text: string;
  /** True when the text is the provider's summary rather than the reasoning itself. */
  readonly summary: boolean;
  /** True when the provider withheld the text (Claude `redacted_thinking`); the signature then holds its data. */
  readonly redacted: boolean;
  readonly signature?: Signature;
  /** The provider's item id (Responses `rs_...`), when it has one. */
  readonly id?: string;
}

/** The model asks for a tool to be run. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** function: `arguments` is JSON text. custom: `arguments` is free text (Responses custom tools). */
  readonly kind: 'function' | 'custom';
  /** Exactly the text the model wrote; not necessarily valid JSON. */
  readonly arguments: string;
  readonly signature?: Signature;
  readonly cacheControl?: CacheControl;
}

/** The client answers a tool call. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  /** The tool's name where the dialect states it (Gemini); otherwise found through the call. */
  readonly name?: string;
  readonly content: readonly (TextPart | MediaPart | OpaquePart)[];
  readonly isError: boolean;
  /** The call was a custom tool's (Responses `custom_tool_call_output`). */
  readonly kind: 'function' | 'custom';
  readonly cacheControl?: CacheControl;
  /** Wire fields that only its dialect knows (Gemini: `scheduling`). */
  readonly extensions?: Extensions;
}

/** The model declined to answer; text is its explanation. */
export interface RefusalPart {
  readonly type: 'refusal';
  readonly text: string;
}

/** A page that a search found. */
export interface SearchResult {
  readonly url: string;
  readonly title?: string;
  readonly snippet?: string;
}

/** A tool that the provider itself ran within its answer: the call, what came of it, or both in one. */
export interface ServerToolPart {
  readonly type: 'server-tool';
  readonly tool: 'web-search' | 'url-context' | 'code-execution' | 'image-generation';
  readonly phase: 'call' | 'result' | 'whole';
  /** Joins a result with its call; '': the result follows its call. */
  readonly id: string;
  readonly queries?: readonly string[];
  readonly urls?: readonly string[];
  readonly results?: readonly SearchResult[];
  readonly language?: string;
  readonly code?: string;
  readonly output?: string;
  readonly image?: MediaSource;
  readonly prompt?: string;
  readonly isError?: boolean;
  /** The dialect it came from: the only one that gets `value`. */
  readonly origin: DialectId;
  /** The wire object; absent where the dialect says it elsewhere (Gemini: in the grounding metadata). */
  readonly value?: JsonObject;
}

/** Something only one dialect understands (documents of search results, approvals of MCP calls, ...). */
export interface OpaquePart {
  readonly type: 'opaque';
  readonly dialect: DialectId;
  readonly value: JsonObject;
  /** Others know all of it already, from elsewhere in the request (tools that were added amid the conversation). */
  readonly carried?: true;
}

/** One piece of a message. */
export type Part =
  | TextPart
  | MediaPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | ServerToolPart
  | RefusalPart
  | OpaquePart;
