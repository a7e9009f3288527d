/** Chat Completions request -> IR. https://platform.openai.com/docs/api-reference/chat/create */

import { invalidRequest } from '../../errors.ts';
import {
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type OutputFormat,
  type ReasoningConfig,
  type Sampling,
} from '../../ir/index.ts';
import {
  readArray,
  readBoolean,
  readNumber,
  readObject,
  readString,
  requireArray,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import type { DecodeRequestContext } from '../codec.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeReasoningConfig } from './decode-reasoning-config.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { dialectId } from './wire.ts';

/** Fields the IR carries whole; all others, and those it carries in part, go to extensions. */
const known: ReadonlySet<string> = new Set(
  (
    'model messages stream tools tool_choice parallel_tool_calls verbosity stop n seed logprobs top_logprobs ' +
    'presence_penalty frequency_penalty max_tokens max_completion_tokens temperature top_p top_k prompt_cache_key ' +
    'user metadata service_tier store modalities web_search_options'
  ).split(' '),
);

/** See {@link ClientCodec.decodeRequest}. */
export function decodeRequest(body: JsonObject, context: DecodeRequestContext): GenerationRequest {
  const toolChoice = decodeToolChoice(body);
  const output = decodeOutput(body);
  const reasoning = decodeReasoningConfig(body);
  return {
    model: context.model ?? requireString(body, 'model', ''),
    stream: context.stream ?? readBoolean(body, 'stream', '') ?? false,
    messages: decodeMessages(requireArray(body, 'messages', '')),
    tools: decodeTools(body),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(output !== undefined && { output }),
    ...(reasoning !== undefined && { reasoning }),
    sampling: decodeSampling(body),
    ...decodeHints(body),
    extensions: decodeExtensions(body, output, reasoning),
  };
}

function decodeExtensions(
  body: JsonObject,
  output: OutputFormat | undefined,
  reasoning: ReasoningConfig | undefined,
): GenerationRequest['extensions'] {
  const carried = new Set(known);
  if (output !== undefined) carried.add('response_format');
  if (reasoning?.effort !== undefined && !isJsonObject(body['reasoning'])) carried.add('reasoning_effort');
  const fields = unknownFields(body, carried);
  return fields === undefined ? {} : { [dialectId]: fields };
}

function decodeHints(body: JsonObject): Partial<GenerationRequest> {
  const parallelToolCalls = readBoolean(body, 'parallel_tool_calls', '');
  const promptCacheKey = readString(body, 'prompt_cache_key', '');
  const user = readString(body, 'user', '') ?? readString(body, 'safety_identifier', '');
  const metadata = readObject(body, 'metadata', '');
  const serviceTier = readString(body, 'service_tier', '');
  const store = readBoolean(body, 'store', '');
  const verbosity = readString(body, 'verbosity', '');
  const modalities = readStrings(body, 'modalities');
  return {
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(promptCacheKey !== undefined && { promptCacheKey }),
    ...(user !== undefined && { user }),
    ...(metadata !== undefined && { metadata }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(store !== undefined && { store }),
    ...(verbosity !== undefined && { verbosity }),
    ...(modalities !== undefined && { modalities: modalities.map((modality) => modality.toLowerCase()) }),
  };
}

const numbers: readonly (readonly [keyof Sampling, string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['seed', 'seed'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['candidateCount', 'n'],
  ['topLogprobs', 'top_logprobs'],
];

function decodeSampling(body: JsonObject): Sampling {
  const values: { [name: string]: number } = {};
  for (const [name, key] of numbers) {
    const value = readNumber(body, key, '');
    if (value !== undefined) values[name] = value;
  }
  const maxOutputTokens = readNumber(body, 'max_completion_tokens', '') ?? readNumber(body, 'max_tokens', '');
  const stop = typeof body['stop'] === 'string' ? [body['stop']] : readStrings(body, 'stop');
  const logprobs = readBoolean(body, 'logprobs', '');
  return {
    ...values,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(stop !== undefined && { stop }),
    ...(logprobs !== undefined && { logprobs }),
  };
}

function readStrings(body: JsonObject, key: string): readonly string[] | undefined {
  return readArray(body, key, '')?.map((item, index) => {
    if (typeof item === 'string') return item;
    throw invalidRequest(`${key}[${index}]`, 'must be a string');
  });
}

function decodeOutput(body: JsonObject): OutputFormat | undefined {
  const format = readObject(body, 'response_format', '');
  if (format === undefined) return undefined;
  switch (readString(format, 'type', 'response_format')) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema':
      return decodeSchema(readObject(format, 'json_schema', 'response_format') ?? {}, 'response_format.json_schema');
    default:
      return undefined;
  }
}

function decodeSchema(value: JsonObject, path: string): OutputFormat {
  const name = readString(value, 'name', path);
  const description = readString(value, 'description', path);
  const strict = readBoolean(value, 'strict', path);
  return {
    type: 'json-schema',
    schema: readObject(value, 'schema', path) ?? {},
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}
