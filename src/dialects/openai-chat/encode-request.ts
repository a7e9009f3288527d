/** IR -> Chat Completions request. https://platform.openai.com/docs/api-reference/chat/create */

import {
  collectWarnings,
  type Encoded,
  foreignExtensionWarnings,
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type OutputFormat,
  type Warn,
} from '../../ir/index.ts';
import { withoutRejected } from '../../ir/rejected-fields.ts';
import { repairToolTurns } from '../../ir/tool-turns.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeReasoningFields } from './encode-reasoning-config.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { encodeWebSearch, hasWebSearch } from './web-search.ts';
import { defined, dialectId, omit } from './wire.ts';

/** Extension fields whose meaning the encoder states itself, in today's words. */
const replaced: ReadonlySet<string> = new Set(['stream_options', 'functions', 'function_call']);
/** And where reasoning is set by an object of its own. */
const replacedByThinking: ReadonlySet<string> = new Set([...replaced, 'reasoning_effort', 'reasoning']);
/** See {@link UpstreamCodec.encodeRequest}. */
export function encodeRequest(request: GenerationRequest, target: EncodeTarget): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const own = request.extensions[dialectId] ?? {};
  const body: JsonObject = {
    ...omit(own, target.quirks.thinkingObject === true ? replacedByThinking : replaced),
    model: target.model,
    messages: encodeMessages(repairToolTurns(request.messages, warn), target.quirks, warn),
    ...defined({
      ...encodeStream(own, target),
      ...encodeToolFields(request, target, warn),
      web_search_options: encodeWebSearch(request.tools, target, warn),
      ...encodeSampling(request, target),
      ...encodeOutput(request.output, warn),
      ...encodeHints(request, own),
      ...encodeReasoningFields(own, request.reasoning, target, warn),
    }),
  };
  warnings.push(...foreignExtensionWarnings(request, dialectId));
  return { value: withoutRejected(body, target.quirks.rejects, warn), warnings };
}

function encodeStream(own: JsonObject, target: EncodeTarget): JsonObject {
  if (!target.stream) return {};
  if (target.quirks.noStreamOptions === true) return { stream: true };
  const options = own['stream_options'];
  return { stream: true, stream_options: { ...(isJsonObject(options) && options), include_usage: true } };
}

function encodeToolFields(request: GenerationRequest, target: EncodeTarget, warn: Warn): JsonObject {
  const tools = encodeTools(request.tools, target.quirks, hasWebSearch(target), warn);
  const { toolChoice } = request;
  if (tools.length === 0) {
    const lost = toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none';
    if (lost) warn('toolChoice', 'Chat Completions takes it only together with tools');
    return {};
  }
  return {
    tools,
    tool_choice: toolChoice && encodeToolChoice(toolChoice, request.tools, target.quirks, warn),
    parallel_tool_calls: request.parallelToolCalls,
  };
}

function encodeSampling(request: GenerationRequest, target: EncodeTarget): JsonObject {
  const { sampling } = request;
  return {
    [target.quirks.maxTokensField ?? 'max_tokens']: sampling.maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    stop: sampling.stop,
    seed: sampling.seed,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    n: sampling.candidateCount,
    logprobs: sampling.logprobs,
    top_logprobs: sampling.topLogprobs,
  };
}

function encodeOutput(output: OutputFormat | undefined, warn: Warn): JsonObject {
  switch (output?.type) {
    case undefined:
    // The default; some servers do not know the field.
    case 'text':
      return {};
    case 'json-object':
      return { response_format: { type: 'json_object' } };
    case 'json-schema': {
      const { name = 'response', description, strict } = output;
      const place = { path: 'output.schema', warn, enforced: true };
      const schema = strict === true ? compileWarned(output.schema, 'openai-strict', place) : output.schema;
      return { response_format: { type: 'json_schema', json_schema: defined({ name, description, schema, strict }) } };
    }
  }
}

function encodeHints(request: GenerationRequest, own: JsonObject): JsonObject {
  const { modalities, user } = request;
  const textOnly = modalities?.every((modality) => modality === 'text') ?? true;
  return {
    verbosity: request.verbosity,
    prompt_cache_key: request.promptCacheKey,
    user: own['safety_identifier'] === user ? undefined : user,
    metadata: request.metadata,
    service_tier: request.serviceTier === 'standard_only' ? 'default' : request.serviceTier,
    // False is the default, and servers other than OpenAI's often reject the field.
    store: request.store === true ? true : undefined,
    modalities: textOnly ? undefined : modalities,
  };
}
