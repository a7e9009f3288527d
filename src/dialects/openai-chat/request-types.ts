/** Chat Completions as we write it to upstreams. https://platform.openai.com/docs/api-reference/chat/create */
import type { JsonObject } from '../../ir/index.ts';
import type { ExtraContent, ToolCall } from './wire-types.ts';

export type TextPart = { readonly type: 'text'; readonly text: string };
export type RefusalPart = { readonly type: 'refusal'; readonly refusal: string };
type UrlHolder = { readonly url: string; readonly detail?: string };
export type ImagePart = { readonly type: 'image_url'; readonly image_url: UrlHolder };
/** Not OpenAI's: some compatible servers take videos. */
export type VideoPart = { readonly type: 'video_url'; readonly video_url: UrlHolder };
/** The format is whatever the client's media type says. */
export type AudioPart = {
  readonly type: 'input_audio';
  readonly input_audio: { readonly data: string; readonly format: string };
};
export type FilePart = {
  readonly type: 'file';
  readonly file: { readonly file_data?: string; readonly file_id?: string; readonly filename?: string };
};

/** A part of content; others are the client's own of this dialect, as they came. */
export type ContentPart = TextPart | RefusalPart | ImagePart | VideoPart | AudioPart | FilePart;

type Text = string | readonly TextPart[];
export type InstructionMessage = {
  readonly role: 'system' | 'developer';
  readonly content: Text;
  readonly name?: string;
};
export type UserMessage = {
  readonly role: 'user';
  readonly content: string | readonly Exclude<ContentPart, RefusalPart>[];
  readonly name?: string;
};
export type ToolMessage = { readonly role: 'tool'; readonly tool_call_id: string; readonly content: Text };
export type AssistantMessage = {
  readonly role: 'assistant';
  readonly content: string | readonly (TextPart | RefusalPart)[] | null;
  readonly name?: string;
  readonly refusal?: string;
  readonly audio?: JsonObject;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning_content?: string;
  readonly reasoning?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly extra_content?: ExtraContent;
};
export type MessageParam = InstructionMessage | UserMessage | ToolMessage | AssistantMessage;

export type FunctionTool = {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: JsonObject;
    readonly strict?: boolean;
  };
};
export type CustomTool = {
  readonly type: 'custom';
  readonly custom: { readonly name: string; readonly description?: string; readonly format?: JsonObject };
};

type Named<K extends 'function' | 'custom'> = { readonly type: K } & { readonly [N in K]: { readonly name: string } };
export type ToolReference = Named<'function'> | Named<'custom'>;
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | ToolReference
  | {
      readonly type: 'allowed_tools';
      readonly allowed_tools: { readonly mode: 'auto' | 'required'; readonly tools: readonly ToolReference[] };
    };

export type SearchOptions = {
  readonly search_context_size?: 'low' | 'medium' | 'high';
  readonly user_location?: { readonly type: 'approximate'; readonly approximate: JsonObject };
};

export type ResponseFormat =
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: {
        readonly name: string;
        readonly description?: string;
        readonly schema: JsonObject;
        readonly strict?: boolean;
      };
    };

/** A request. Tiers, efforts, verbosities and modalities are the client's words or the model's. */
export type ChatRequest = {
  readonly model: string;
  readonly messages: readonly MessageParam[];
  readonly stream?: true;
  readonly stream_options?: JsonObject;
  readonly tools?: readonly (FunctionTool | CustomTool)[];
  readonly tool_choice?: ToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly web_search_options?: SearchOptions;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presence_penalty?: number;
  readonly frequency_penalty?: number;
  readonly n?: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly response_format?: ResponseFormat;
  readonly verbosity?: string;
  readonly prompt_cache_key?: string;
  readonly user?: string;
  readonly metadata?: JsonObject;
  readonly service_tier?: string;
  readonly store?: boolean;
  readonly modalities?: readonly string[];
  readonly reasoning_effort?: string;
  readonly reasoning?: JsonObject;
  readonly thinking?: { readonly type: 'enabled' | 'disabled'; readonly effort?: string };
};
