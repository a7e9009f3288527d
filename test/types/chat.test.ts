/** Our Chat Completions types against `openai`: checked by the compiler, which names what is missing. */
import type OpenAI from 'openai';
import { expect, expectTypeOf, test } from 'vitest';
import type * as request from '../../src/dialects/openai-chat/request-types.ts';
import type * as wire from '../../src/dialects/openai-chat/wire-types.ts';
import {
  type AssertAssignable,
  type MembersOf,
  type Missing,
  type TypesOf,
  type Wire,
  withoutReason,
} from './compare.ts';

type Sdk = OpenAI.Chat.ChatCompletion;
type SdkChunk = OpenAI.Chat.ChatCompletionChunk;
type SdkBody = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
type SdkMessage = OpenAI.Chat.ChatCompletionMessage;

/** The words that the upstream or its catalogue entry has are not ours to check. */
type Foreign = 'service_tier' | 'choices';
type ForeignBody = 'messages' | 'stream' | 'service_tier' | 'verbosity' | 'modalities' | 'reasoning_effort' | 'tools';
type OurParts = Exclude<request.ContentPart, request.VideoPart | request.AudioPart | request.ImagePart>;

/** What we write can be read as the SDK's types. */
type Checks = [
  AssertAssignable<Wire<Omit<wire.ChatCompletion, Foreign>>, Omit<Sdk, Foreign>>,
  AssertAssignable<
    Wire<Omit<wire.Choice, 'finish_reason' | 'logprobs'>>,
    Omit<Sdk['choices'][number], 'finish_reason' | 'logprobs'>
  >,
  AssertAssignable<Exclude<wire.FinishReason, 'error'>, Sdk['choices'][number]['finish_reason']>,
  AssertAssignable<keyof wire.Logprobs, keyof NonNullable<Sdk['choices'][number]['logprobs']>>,
  AssertAssignable<Wire<Omit<wire.Chunk, Foreign>>, Omit<SdkChunk, Foreign>>,
  AssertAssignable<
    Wire<Omit<wire.ChunkChoice, 'finish_reason' | 'logprobs'>>,
    Omit<SdkChunk['choices'][number], 'finish_reason' | 'logprobs'>
  >,
  AssertAssignable<wire.ErrorBody['error']['message'], OpenAI.ErrorObject['message']>,
  AssertAssignable<Wire<wire.ErrorBody['error']>, OpenAI.ErrorObject>,
  AssertAssignable<
    Wire<OurParts>,
    OpenAI.Chat.ChatCompletionContentPart | OpenAI.Chat.ChatCompletionContentPartRefusal
  >,
  AssertAssignable<Wire<request.InstructionMessage | request.ToolMessage>, OpenAI.Chat.ChatCompletionMessageParam>,
  AssertAssignable<Wire<Omit<request.AssistantMessage, 'audio'>>, OpenAI.Chat.ChatCompletionAssistantMessageParam>,
  AssertAssignable<Wire<request.FunctionTool>, OpenAI.Chat.ChatCompletionTool>,
  AssertAssignable<Wire<request.ToolChoice>, OpenAI.Chat.ChatCompletionToolChoiceOption>,
  AssertAssignable<Wire<request.ResponseFormat>, NonNullable<SdkBody['response_format']>>,
  AssertAssignable<Wire<Omit<request.ChatRequest, ForeignBody>>, Omit<SdkBody, ForeignBody>>,
];

const own = 'carried as it came, and named as lost elsewhere';
const older = 'the older form; read, and written in the new one';
const reasoning = 'how DeepSeek, OpenRouter and others show reasoning';

/** What the SDK has and we neither write nor know by name. */
const notHandled = {
  finishReasons: {} satisfies Missing<Sdk['choices'][number]['finish_reason'], wire.FinishReason>,
  roles: { function: older } satisfies Missing<
    OpenAI.Chat.ChatCompletionMessageParam['role'],
    request.MessageParam['role']
  >,
  parts: {} satisfies Missing<TypesOf<OpenAI.Chat.ChatCompletionContentPart>, request.ContentPart['type']>,
  tools: {} satisfies Missing<TypesOf<OpenAI.Chat.ChatCompletionTool>, 'function' | 'custom'>,
  calls: {} satisfies Missing<TypesOf<OpenAI.Chat.ChatCompletionMessageToolCall>, wire.ToolCall['type']>,
  toolChoices: {} satisfies Missing<TypesOf<OpenAI.Chat.ChatCompletionToolChoiceOption>, TypesOf<request.ToolChoice>>,
  formats: {} satisfies Missing<TypesOf<SdkBody['response_format']>, 'text' | request.ResponseFormat['type']>,
  answerMembers: {
    metadata: 'of stored answers, which are passed through',
    moderation: 'of the vendor only',
    system_fingerprint: 'goes back to this dialect as it came',
  } satisfies Missing<keyof Sdk, keyof wire.ChatCompletion>,
  choiceMembers: {} satisfies Missing<keyof Sdk['choices'][number], keyof wire.Choice>,
  messageMembers: {} satisfies Missing<keyof SdkMessage, keyof wire.Message>,
  chunkMembers: {
    moderation: 'of the vendor only',
    obfuscation: 'padding of the vendor only',
    system_fingerprint: 'goes back where bytes pass through',
  } satisfies Missing<keyof SdkChunk, keyof wire.Chunk>,
  deltaMembers: {} satisfies Missing<keyof SdkChunk['choices'][number]['delta'], keyof wire.Delta>,
  usageMembers: {} satisfies Missing<keyof OpenAI.CompletionUsage, keyof wire.Usage>,
  requestMembers: {
    audio: own,
    function_call: older,
    functions: older,
    logit_bias: own,
    moderation: own,
    prediction: own,
    prompt_cache_options: own,
    prompt_cache_retention: own,
    safety_identifier: own,
  } satisfies Missing<MembersOf<SdkBody>, keyof request.ChatRequest>,
};

/** What we write beyond the SDK's types. */
const beyond = {
  finishReasons: {
    error: "OpenRouter's word for a failed answer",
  } satisfies Missing<wire.FinishReason, Sdk['choices'][number]['finish_reason']>,
  parts: {
    refusal: 'of assistant messages, which have a union of their own',
    video_url: 'compatible servers take videos',
  } satisfies Missing<request.ContentPart['type'], TypesOf<OpenAI.Chat.ChatCompletionContentPart>>,
  choiceMembers: {
    stop_reason: "vLLM's word for the stop sequence",
  } satisfies Missing<keyof wire.Choice, keyof Sdk['choices'][number]>,
  messageMembers: {
    extra_content: "where Gemini's compatible endpoint puts signatures",
    images: 'how OpenRouter shows generated images',
    reasoning_content: reasoning,
    reasoning_details: reasoning,
  } satisfies Missing<keyof wire.Message, keyof SdkMessage>,
  deltaMembers: {
    annotations: 'streamed by search models, not in the type',
    extra_content: "where Gemini's compatible endpoint puts signatures",
    images: 'how OpenRouter shows generated images',
    reasoning_content: reasoning,
    reasoning_details: reasoning,
  } satisfies Missing<keyof wire.Delta, keyof SdkChunk['choices'][number]['delta']>,
  answerMembers: {} satisfies Missing<keyof wire.ChatCompletion | keyof wire.Chunk, keyof Sdk>,
  usageMembers: {} satisfies Missing<keyof wire.Usage, keyof OpenAI.CompletionUsage>,
  requestMembers: {
    reasoning: "OpenRouter's object",
    thinking: 'how GLM and others switch reasoning on and off',
    top_k: 'compatible servers take it',
  } satisfies Missing<keyof request.ChatRequest, MembersOf<SdkBody>>,
};

test('every exception has a reason', () => {
  expect(withoutReason({ ...notHandled, ...beyond })).toEqual([]);
});

test('what we write can be read as the types of the SDK', () => {
  expectTypeOf<Checks>().not.toBeAny();
});
