import type { ProxyError, UpstreamErrorInfo } from '../errors.ts';
import type { SseFrame } from '../framing/sse.ts';
import type {
  DialectId,
  Encoded,
  GenerationEvent,
  GenerationRequest,
  GenerationResponse,
  JsonObject,
  JsonValue,
  ReasoningConfig,
  TranslationWarning,
  Usage,
  Warn,
} from '../ir/index.ts';
import type { ScannedObject } from '../json-splice.ts';

/** What the URL and headers say about a request beyond its body. */
export interface DecodeRequestContext {
  /** The model from the URL path (Gemini); the body's own otherwise. */
  readonly model?: string;
  /** Streaming as the URL says (Gemini); the body's own `stream` otherwise. */
  readonly stream?: boolean;
}

/** What the encoder must know of the model and endpoint it writes for. */
export interface EncodeTarget {
  /** The model id as the upstream knows it. */
  readonly model: string;
  readonly stream: boolean;
  /** The most the model can generate; used where the dialect demands a limit and the client gave none. */
  readonly maxOutputTokens?: number;
  /** How the model takes reasoning settings; absent: unknown, send what the dialect can say. */
  readonly reasoning?: {
    readonly levels?: readonly string[];
    readonly minBudget?: number;
    readonly maxBudget?: number;
    readonly zeroAllowed?: boolean;
    readonly dynamicAllowed?: boolean;
  };
  /** Claude: set cache breakpoints when the request has none, because the client's dialect knows none. */
  readonly cacheBreakpoints?: boolean;
  /** Claude: the model takes thinking without a signature; absent: it refuses what it did not sign. */
  readonly unsignedReasoning?: boolean;
  /** Dialect-level deviations of the endpoint. */
  readonly quirks: EncodeQuirks;
}

/** Declared deviations of an endpoint from its dialect that change how a request must be written. */
export interface EncodeQuirks {
  /** Chat: send `max_tokens` (most compatible servers) or `max_completion_tokens` (OpenAI itself). */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Chat: the server does not know role `developer`; `system` is sent instead. */
  readonly noDeveloperRole?: boolean;
  /** Chat: the field of earlier assistant messages that takes reasoning text back; `none`: the server rejects it. Default `reasoning_content`. */
  readonly reasoningField?: 'reasoning_content' | 'reasoning' | 'none';
  /** Chat: the server knows function tools only; a custom tool is sent as a function with one string `input`. */
  readonly noCustomTools?: boolean;
  /** Chat: the server searches when `web_search_options` is there; by default only models named for it do. */
  readonly webSearchOptions?: boolean;
  /** Chat: the server rejects or ignores `stream_options`. */
  readonly noStreamOptions?: boolean;
  /** Chat: reasoning is set by `thinking: { type, effort }` instead of `reasoning_effort`. */
  readonly thinkingObject?: boolean;
  /** Chat: the server knows OpenRouter's `reasoning` object, which also says how many tokens and whether it is shown. */
  readonly reasoningObject?: boolean;
  /** Responses: the hosted tools that the server knows beside functions; custom tools and namespaces become functions. */
  readonly plainTools?: readonly string[];
  /** Top-level body fields that the server answers with an error; left out, with a warning. */
  readonly rejects?: readonly string[];
  /** Responses: fields that the server takes with these values only; left out otherwise, with a warning. */
  readonly onlyValues?: Readonly<Record<string, readonly JsonValue[]>>;
  /** Responses: the server keeps nothing, checks the ids of items, and takes `input` as a list in current forms only. */
  readonly strictInput?: boolean;
}

/** What a reply encoder must know of the request it answers. */
export interface ReplyContext {
  /** The model name the client asked for; written into every answer. */
  readonly model: string;
  readonly request: GenerationRequest;
  /** Unix seconds at the moment of reading, for dialects that demand times. */
  readonly nowS: number;
  /** A fresh id with the given prefix, e.g. `newId('resp_')`; used only where the upstream gave none. */
  newId(prefix: string): string;
  /** The first and last few KB of a stream that was passed on so far; only to end it with an error. */
  readonly passedOn?: { readonly head: string; readonly tail: string };
  /** Gemini streams: SSE with `alt=sse`, else one JSON array. Other dialects: always sse. */
  readonly framing: 'sse' | 'json-array';
}

/** Upstream stream bytes (already framed) -> events. `end()` throws `upstream_stream_truncated` when it came too early. */
export interface StreamDecoder {
  /** Throws ProxyError for an in-stream error event or unreadable data. */
  push(frame: SseFrame): readonly GenerationEvent[];
  end(): readonly GenerationEvent[];
}

/** Events -> the text to write to the client ('' when an event has no wire form here). */
export interface StreamEncoder {
  push(event: GenerationEvent): string;
  /** The stream broke off: the dialect's own in-stream error, and no terminal event. */
  fail(error: ProxyError): string;
  /** What the events so far held that has no form here; complete after `response-end`. Absent: nothing is ever lost. */
  warnings?(): readonly TranslationWarning[];
}

/** Token counting in a dialect whose API has an endpoint for it. */
export interface TokenCounter {
  /** A count request's body as one that `decodeRequest` takes. */
  toGenerationBody(body: JsonObject): JsonObject;
  /** What `encodeRequest` wrote, as the body of a count request for that model. `flat`: see `countTokensFlat`. */
  toCountBody(body: JsonObject, model: string, flat: boolean): JsonObject;
  /** Undefined when the answer holds no count. */
  decodeCount(answer: JsonObject): number | undefined;
  encodeCount(tokens: number): JsonObject;
}

/** The reasoning settings of a body, read and written without the rest of it. */
export interface ReasoningSettings {
  /** Dialects of one family set reasoning in the same terms: what a model lacks is refused, not moved. */
  readonly family: string;
  /** Any model can be told not to reason. Absent: only those whose catalogue entry says so. */
  readonly canAlwaysStop?: boolean;
  /** Top-level members of a body that set reasoning: without any of them it says nothing. */
  readonly members: readonly string[];
  /** Further ones that `read` and `mustWrite` look at. */
  readonly alongside?: readonly string[];
  /** What these members say; throws ProxyError for what cannot be read. Undefined: nothing. */
  read(members: JsonObject): ReasoningConfig | undefined;
  /** Whether the members need writing even if the settings stay: the API would refuse them. Absent: never. */
  mustWrite?(members: JsonObject): boolean;
  /** The top-level members of this body to change so that it says this instead; undefined: to leave out. */
  write(
    body: JsonObject,
    reasoning: ReasoningConfig | undefined,
    target: EncodeTarget,
    warn: Warn,
  ): Readonly<Record<string, JsonValue | undefined>>;
}

/** The half that faces clients. */
export interface ClientCodec {
  readonly id: DialectId;
  /** Throws ProxyError `invalid_request` with the JSON path of what is wrong. Unknown fields go to extensions. */
  decodeRequest(body: JsonObject, context: DecodeRequestContext): GenerationRequest;
  encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject>;
  createStreamEncoder(context: ReplyContext): StreamEncoder;
  /** The error body of this dialect; status and Retry-After are the caller's. */
  encodeError(error: ProxyError): JsonObject;
  /** What an error event of this dialect's streams says; absent: the dialect has no transport but HTTP. */
  readInStreamError?(event: JsonObject): ProxyError;
  /** What keeps a running stream open in this dialect; absent: an SSE comment. */
  readonly keepAlive?: string;
  /** Its clients act on some errors of a request only when a stream reports them: those of the upstream stay there. */
  readonly failsInStream?: boolean;
  /** Its clients read the `event:` line of a frame, not the `type` in its data. Absent: they do not. */
  readonly readsEventNames?: boolean;
  /** A path of the hub's request (`sampling.topK`) as this dialect's body spells it; others are returned as they are. */
  clientPath(path: string): string;
  /** Members of a request that say how many tokens may come out: their names, inside another one with a dot. */
  readonly outputLimits?: readonly string[];
  /** Absent: the dialect has no such settings. */
  readonly reasoning?: ReasoningSettings;
  readonly tokenCounter?: TokenCounter;
  /** Its requests may name, store and sum up earlier answers, as those of the Responses API. */
  readonly hasState?: boolean;
  /** Top-level members of a request that mean something only to the account that answered before. Absent: none. */
  readonly accountMembers?: readonly string[];
  /** Top-level members of a request that may demand a schema of the answer. Absent: none that a model could lack. */
  readonly schemaMembers?: readonly string[];
  /** Texts of a body that mean reasoning without a signature, where the dialect's servers refuse that. Absent: none. */
  readonly unsignedReasoning?: readonly string[];
  /** Texts of a body that a server of this dialect with the quirk `plainTools` may refuse. Absent: none. */
  readonly unplainTools?: readonly string[];
  /** Whether a body may hold what the quirk `strictInput` changes. */
  needsStrictInput?(body: ScannedObject): boolean;
}

/** What the bytes of a passed-through stream say at its end. */
export interface StreamTail {
  /** The dialect's terminal event was seen: the stream was not cut short. */
  readonly complete: boolean;
  readonly usage?: Usage;
  /** What a careless server left out at the end, and clients wait for. */
  readonly missing?: string;
}

/** The half that faces upstreams. */
export interface UpstreamCodec {
  readonly id: DialectId;
  /** How its streams are cut into events; absent: as server-sent events. */
  readonly framing?: 'aws-event-stream';
  encodeRequest(request: GenerationRequest, target: EncodeTarget): Encoded<JsonObject>;
  /** Does the longest part of `encodeRequest`, the schemas, in parts: for large requests, just before it. */
  encodeAhead(request: GenerationRequest): Generator<undefined, void>;
  /** Throws ProxyError `upstream_invalid_response`. */
  decodeResponse(body: JsonObject): GenerationResponse;
  createStreamDecoder(): StreamDecoder;
  /** Found in the events of a stream once they hold something of the answer, and not only announce it. */
  readonly answerBegins: RegExp;
  /** The upstream's error in its own words; `body` is parsed JSON, or text when it was none. Never throws. */
  decodeError(status: number, body: JsonValue | undefined): UpstreamErrorInfo;
  /** Reads a passed-through stream's first and last few KB (text; they may overlap or start amid an event). Never throws. */
  readStreamTail(head: string, tail: string): StreamTail;
  /** Usage out of a whole JSON answer's text or its last KB. Never throws. */
  readResponseUsage(text: string): Usage | undefined;
  /** Models without structured output are made to call a tool with the schema instead. Absent: they are not. */
  readonly outputTools?: boolean;
  /** Tool names that `encodeRequest` must change for this dialect: wire name -> the client's. Absent: none ever. */
  toolNames?(request: GenerationRequest): ReadonlyMap<string, string>;
  readonly reasoning?: ReasoningSettings;
  readonly tokenCounter?: TokenCounter;
  /** JSON members in which requests and answers of this dialect carry signatures. */
  readonly signatureMembers: readonly string[];
  /** How upstreams say that they cannot verify a signature: their message, or their code. */
  readonly signatureRefusals: readonly RegExp[];
  /** Upstreams sign text and calls too, not only reasoning. Absent: no. */
  readonly signsText?: boolean;
}

/** A wire dialect that clients speak as well: both halves. Pure: no network, files, timers, clock or randomness. */
export interface Codec extends ClientCodec, UpstreamCodec {}
