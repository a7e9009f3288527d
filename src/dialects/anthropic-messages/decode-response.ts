import { ProxyError, upstreamError } from '../../errors.ts';
import type { Extensions, FinishReason, GenerationResponse, JsonObject, MutableJsonObject } from '../../ir/index.ts';
import { readObject, readString, requireArray, requireObjectValue, unknownFields } from '../../ir/read.ts';
import { decodeBlock } from './decode-parts.ts';
import { decodeStreamError } from './errors.ts';
import { decodeServiceTier } from './service-tier.ts';
import { DIALECT, decodeStopReason, decodeUsage } from './wire.ts';

const KNOWN_FIELDS = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage']);
const KNOWN_USAGE = new Set([
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
  'thinking_tokens',
  'service_tier',
]);

/** A Claude message object -> generation response. */
export function decodeResponse(body: JsonObject): GenerationResponse {
  if (body['type'] === 'error') throw upstreamError(decodeStreamError(body));
  try {
    return decodeMessage(body);
  } catch (cause) {
    // The field readers blame a request; here the upstream wrote the wrong field.
    if (!(cause instanceof ProxyError)) throw cause;
    throw new ProxyError(
      'upstream_invalid_response',
      `the upstream's answer is not a Claude message: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

function decodeMessage(body: JsonObject): GenerationResponse {
  const content = requireArray(body, 'content', '').map((value, index) => {
    const path = `content[${index}]`;
    // Whatever the text is, it goes back to this upstream as it came.
    return decodeBlock(requireObjectValue(value, path), path, (text) => ({ origin: DIALECT, value: text }));
  });
  const hasCall = content.some((part) => part.type === 'tool-call');
  const stopSequence = readString(body, 'stop_sequence', '');
  const usage = readObject(body, 'usage', '') ?? {};
  const serviceTier = decodeServiceTier(readString(usage, 'service_tier', 'usage'));
  return {
    id: readString(body, 'id', '') ?? '',
    model: readString(body, 'model', '') ?? '',
    candidates: [
      {
        content,
        finishReason: withCalls(decodeStopReason(body['stop_reason']), hasCall),
        ...(stopSequence !== undefined && { stopSequence }),
      },
    ],
    usage: decodeUsage(usage),
    ...serviceTier,
    extensions: decodeExtensions(body, usage),
  };
}

/** A call that the client must run decides; one that the output limit cut off must not be run. */
export function withCalls(finishReason: FinishReason, hasCall: boolean): FinishReason {
  return hasCall && (finishReason === 'stop' || finishReason === 'other') ? 'tool-calls' : finishReason;
}

function decodeExtensions(body: JsonObject, usage: JsonObject): Extensions {
  const extra: MutableJsonObject = { ...unknownFields(body, KNOWN_FIELDS) };
  const restOfUsage = unknownFields(usage, KNOWN_USAGE);
  if (restOfUsage) extra['usage'] = restOfUsage;
  // Not told apart from `max_tokens` anywhere else.
  if (body['stop_reason'] === 'model_context_window_exceeded') extra['stop_reason'] = body['stop_reason'];
  return Object.keys(extra).length === 0 ? {} : { [DIALECT]: extra };
}
