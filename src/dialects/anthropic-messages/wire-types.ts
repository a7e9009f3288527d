/** Claude Messages as we write it to clients. https://docs.anthropic.com/en/api/messages */
import type { JsonObject, JsonValue } from '../../ir/index.ts';

/** Why an answer ended. */
export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

/** Who called a tool; without code execution it is always the model itself. */
export type Caller = { readonly type: 'direct' };

/** A citation of a page that a search found. */
export type Citation = {
  readonly type: 'web_search_result_location';
  readonly url: string;
  readonly title: string | null;
  readonly encrypted_index: string;
  readonly cited_text: string;
};

export type TextBlock = {
  readonly type: 'text';
  readonly text: string;
  readonly citations: readonly Citation[] | null;
};
export type ThinkingBlock = { readonly type: 'thinking'; readonly thinking: string; readonly signature: string };
export type RedactedThinkingBlock = { readonly type: 'redacted_thinking'; readonly data: string };
export type ToolUseBlock = {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly caller: Caller;
};
export type ServerToolUseBlock = {
  readonly type: 'server_tool_use';
  readonly id: string;
  readonly name: 'web_search' | 'web_fetch' | 'code_execution';
  readonly input: JsonObject;
  readonly caller: Caller;
};

/** One page that a search found. */
export type SearchResult = {
  readonly type: 'web_search_result';
  readonly url: string;
  readonly title: string;
  readonly encrypted_content: string;
  readonly page_age: string | null;
};
export type SearchResultBlock = {
  readonly type: 'web_search_tool_result';
  readonly tool_use_id: string;
  readonly content: readonly SearchResult[];
  readonly caller: Caller;
};
export type CodeResult = {
  readonly type: 'code_execution_result';
  readonly stdout: string;
  readonly stderr: string;
  readonly return_code: number;
  readonly content: readonly [];
};
export type CodeResultBlock = {
  readonly type: 'code_execution_tool_result';
  readonly tool_use_id: string;
  readonly content: CodeResult;
};
export type FetchedDocument = {
  readonly type: 'document';
  readonly source: { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string };
  readonly title: string | null;
  readonly citations: null;
};
export type FetchResult = {
  readonly type: 'web_fetch_result';
  readonly url: string;
  readonly content: FetchedDocument;
  readonly retrieved_at: string | null;
};
export type FetchResultBlock = {
  readonly type: 'web_fetch_tool_result';
  readonly tool_use_id: string;
  readonly content: FetchResult;
  readonly caller: Caller;
};

/** A block of an answer. */
export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | SearchResultBlock
  | CodeResultBlock
  | FetchResultBlock;

/** The counts of the last delta of an answer. */
export type DeltaUsage = {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number } | null;
  readonly server_tool_use: { readonly web_search_requests: number; readonly web_fetch_requests: number } | null;
};

/** What only Anthropic's own servers know of a usage. */
export type VendorUsage = { readonly cache_creation: null; readonly inference_geo: null; readonly speed: null };

export type Usage = DeltaUsage & VendorUsage & { readonly service_tier: 'standard' | 'priority' | 'batch' | null };

/** A whole answer. */
export type Message = {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly ContentBlock[];
  readonly stop_reason: StopReason | null;
  readonly stop_sequence: string | null;
  readonly stop_details: null;
  readonly container: null;
  readonly diagnostics: null;
  readonly usage: Usage;
};

/** A piece of a block. */
export type BlockDelta =
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'thinking_delta'; readonly thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'input_json_delta'; readonly partial_json: string }
  | { readonly type: 'citations_delta'; readonly citation: Citation };

/** A {@link BlockDelta} as JSON text without its braces: what the stream encoder writes per delta. */
export type BlockDeltaText = {
  [D in BlockDelta as D['type']]: `${DeltaMember<D>}:${string}`;
}[BlockDelta['type']];
type DeltaMember<D extends BlockDelta> = D extends unknown
  ? `"${D['type']}","${Exclude<keyof D, 'type'> & string}"`
  : never;

/** How an answer ended, in `message_delta`. */
export type MessageEnd = Pick<Message, 'stop_reason' | 'stop_sequence' | 'stop_details' | 'container'>;

/** An event of a stream, except `error`. */
export type StreamEvent =
  | { readonly type: 'message_start'; readonly message: Message }
  | { readonly type: 'content_block_start'; readonly index: number; readonly content_block: ContentBlock }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: BlockDelta }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | { readonly type: 'message_delta'; readonly delta: MessageEnd; readonly usage: DeltaUsage }
  | { readonly type: 'message_stop' };

/** The types of an error. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'conflict_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error';

/** An error, as a whole answer and as the `error` event of a stream. */
export type ErrorBody = {
  readonly type: 'error';
  readonly error: { readonly type: ErrorType; readonly message: string; readonly details?: JsonValue };
};

/** The answer of `count_tokens`. */
export type TokenCount = { readonly input_tokens: number };
