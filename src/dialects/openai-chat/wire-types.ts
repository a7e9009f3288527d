/** Chat Completions as we write it to clients. https://platform.openai.com/docs/api-reference/chat/object */
import type { JsonObject, JsonValue } from '../../ir/index.ts';

/** Why an answer ended; `error` is OpenRouter's word. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call' | 'error';

/** What compatible servers say instead. */
export type ForeignFinishReason =
  | 'max_tokens'
  | 'model_length'
  | 'insufficient_system_resource'
  | 'stop_sequence'
  | 'eos'
  | 'end_turn';

export type Annotation = {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    readonly start_index: number;
    readonly end_index: number;
    readonly content?: string;
  };
};

/** Where Gemini's compatible endpoint puts a signature. */
export type ExtraContent = { readonly google: { readonly thought_signature: string } };

type CallOf<B> = B & { readonly id: string; readonly extra_content?: ExtraContent };
export type ToolCall =
  | CallOf<{ readonly type: 'function'; readonly function: { readonly name: string; readonly arguments: string } }>
  | CallOf<{ readonly type: 'custom'; readonly custom: { readonly name: string; readonly input: string } }>;

/** A generated image in the form OpenRouter and others use. */
export type Image = {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string };
  readonly index: number;
};
export type Audio = {
  readonly id: string;
  readonly data: string;
  readonly expires_at: number;
  readonly transcript: string;
};

export type Message = {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly refusal: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly function_call?: { readonly name: string; readonly arguments: string };
  readonly tool_calls?: readonly ToolCall[];
  readonly extra_content?: ExtraContent;
  readonly annotations?: readonly Annotation[];
  readonly images?: readonly Image[];
  readonly audio?: Audio;
};

/** Log probabilities of tokens, whose entries the hub carries as OpenAI writes them. */
export type Logprobs = { readonly content: readonly JsonValue[]; readonly refusal: null };

export type Choice = {
  readonly index: number;
  readonly message: Message;
  readonly logprobs: Logprobs | null;
  readonly finish_reason: FinishReason;
  /** vLLM's word for the stop sequence. */
  readonly stop_reason?: string;
};

export type Usage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens?: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
};

/** A whole answer. The tier is whatever the upstream says. */
export type ChatCompletion = {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly Choice[];
  readonly usage?: Usage;
  readonly service_tier?: string;
};

type CallDelta<B> = B & { readonly index: number; readonly extra_content?: ExtraContent };
export type ToolCallDelta = CallDelta<{
  readonly id?: string;
  readonly type?: 'function' | 'custom';
  readonly function?: { readonly name?: string; readonly arguments: string };
  readonly custom?: { readonly name?: string; readonly input: string };
}>;

/** What one chunk adds to the message. */
export type Delta = {
  readonly role?: 'assistant';
  readonly content?: string;
  readonly refusal?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly function_call?: { readonly name?: string; readonly arguments: string };
  readonly tool_calls?: readonly ToolCallDelta[];
  readonly extra_content?: ExtraContent;
  readonly annotations?: readonly Annotation[];
  readonly images?: readonly Image[];
  readonly audio?: { readonly data: string };
};

export type ChunkChoice = {
  readonly index: number;
  readonly delta: Delta;
  readonly finish_reason: FinishReason | null;
  readonly logprobs?: Logprobs;
  readonly stop_reason?: string;
};

/** One event of a stream. */
export type Chunk = Omit<ChatCompletion, 'object' | 'choices' | 'usage'> & {
  readonly object: 'chat.completion.chunk';
  readonly choices: readonly ChunkChoice[];
  readonly usage?: Usage;
};

/** What every chunk begins with. */
export type ChunkHead = Omit<Chunk, 'choices' | 'usage'>;

/** An error, as a whole answer and in a stream. */
export type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
};
