import { withWireToolNames } from '../../ir/tool-name-map.ts';
import type { Codec } from '../codec.ts';
import { clientPath } from './client-path.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeAhead } from './encode-ahead.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, inStreamError, signatureRefusals } from './errors.ts';
import { unplainSigns } from './plain-tools.ts';
import { reasoningSettings } from './reasoning-settings.ts';
import { toolNames } from './sendable-names.ts';
import { answerBegins, readStreamTail } from './stream-tail.ts';
import { needsStrictInput } from './strict-input.ts';
import { tokenCounter } from './token-counter.ts';
import { findUsage } from './usage.ts';
import { DIALECT } from './wire.ts';

/** The OpenAI Responses API. https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: Codec = {
  id: DIALECT,
  signatureMembers: ['encrypted_content'],
  signatureRefusals,
  decodeRequest,
  encodeRequest: (request, target) => encodeRequest(withWireToolNames(request, toolNames(request)), target),
  encodeAhead,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  answerBegins,
  readInStreamError: inStreamError,
  failsInStream: true,
  readsEventNames: true,
  decodeError,
  encodeError,
  clientPath,
  outputLimits: ['max_output_tokens'],
  readStreamTail,
  readResponseUsage: findUsage,
  toolNames,
  tokenCounter,
  hasState: true,
  unplainTools: unplainSigns,
  needsStrictInput,
  reasoning: reasoningSettings,
};
