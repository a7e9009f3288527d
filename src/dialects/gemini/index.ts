import type { Codec } from '../codec.ts';
import { clientPath } from './client-path.ts';
import {
  decodeCountTokensRequest,
  decodeCountTokensResponse,
  encodeCountTokensRequest,
  encodeCountTokensResponse,
} from './count-tokens.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeAhead } from './encode-ahead.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, signatureRefusals } from './errors.ts';
import { reasoningSettings } from './reasoning-settings.ts';
import { answerBegins, readResponseUsage, readStreamTail } from './stream-tail.ts';
import { geminiToolNames } from './tool-names.ts';
import { DIALECT } from './wire.ts';

/** Google's Gemini generateContent. https://ai.google.dev/api/generate-content */
export const gemini: Codec = {
  id: DIALECT,
  signatureMembers: ['thoughtSignature', 'thought_signature'],
  signatureRefusals,
  signsText: true,
  decodeRequest,
  encodeRequest,
  encodeAhead,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  answerBegins,
  encodeError,
  clientPath,
  outputLimits: [
    'generationConfig.maxOutputTokens',
    'generationConfig.max_output_tokens',
    'generation_config.max_output_tokens',
  ],
  decodeError,
  readStreamTail,
  readResponseUsage,
  toolNames: geminiToolNames,
  reasoning: reasoningSettings,
  tokenCounter: {
    toGenerationBody: decodeCountTokensRequest,
    toCountBody: encodeCountTokensRequest,
    decodeCount: decodeCountTokensResponse,
    encodeCount: encodeCountTokensResponse,
  },
};
