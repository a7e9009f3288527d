/** Claude Messages as we write it to upstreams. https://docs.anthropic.com/en/api/messages */
import type { JsonObject } from '../../ir/index.ts';

export type CacheControl = { readonly type: 'ephemeral'; readonly ttl?: '5m' | '1h' };
type Cached = { readonly cache_control?: CacheControl };

export type TextParam = Cached & { readonly type: 'text'; readonly text: string };
export type BinarySource =
  | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly file_id: string };
export type PlainTextSource = { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string };
export type ImageParam = Cached & { readonly type: 'image'; readonly source: BinarySource };
export type DocumentParam = Cached & {
  readonly type: 'document';
  readonly source: BinarySource | PlainTextSource;
  readonly title?: string;
};
export type ToolResultParam = Cached & {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: readonly (TextParam | ImageParam | DocumentParam)[];
  readonly is_error?: true;
};
export type ToolUseParam = Cached & {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
};
export type ThinkingParam = { readonly type: 'thinking'; readonly thinking: string; readonly signature: string };
export type RedactedThinkingParam = { readonly type: 'redacted_thinking'; readonly data: string };

/** A block of a message; others are those that Claude itself wrote, sent back as they came. */
export type BlockParam =
  | TextParam
  | ImageParam
  | DocumentParam
  | ToolResultParam
  | ToolUseParam
  | ThinkingParam
  | RedactedThinkingParam;

export type MessageParam = { readonly role: 'user' | 'assistant'; readonly content: readonly BlockParam[] };

/** A tool of the client. */
export type FunctionParam = Cached & {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: JsonObject;
  readonly strict?: true;
};
export type UserLocation = { readonly type: 'approximate' } & {
  readonly [K in 'city' | 'region' | 'country' | 'timezone']?: string;
};
export type SearchParam = {
  readonly type: 'web_search_20250305';
  readonly name: 'web_search';
  readonly allowed_domains?: readonly string[];
  readonly blocked_domains?: readonly string[];
  readonly max_uses?: number;
  readonly user_location?: UserLocation;
};

type Parallel = { readonly disable_parallel_tool_use?: true };
export type ToolChoice =
  | (Parallel & { readonly type: 'auto' })
  | (Parallel & { readonly type: 'any' })
  | (Parallel & { readonly type: 'tool'; readonly name: string })
  | { readonly type: 'none' };

export type Display = 'summarized' | 'omitted';
export type Thinking =
  | { readonly type: 'enabled'; readonly budget_tokens: number; readonly display?: Display }
  | { readonly type: 'adaptive'; readonly display?: Display }
  | { readonly type: 'disabled' };

export type OutputFormat = { readonly type: 'json_schema'; readonly schema: JsonObject };

/** A request; the effort is one of the words that the model's catalogue entry has. */
export type MessageRequest = {
  readonly model: string;
  readonly max_tokens: number;
  readonly system?: readonly TextParam[];
  readonly messages: readonly MessageParam[];
  readonly tools?: readonly (FunctionParam | SearchParam)[];
  readonly tool_choice?: ToolChoice;
  readonly thinking?: Thinking;
  readonly output_config?: { readonly effort?: string; readonly format?: OutputFormat };
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly stop_sequences?: readonly string[];
  readonly metadata?: { readonly user_id?: string };
  readonly service_tier?: 'auto' | 'standard_only';
  readonly stream?: boolean;
};
