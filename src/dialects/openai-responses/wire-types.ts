/** Responses as we write them to clients. https://platform.openai.com/docs/api-reference/responses/object */
import type { JsonObject, JsonValue } from '../../ir/index.ts';

export type UrlCitation = {
  readonly type: 'url_citation';
  readonly start_index: number;
  readonly end_index: number;
  readonly url: string;
  readonly title: string;
};
export type OutputText = {
  readonly type: 'output_text';
  readonly annotations: readonly UrlCitation[];
  /** Entries as the hub carries them. */
  readonly logprobs: readonly JsonValue[];
  readonly text: string;
};
export type Refusal = { readonly type: 'refusal'; readonly refusal: string };
export type SummaryText = { readonly type: 'summary_text'; readonly text: string };

/** Whether an item is being written or finished. */
export type ItemStatus = 'in_progress' | 'completed';
type Item<T extends string> = { readonly id: string; readonly type: T };
type Running = { readonly status: ItemStatus };
type Call = { readonly call_id: string; readonly name: string; readonly namespace?: string };

export type MessageItem = Item<'message'> &
  Running & { readonly role: 'assistant'; readonly content: readonly (OutputText | Refusal)[] };
export type ReasoningItem = Item<'reasoning'> &
  Partial<Running> & { readonly summary: readonly SummaryText[]; readonly encrypted_content?: string };
export type FunctionCall = Item<'function_call'> & Running & Call & { readonly arguments: string };
export type CustomCall = Item<'custom_tool_call'> & Running & Call & { readonly input: string };
/** The format is what the media type says. */
export type ImageItem = Item<'image_generation_call'> & {
  readonly status: 'completed';
  readonly output_format: string;
  readonly revised_prompt?: string;
  readonly result: string;
};
export type SearchAction = {
  readonly type: 'search';
  readonly query: string;
  readonly queries?: readonly string[];
  readonly sources?: readonly { readonly type: 'url'; readonly url: string }[];
};
export type OpenPage = { readonly type: 'open_page'; readonly url: string | null };
export type SearchItem = Item<'web_search_call'> & Running & { readonly action: SearchAction | OpenPage };
export type CodeItem = Item<'code_interpreter_call'> &
  Running & {
    readonly code: string;
    readonly container_id: string;
    readonly outputs: readonly { readonly type: 'logs'; readonly logs: string }[] | null;
  };

/** An item of an answer; others are the upstream's own of this dialect, as they came. */
export type OutputItem = MessageItem | ReasoningItem | FunctionCall | CustomCall | ImageItem | SearchItem | CodeItem;

export type Usage = {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
};

export type IncompleteReason = 'max_output_tokens' | 'content_filter';
export type FinishedStatus = 'completed' | 'incomplete' | 'failed';

/** What changes from one event to the next. */
export type Changing = {
  readonly id: string;
  readonly object: 'response';
  readonly created_at: number;
  readonly completed_at: number | null;
  readonly status: 'in_progress' | FinishedStatus;
  /** The code may be the upstream's own. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: IncompleteReason } | null;
  readonly output: readonly OutputItem[];
};

/** What repeats the request; tools, choices and settings as the request has them. */
export type Echo = {
  readonly model: string;
  readonly access_programs: null;
  readonly background: false;
  readonly instructions: string | null;
  readonly max_output_tokens: JsonValue;
  readonly max_tool_calls: JsonValue;
  readonly parallel_tool_calls: JsonValue;
  readonly previous_response_id: JsonValue;
  readonly prompt_cache_key: JsonValue;
  readonly reasoning: JsonObject;
  readonly safety_identifier: JsonValue;
  readonly service_tier: JsonValue;
  readonly store: JsonValue;
  readonly temperature: JsonValue;
  readonly text: JsonObject;
  readonly tool_choice: JsonValue;
  readonly presence_penalty: 0;
  readonly frequency_penalty: 0;
  readonly tools: JsonValue;
  readonly top_logprobs: JsonValue;
  readonly top_p: JsonValue;
  readonly truncation: JsonValue;
  readonly user: JsonValue;
  readonly metadata: JsonValue;
};

/** A whole answer. */
export type ResponseObject = Changing & Echo & { readonly usage: Usage | null };

type Event<T extends string, F> = { readonly type: T; readonly sequence_number: number } & F;
type InItem = { readonly item_id: string; readonly output_index: number };
type InPart = InItem & { readonly content_index: number };
type InSummary = InItem & { readonly summary_index: number };

/** Events that hold the whole response. */
export type StateEvent = Event<
  'response.created' | 'response.in_progress' | `response.${FinishedStatus}`,
  { readonly response: ResponseObject }
>;
/** Events with a piece of text. */
export type DeltaEvent =
  | Event<'response.output_text.delta', InPart & { readonly delta: string; readonly logprobs: readonly JsonValue[] }>
  | Event<'response.refusal.delta', InPart & { readonly delta: string }>
  | Event<'response.reasoning_summary_text.delta', InSummary & { readonly delta: string }>
  | Event<'response.function_call_arguments.delta', InItem & { readonly delta: string }>
  | Event<'response.custom_tool_call_input.delta', InItem & { readonly delta: string }>;
/** Progress of a tool that the provider runs. */
export type ProgressType =
  | `response.web_search_call.${ItemStatus | 'searching'}`
  | `response.code_interpreter_call.${ItemStatus | 'interpreting'}`;
type OtherEvent =
  | Event<'response.output_item.added', { readonly output_index: number; readonly item: OutputItem }>
  | Event<'response.output_item.done', { readonly output_index: number; readonly item: OutputItem }>
  | Event<'response.content_part.added', InPart & { readonly part: OutputText | Refusal }>
  | Event<'response.content_part.done', InPart & { readonly part: OutputText | Refusal }>
  | Event<'response.output_text.done', InPart & { readonly text: string; readonly logprobs: readonly JsonValue[] }>
  | Event<
      'response.output_text.annotation.added',
      InPart & { readonly annotation_index: number; readonly annotation: UrlCitation | null }
    >
  | Event<'response.refusal.done', InPart & { readonly refusal: string }>
  | Event<'response.reasoning_summary_part.added', InSummary & { readonly part: SummaryText }>
  | Event<'response.reasoning_summary_part.done', InSummary & { readonly part: SummaryText }>
  | Event<'response.reasoning_summary_text.done', InSummary & { readonly text: string }>
  | Event<'response.function_call_arguments.done', InItem & { readonly name: string; readonly arguments: string }>
  | Event<'response.custom_tool_call_input.done', InItem & { readonly input: string }>
  | Event<ProgressType, InItem>
  | Event<'error', { readonly code: string; readonly message: string; readonly param: string | null }>;

/** An event of a stream. */
export type StreamEvent = StateEvent | DeltaEvent | OtherEvent;
/** The event of a type. */
export type EventOf<T extends StreamEvent['type']> = OfType<StreamEvent, T>;
type OfType<E, T> = E extends { readonly type: infer U } ? (T extends U ? E : never) : never;

/** An error, as a whole answer. */
export type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
};

/** The answer of `input_tokens`. */
export type TokenCount = { readonly object: 'response.input_tokens'; readonly input_tokens: number };
