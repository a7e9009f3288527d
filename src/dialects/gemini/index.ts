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
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError } from './errors.ts';
import { readResponseUsage, readStreamTail } from './stream-tail.ts';
import { geminiToolNames } from './tool-names.ts';
import { DIALECT } from './wire.ts';

export { encodeCountTokensRequest, encodeCountTokensResponse } from './count-tokens.ts';

/** Google's Gemini generateContent. https://ai.google.dev/api/generate-content */
export const gemini: Codec = {
  id: DIALECT,
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  encodeError,
  clientPath,
  decodeError,
  readStreamTail,
  readResponseUsage,
  toolNames: geminiToolNames,
  tokenCounter: {
    toGenerationBody: decodeCountTokensRequest,
    toCountBody: encodeCountTokensRequest,
    decodeCount: decodeCountTokensResponse,
    encodeCount: encodeCountTokensResponse,
  },
};
