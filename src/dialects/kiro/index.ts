import { ProxyError, upstreamError } from '../../errors.ts';
import type { GenerationResponse, JsonObject, Usage } from '../../ir/index.ts';
import type { StreamTail, UpstreamCodec } from '../codec.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeAhead } from './encode-ahead.ts';
import { encodeRequest } from './encode-request.ts';
import { kiroToolNames } from './encode-tools.ts';
import { decodeError, decodeStreamError } from './errors.ts';
import { DIALECT } from './wire.ts';

/** What Kiro and Amazon Q speak; no client does. There is no public description of it. */
export const kiro: UpstreamCodec = {
  id: DIALECT,
  framing: 'aws-event-stream',
  signatureMembers: [],
  signatureRefusals: [],
  encodeRequest,
  encodeAhead,
  decodeResponse,
  createStreamDecoder,
  // Nothing is passed through: no client speaks it.
  answerBegins: /"content"|"text"|"toolUseId"/,
  decodeError,
  readStreamTail: (): StreamTail => ({ complete: false }),
  readResponseUsage: (): Usage | undefined => undefined,
  toolNames: kiroToolNames,
};

/** Answers are streams: JSON instead of one is a failure, whatever its status says. */
function decodeResponse(body: JsonObject): GenerationResponse {
  const info = decodeStreamError(body);
  if (info.type !== undefined || 'message' in body) throw upstreamError(info);
  throw new ProxyError('upstream_invalid_response', 'the upstream answered with JSON instead of a stream');
}
