/** The lists of documented request fields hold every member of the SDKs' request types. */
import type Anthropic from '@anthropic-ai/sdk';
import type * as genai from '@google/genai';
import type OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { chatFields } from '../conformance/fields/chat.ts';
import { geminiFields } from '../conformance/fields/gemini.ts';
import { messagesFields } from '../conformance/fields/messages.ts';
import type { FieldCase } from '../conformance/fields/model.ts';
import { responsesFields } from '../conformance/fields/responses.ts';
import type { MembersOf } from './compare.ts';

/** `listed`, or why not. */
type Members<T> = Readonly<Record<MembersOf<T> & string, string>>;

const everyCase = 'every case of the matrix sets it';
const listed = 'listed';

const chat: Members<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming> = {
  messages: listed,
  model: everyCase,
  audio: listed,
  frequency_penalty: listed,
  function_call: listed,
  functions: listed,
  logit_bias: listed,
  logprobs: listed,
  max_completion_tokens: listed,
  max_tokens: listed,
  metadata: listed,
  modalities: listed,
  moderation: listed,
  n: listed,
  parallel_tool_calls: listed,
  prediction: listed,
  presence_penalty: listed,
  prompt_cache_key: listed,
  prompt_cache_options: listed,
  prompt_cache_retention: listed,
  reasoning_effort: listed,
  response_format: listed,
  safety_identifier: listed,
  seed: listed,
  service_tier: listed,
  stop: listed,
  store: listed,
  stream: everyCase,
  stream_options: listed,
  temperature: listed,
  tool_choice: listed,
  tools: listed,
  top_logprobs: listed,
  top_p: listed,
  user: listed,
  verbosity: listed,
  web_search_options: listed,
};

const messages: Members<Anthropic.MessageCreateParamsNonStreaming> = {
  max_tokens: listed,
  messages: listed,
  model: everyCase,
  cache_control: listed,
  container: listed,
  diagnostics: listed,
  inference_geo: listed,
  metadata: listed,
  output_config: listed,
  service_tier: listed,
  speed: listed,
  stop_sequences: listed,
  stream: everyCase,
  system: listed,
  thinking: listed,
  tool_choice: listed,
  tools: listed,
  user_profile_id: listed,
  workspace_id: listed,
};

const responses: Members<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {
  access_programs: listed,
  background: listed,
  context_management: listed,
  conversation: listed,
  image: listed,
  include: listed,
  input: listed,
  instructions: listed,
  max_output_tokens: listed,
  max_tool_calls: listed,
  metadata: listed,
  model: everyCase,
  moderation: listed,
  parallel_tool_calls: listed,
  previous_response_id: listed,
  prompt: listed,
  prompt_cache_key: listed,
  prompt_cache_options: listed,
  prompt_cache_retention: listed,
  reasoning: listed,
  safety_identifier: listed,
  service_tier: listed,
  store: listed,
  stream: everyCase,
  stream_options: listed,
  temperature: listed,
  text: listed,
  tool_choice: listed,
  tools: listed,
  top_logprobs: listed,
  top_p: listed,
  truncation: listed,
  user: listed,
};

const gemini: Members<genai.GenerationConfig> = {
  modelSelectionConfig: listed,
  responseJsonSchema: listed,
  audioTranscriptionConfig: listed,
  audioTimestamp: listed,
  candidateCount: listed,
  enableAffectiveDialog: listed,
  frequencyPenalty: listed,
  logprobs: listed,
  maxOutputTokens: listed,
  mediaResolution: listed,
  presencePenalty: listed,
  responseFormat: listed,
  responseLogprobs: listed,
  responseMimeType: listed,
  responseModalities: listed,
  responseSchema: listed,
  routingConfig: listed,
  seed: listed,
  speechConfig: listed,
  stopSequences: listed,
  temperature: listed,
  thinkingConfig: listed,
  topK: listed,
  topP: listed,
  enableEnhancedCivicAnswers: listed,
  translationConfig: listed,
};

const lists: readonly (readonly [string, Members<object>, readonly FieldCase[], string])[] = [
  ['chat', chat, chatFields, ''],
  ['messages', messages, messagesFields, ''],
  ['responses', responses, responsesFields, ''],
  ['gemini', gemini, geminiFields, 'generationConfig.'],
];

describe.each(lists)('%s', (_, members, fields, prefix) => {
  test.each(Object.entries(members))('%s: %s', (member, fate) => {
    const path = `${prefix}${member}`;
    const found = fields.some(
      (field) => field.path === path || field.path.startsWith(`${path}.`) || field.path.startsWith(`${path}[`),
    );
    expect(found).toBe(fate === listed);
  });
});
