/** OpenAI Chat Completions, both halves. https://platform.openai.com/docs/api-reference/chat */
import { withWireToolNames } from '../../ir/tool-name-map.ts';
import type { Codec } from '../codec.ts';
import { clientPath } from './client-path.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeAhead } from './encode-ahead.ts';
import { reasoningSettings } from './encode-reasoning-config.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, signatureRefusals } from './errors.ts';
import { answerBegins, readResponseUsage, readStreamTail } from './stream-tail.ts';
import { toolNames } from './tool-names.ts';
import { dialectId } from './wire.ts';

/** The codec of OpenAI Chat Completions and the many servers that copy it. */
export const openaiChat: Codec = {
  id: dialectId,
  signatureMembers: ['signature', 'data', 'thought_signature'],
  signatureRefusals,
  decodeRequest,
  encodeRequest: (request, target) => encodeRequest(withWireToolNames(request, toolNames(request)), target),
  encodeAhead,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  answerBegins,
  decodeError,
  encodeError,
  clientPath,
  outputLimits: ['max_completion_tokens', 'max_tokens'],
  readStreamTail,
  readResponseUsage,
  toolNames,
  reasoning: reasoningSettings,
};
