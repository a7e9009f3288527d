import type { Codec } from '../codec.ts';
import { clientPath } from './client-path.ts';
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
import { tokenCounter } from './token-counter.ts';
import { toolNames } from './tool-names.ts';

/** Claude Messages. https://docs.anthropic.com/en/api/messages */
export const anthropicMessages: Codec = {
  id: 'anthropic-messages',
  signatureMembers: ['signature', 'data'],
  signatureRefusals,
  decodeRequest,
  encodeRequest,
  encodeAhead,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  answerBegins,
  keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n',
  readsEventNames: true,
  encodeError,
  clientPath,
  outputLimits: ['max_tokens'],
  decodeError,
  readStreamTail,
  readResponseUsage,
  toolNames,
  // A conversation stored by the server, of which the request holds the last turn only.
  accountMembers: ['thread'],
  unsignedReasoning: ['"signature":""', '"signature": ""'],
  reasoning: reasoningSettings,
  tokenCounter,
  outputTools: true,
  schemaMembers: ['output_config', 'output_format'],
};
