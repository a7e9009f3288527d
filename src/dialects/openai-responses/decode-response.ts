/** Responses response -> generation response. https://platform.openai.com/docs/api-reference/responses/object */
import { ProxyError } from '../../errors.ts';
import type { GenerationResponse, JsonObject, JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { inStreamError } from './errors.ts';
import { decodeFinishReason, decodeOutput, decodeStopSequence } from './output-parts.ts';
import { decodeUsage } from './usage.ts';
import { DIALECT, objects, optionalNumber, optionalText, text } from './wire.ts';

/** Reads a whole answer; throws the upstream's own error when its status is `failed`. */
export function decodeResponse(body: JsonObject): GenerationResponse {
  if (body['status'] === 'failed') throw inStreamError({ response: body });
  if (!isJsonArray(body['output'])) {
    throw new ProxyError('upstream_invalid_response', 'the upstream answer has no list `output`');
  }
  const content = decodeOutput(body['output']);
  const logprobs = decodeLogprobs(body['output']);
  const has = (type: string): boolean => content.some((part) => part.type === type);
  const finishReason = decodeFinishReason(body, has('tool-call'), has('refusal'));
  return {
    id: text(body['id']),
    candidates: [
      { content, finishReason, ...decodeStopSequence(body), ...(logprobs.length === 0 ? {} : { logprobs }) },
    ],
    usage: decodeUsage(body['usage']),
    ...responseFacts(body),
    extensions: decodeExtensions(body),
  };
}

/** Model, creation time and service tier of a `response` object. */
export function responseFacts(body: JsonObject): { model: string; createdAtS?: number; serviceTier?: string } {
  const createdAtS = optionalNumber(body['created_at']);
  const serviceTier = optionalText(body['service_tier']);
  return {
    model: text(body['model']),
    ...(createdAtS === undefined ? {} : { createdAtS }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
}

function decodeLogprobs(output: JsonValue | undefined): readonly JsonValue[] {
  const parts = objects(output).flatMap((item) => objects(item['content']));
  return parts.flatMap((part) => (isJsonArray(part['logprobs']) ? part['logprobs'] : []));
}

// The rest of the object repeats the request; this alone is news that the IR has no place for.
function decodeExtensions(body: JsonObject): GenerationResponse['extensions'] {
  const conversation = body['conversation'] ?? undefined;
  return conversation === undefined ? {} : { [DIALECT]: { conversation } };
}
