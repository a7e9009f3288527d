/** Legacy completions request -> IR. https://platform.openai.com/docs/api-reference/completions/create */
import { invalidRequest } from '../../errors.ts';
import type { GenerationRequest, JsonObject, Sampling } from '../../ir/index.ts';
import {
  field,
  isJsonArray,
  readArray,
  readBoolean,
  readNumber,
  readString,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import type { DecodeRequestContext } from '../codec.ts';

/** This dialect's id. */
export const dialectId = 'openai-completions';

const known: ReadonlySet<string> = new Set(
  (
    'model prompt stream stream_options stop n seed logprobs presence_penalty frequency_penalty max_tokens temperature ' +
    'top_p top_k user suffix echo best_of'
  ).split(' '),
);

/** See {@link ClientCodec.decodeRequest}. The prompt becomes one user message: chat models answer it. */
export function decodeRequest(body: JsonObject, context: DecodeRequestContext): GenerationRequest {
  refuseUnsupported(body);
  const user = readString(body, 'user', '');
  // Other fields (logit_bias, ...) mean the same to Chat Completions, which takes them over.
  const shared = unknownFields(body, known);
  const streamOptions = field(body, 'stream_options');
  return {
    model: context.model ?? requireString(body, 'model', ''),
    stream: context.stream ?? readBoolean(body, 'stream', '') ?? false,
    messages: [{ role: 'user', content: [{ type: 'text', text: decodePrompt(body) }], path: 'prompt' }],
    tools: [],
    sampling: decodeSampling(body),
    ...(user !== undefined && { user }),
    extensions: {
      ...(shared !== undefined && { 'openai-chat': shared }),
      ...(streamOptions !== undefined && { [dialectId]: { stream_options: streamOptions } }),
    },
  };
}

function decodePrompt(body: JsonObject): string {
  const prompt = field(body, 'prompt');
  if (typeof prompt === 'string') return prompt;
  if (!isJsonArray(prompt))
    throw invalidRequest('prompt', 'is required and must be a string or an array of one string');
  const [only] = prompt;
  if (prompt.length === 1 && typeof only === 'string') return only;
  const tokens = prompt.some((item) => typeof item !== 'string');
  throw invalidRequest('prompt', tokens ? 'token arrays are not supported; send text' : 'must hold exactly one prompt');
}

function refuseUnsupported(body: JsonObject): void {
  const suffix = readString(body, 'suffix', '');
  if (suffix !== undefined && suffix !== '') throw invalidRequest('suffix', 'is not supported');
  if (readBoolean(body, 'echo', '') === true) throw invalidRequest('echo', 'is not supported');
  const bestOf = readNumber(body, 'best_of', '');
  const n = readNumber(body, 'n', '') ?? 1;
  if (bestOf !== undefined && bestOf !== n) throw invalidRequest('best_of', 'is not supported unless it equals n');
}

const numbers: readonly (readonly [keyof Sampling, string])[] = [
  ['maxOutputTokens', 'max_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['seed', 'seed'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['candidateCount', 'n'],
  ['topLogprobs', 'logprobs'],
];

function decodeSampling(body: JsonObject): Sampling {
  const values: { [name: string]: number } = {};
  for (const [name, key] of numbers) {
    const value = readNumber(body, key, '');
    if (value !== undefined) values[name] = value;
  }
  const stop = decodeStop(body);
  return {
    ...values,
    ...(stop !== undefined && { stop }),
    // Here `logprobs` is the number of alternatives; its presence asks for log probabilities.
    ...('topLogprobs' in values && { logprobs: true }),
  };
}

function decodeStop(body: JsonObject): readonly string[] | undefined {
  if (typeof body['stop'] === 'string') return [body['stop']];
  return readArray(body, 'stop', '')?.map((item, index) => {
    if (typeof item === 'string') return item;
    throw invalidRequest(`stop[${index}]`, 'must be a string');
  });
}
