/** Our Gemini types against `@google/genai`: checked by the compiler, which names what is missing. */
import type * as genai from '@google/genai';
import { expect, expectTypeOf, test } from 'vitest';
import type * as wire from '../../src/dialects/gemini/wire-types.ts';
import {
  type AssertAssignable,
  type MembersOf,
  type Missing,
  type Wire,
  type Words,
  withoutReason,
} from './compare.ts';

/** The SDK's classes as JSON: enums as words, no methods. */
type Json<T> = T extends string | number | boolean | null | undefined
  ? `${T & string}` extends never
    ? T
    : T extends string
      ? string extends T
        ? string
        : `${T}`
      : T
  : T extends (infer V)[]
    ? Json<V>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

/** What the SDK makes itself out of an answer. */
type Made =
  | 'text'
  | 'data'
  | 'functionCalls'
  | 'executableCode'
  | 'codeExecutionResult'
  | 'sdkHttpResponse'
  | 'automaticFunctionCallingHistory'
  | 'initialPromptTokenCount';
type SdkAnswer = Omit<genai.GenerateContentResponse, Made>;
type SdkCandidate = Json<genai.Candidate>;
type SdkPart = Json<genai.Part>;
type Sdk = Json<genai.GenerationConfig>;
type OurConfig = Omit<wire.GenerationConfig, 'responseModalities' | 'thinkingConfig'>;

/** What we write can be read as the SDK's types. */
type Checks = [
  AssertAssignable<Wire<Omit<wire.Answer, 'candidates'>>, Json<SdkAnswer>>,
  AssertAssignable<Wire<wire.Candidate>, SdkCandidate>,
  AssertAssignable<Wire<wire.AnswerPart | wire.ResultPart>, SdkPart>,
  AssertAssignable<Wire<wire.Usage>, Json<Omit<genai.GenerateContentResponseUsageMetadata, Made>>>,
  AssertAssignable<Wire<wire.TokenCount>, Omit<genai.CountTokensResponse, 'sdkHttpResponse'>>,
  AssertAssignable<wire.FinishReason, Words<genai.FinishReason>>,
  AssertAssignable<Wire<wire.Content>, Json<genai.Content>>,
  AssertAssignable<Wire<wire.Tool>, Json<genai.Tool>>,
  AssertAssignable<Wire<wire.CallingConfig>, Json<genai.FunctionCallingConfig>>,
  AssertAssignable<Wire<OurConfig>, Sdk>,
  AssertAssignable<keyof wire.ThinkingConfig, keyof genai.ThinkingConfig>,
  AssertAssignable<NonNullable<wire.Request['serviceTier']>, Words<genai.ServiceTier>>,
];

const opaque = 'passed on whole to Gemini, and named as lost elsewhere';
const own = 'carried to Gemini as it came, and named as lost elsewhere';
const vendor = 'goes back to this dialect as it came';

/** What the SDK has and we neither write nor know by name. */
const notHandled = {
  finishReasons: {} satisfies Missing<Words<genai.FinishReason>, wire.FinishReason>,
  partMembers: {
    audioTranscription: opaque,
    toolCall: opaque,
    toolResponse: opaque,
    mediaProcessing: 'a setting of media that follows the part only where bytes pass through',
    mediaResolution: 'carried with its media to Gemini',
    partMetadata: 'labels of the client, kept only where bytes pass through',
    speechMetadata: 'of speech models, kept only where bytes pass through',
    videoMetadata: 'a part with it is passed on whole',
  } satisfies Missing<keyof SdkPart, MembersOf<wire.AnswerPart | wire.ResultPart>>,
  answerMembers: {
    modelStatus: vendor,
    promptFeedback: 'read where a prompt is refused; goes back as it came',
  } satisfies Missing<keyof SdkAnswer, keyof wire.Answer>,
  candidateMembers: {
    avgLogprobs: vendor,
    citationMetadata: 'read as sources; goes back as it came',
    continuationToken: vendor,
    finishMessage: vendor,
    safetyRatings: vendor,
    tokenCount: vendor,
  } satisfies Missing<keyof SdkCandidate, keyof wire.Candidate>,
  usageMembers: {
    cacheTokensDetails: 'details that no other dialect has',
    candidatesTokensDetails: 'details that no other dialect has',
    promptTokensDetails: 'details that no other dialect has',
    toolUsePromptTokensDetails: 'details that no other dialect has',
    trafficType: 'details that no other dialect has',
    toolUsePromptTokenCount: 'read as part of the prompt',
  } satisfies Missing<keyof Omit<genai.GenerateContentResponseUsageMetadata, Made>, keyof wire.Usage>,
  chunks: {} satisfies Missing<keyof genai.GroundingChunk, wire.ChunkKind>,
  tools: {
    computerUse: opaque,
    enterpriseWebSearch: opaque,
    exaAiSearch: opaque,
    fileSearch: opaque,
    googleMaps: opaque,
    mcpServers: opaque,
    parallelAiSearch: opaque,
    retrieval: opaque,
    googleSearchRetrieval: 'the older search: read as one, goes to Gemini as it came',
  } satisfies Missing<keyof genai.Tool, MembersOf<wire.Tool>>,
  modes: {
    MODE_UNSPECIFIED: 'says nothing',
  } satisfies Missing<Words<genai.FunctionCallingConfigMode>, wire.CallingConfig['mode']>,
  thinkingMembers: {} satisfies Missing<keyof genai.ThinkingConfig, keyof wire.ThinkingConfig>,
  configMembers: {
    audioTimestamp: own,
    audioTranscriptionConfig: own,
    enableAffectiveDialog: own,
    enableEnhancedCivicAnswers: own,
    mediaResolution: own,
    modelSelectionConfig: own,
    responseFormat: own,
    routingConfig: own,
    speechConfig: own,
    translationConfig: own,
  } satisfies Missing<keyof Sdk, keyof wire.GenerationConfig>,
  serviceTiers: {
    unspecified: 'carried to Gemini as it came',
  } satisfies Missing<Words<genai.ServiceTier>, wire.Request['serviceTier']>,
  outcomes: {
    OUTCOME_DEADLINE_EXCEEDED: 'read as a failure',
    OUTCOME_UNSPECIFIED: 'read as a failure',
  } satisfies Missing<Words<genai.Outcome>, wire.CodeResultPart['codeExecutionResult']['outcome']>,
  languages: {} satisfies Missing<Words<genai.Language>, wire.CodePart['executableCode']['language']>,
};

/** What we write beyond the SDK's types. */
const beyond = {
  answerMembers: {} satisfies Missing<keyof wire.Answer, keyof SdkAnswer>,
  candidateMembers: {} satisfies Missing<keyof wire.Candidate, keyof SdkCandidate>,
  partMembers: {} satisfies Missing<MembersOf<wire.AnswerPart | wire.ResultPart>, keyof SdkPart>,
  toolMembers: {} satisfies Missing<MembersOf<wire.Tool>, keyof genai.Tool>,
  configMembers: {} satisfies Missing<keyof wire.GenerationConfig, keyof Sdk>,
};

test('every exception has a reason', () => {
  expect(withoutReason({ ...notHandled, ...beyond })).toEqual([]);
});

test('what we write can be read as the types of the SDK', () => {
  expectTypeOf<Checks>().not.toBeAny();
});
