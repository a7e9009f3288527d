/** OpenAI's legacy completions, for clients only. https://platform.openai.com/docs/api-reference/completions */
import type { ClientCodec } from '../codec.ts';
import { clientPath } from './client-path.ts';
import { decodeRequest, dialectId } from './decode-request.ts';
import { encodeError } from './encode-error.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';

/** The client half of legacy completions: a prompt in, text out; no upstream is asked in this dialect. */
export const openaiCompletions: ClientCodec = {
  id: dialectId,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  clientPath,
  outputLimits: ['max_tokens'],
};
