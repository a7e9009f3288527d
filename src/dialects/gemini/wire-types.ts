/** Gemini's generateContent as we write it, to clients and to upstreams. https://ai.google.dev/api/generate-content */
import type { JsonObject } from '../../ir/index.ts';

/** Why a candidate ended. */
export type FinishReason =
  | 'FINISH_REASON_UNSPECIFIED'
  | 'STOP'
  | 'MAX_TOKENS'
  | 'SAFETY'
  | 'RECITATION'
  | 'LANGUAGE'
  | 'OTHER'
  | 'BLOCKLIST'
  | 'PROHIBITED_CONTENT'
  | 'SPII'
  | 'MALFORMED_FUNCTION_CALL'
  | 'IMAGE_SAFETY'
  | 'UNEXPECTED_TOOL_CALL'
  | 'TOO_MANY_TOOL_CALLS'
  | 'IMAGE_PROHIBITED_CONTENT'
  | 'NO_IMAGE'
  | 'IMAGE_RECITATION'
  | 'IMAGE_OTHER'
  | 'CONTINUATION'
  | 'MALFORMED_RESPONSE';
/** Of Vertex and of later models, not in the SDK. */
export type ForeignFinishReason = 'MODEL_ARMOR' | 'MISSING_THOUGHT_SIGNATURE';

type Signed = { readonly thoughtSignature?: string };
export type TextPart = Signed & { readonly text: string; readonly thought?: true };
export type InlineData = { readonly inlineData: { readonly mimeType: string; readonly data: string } };
export type FileData = { readonly fileData: { readonly mimeType: string; readonly fileUri: string } };
export type CallPart = Signed & {
  readonly functionCall: { readonly id?: string; readonly name: string; readonly args: JsonObject };
};
export type CodePart = {
  readonly executableCode: { readonly language: 'PYTHON' | 'LANGUAGE_UNSPECIFIED'; readonly code: string };
};
export type CodeResultPart = {
  readonly codeExecutionResult: { readonly outcome: 'OUTCOME_OK' | 'OUTCOME_FAILED'; readonly output: string };
};
export type MediaPart = Signed & (InlineData | FileData);

/** A part of an answer; others are Gemini's own, as they came. */
export type AnswerPart = TextPart | MediaPart | CallPart | CodePart | CodeResultPart;

/** A result of the client's tool. */
export type ResultPart = {
  readonly functionResponse: {
    readonly id?: string;
    readonly name: string;
    readonly response: JsonObject;
    readonly parts?: readonly (InlineData | FileData)[];
  };
};

/** What a search can find. */
export type ChunkKind = 'web' | 'retrievedContext' | 'maps' | 'image';
/** A page that was found. */
export type Page = { readonly web: { readonly uri: string; readonly title: string } };
/** A stretch of text and the pages that say so. */
export type Support = {
  readonly segment: { readonly startIndex?: number; readonly endIndex: number; readonly text?: string };
  readonly groundingChunkIndices: readonly number[];
};
/** What a candidate's searches and fetches found. */
export type Grounding = {
  readonly groundingMetadata?: {
    readonly webSearchQueries?: readonly string[];
    readonly groundingChunks?: readonly Page[];
    readonly groundingSupports?: readonly Support[];
  };
  readonly urlContextMetadata?: {
    readonly urlMetadata: readonly {
      readonly retrievedUrl: string;
      readonly urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS';
    }[];
  };
};

type Token = { readonly token: string; readonly logProbability: number };
export type LogprobsResult = {
  readonly chosenCandidates: readonly Token[];
  readonly topCandidates: readonly { readonly candidates: readonly Token[] }[];
};

export type Candidate = Grounding & {
  readonly content: { readonly parts: readonly AnswerPart[]; readonly role: 'model' };
  readonly finishReason?: FinishReason;
  readonly index: number;
  readonly logprobsResult?: LogprobsResult;
};

export type Usage = {
  readonly promptTokenCount: number;
  readonly candidatesTokenCount: number;
  readonly totalTokenCount: number;
  readonly cachedContentTokenCount?: number;
  readonly thoughtsTokenCount?: number;
};

/** What whole answers and chunks say of the answer. */
export type AnswerHead = { readonly modelVersion: string; readonly responseId: string; readonly createTime?: string };

/** A whole answer, or one chunk of it. */
export type Answer = AnswerHead & { readonly candidates: readonly Candidate[]; readonly usageMetadata?: Usage };

export type ErrorBody = {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly JsonObject[];
  };
};

/** The answer of `countTokens`. */
export type TokenCount = { readonly totalTokens: number };

export type FunctionDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly parametersJsonSchema?: JsonObject;
};
export type Tool =
  | { readonly functionDeclarations: readonly FunctionDeclaration[] }
  | { readonly googleSearch: Record<string, never> }
  | { readonly codeExecution: Record<string, never> }
  | { readonly urlContext: Record<string, never> };
export type CallingConfig = {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
  readonly allowedFunctionNames?: readonly string[];
};

/** How the model thinks; the level is one of its catalogue entry's words, which the API takes in any case. */
export type ThinkingConfig = {
  readonly thinkingLevel?: string;
  readonly thinkingBudget?: number;
  readonly includeThoughts?: boolean;
};
export type GenerationConfig = {
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly candidateCount?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly responseLogprobs?: boolean;
  readonly logprobs?: number;
  readonly responseMimeType?: 'text/plain' | 'application/json';
  readonly responseSchema?: JsonObject;
  readonly responseJsonSchema?: JsonObject;
  readonly responseModalities?: readonly string[];
  readonly thinkingConfig?: ThinkingConfig;
};

export type Content = {
  readonly role: 'user' | 'model';
  readonly parts: readonly (AnswerPart | ResultPart)[];
};
/** A request; model and streaming are the URL's. */
export type Request = {
  readonly systemInstruction?: { readonly parts: readonly TextPart[] };
  readonly contents: readonly Content[];
  readonly tools?: readonly Tool[];
  readonly toolConfig?: { readonly functionCallingConfig: CallingConfig };
  readonly generationConfig?: GenerationConfig;
  readonly serviceTier?: 'flex' | 'priority' | 'standard';
};
