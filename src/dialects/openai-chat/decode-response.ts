/** Chat Completions answer -> IR. https://platform.openai.com/docs/api-reference/chat/object */
import { ProxyError } from '../../errors.ts';
import {
  type Candidate,
  emptyUsage,
  type GenerationResponse,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Part,
} from '../../ir/index.ts';
import {
  isJsonArray,
  readArray,
  readNumber,
  readObject,
  readString,
  requireArray,
  requireObjectValue,
  unknownFields,
} from '../../ir/read.ts';
import { decodeSource } from './annotations.ts';
import { decodeAnswerContent, decodeAudio, decodeImages, tokenLogprobs } from './answer-content.ts';
import { signLastText } from './decode-messages.ts';
import { bodyError } from './errors.ts';
import { decodeFinishReason, finishFacts } from './finish-reason.ts';
import { decodeReasoning } from './reasoning-details.ts';
import { decodeToolCall, readArguments } from './tool-calls.ts';
import { decodeUsage } from './usage.ts';
import { dialectId, readThoughtSignature } from './wire.ts';

const known: ReadonlySet<string> = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'service_tier']);

/** See {@link UpstreamCodec.decodeResponse}. */
export function decodeResponse(body: JsonObject): GenerationResponse {
  const failure = bodyError(body);
  if (failure !== undefined) throw failure;
  return asUpstream(() => decodeBody(body));
}

/** The field readers blame the client; here the upstream wrote the body. */
export function asUpstream<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProxyError) || error.code !== 'invalid_request') throw error;
    throw new ProxyError('upstream_invalid_response', `the upstream's answer is malformed: ${error.message}`, {
      cause: error,
    });
  }
}

function decodeBody(body: JsonObject): GenerationResponse {
  const createdAtS = readNumber(body, 'created', '');
  const serviceTier = readString(body, 'service_tier', '');
  const usage = readObject(body, 'usage', '');
  const extra = unknownFields(body, known);
  return {
    id: readString(body, 'id', '') ?? '',
    model: readString(body, 'model', '') ?? '',
    ...(createdAtS !== undefined && { createdAtS }),
    candidates: requireArray(body, 'choices', '').map((choice, index) => decodeChoice(choice, `choices[${index}]`)),
    usage: usage === undefined ? emptyUsage : decodeUsage(usage),
    ...(serviceTier !== undefined && { serviceTier }),
    extensions: extra === undefined ? {} : { [dialectId]: extra },
  };
}

function decodeChoice(value: JsonValue, path: string): Candidate {
  const choice = requireObjectValue(value, path);
  const message = requireObjectValue(choice['message'], `${path}.message`);
  const content = decodeMessage(message, `${path}.message`);
  const logprobs = tokenLogprobs(choice);
  const stopSequence = choice['stop_reason'];
  return {
    content,
    finishReason: decodeFinishReason(choice['finish_reason'], finishFacts(content)),
    ...(typeof stopSequence === 'string' && { stopSequence }),
    ...(logprobs !== undefined && { logprobs }),
  };
}

function decodeMessage(message: JsonObject, path: string): Part[] {
  const refusal = readString(message, 'refusal', path);
  const calls = readArray(message, 'tool_calls', path) ?? [];
  const content = decodeAnswerContent(message['content'], `${path}.content`);
  return [
    ...decodeReasoning(message),
    ...addAnnotations(signLastText(content, readThoughtSignature(message)), message['annotations']),
    ...decodeAudio(message['audio']),
    ...decodeImages(message['images']),
    ...(refusal === undefined || refusal === '' ? [] : [{ type: 'refusal', text: refusal } as const]),
    ...calls.map((call, index) => decodeToolCall(call, `${path}.tool_calls[${index}]`)),
    ...decodeLegacyCall(message, path),
  ];
}

function addAnnotations(content: readonly Part[], annotations: JsonValue | undefined): readonly Part[] {
  if (!isJsonArray(annotations) || annotations.length === 0) return content;
  const at = content.findIndex((part) => part.type === 'text');
  const sources = annotations.flatMap(decodeSource);
  const citations = { dialect: dialectId, items: annotations, ...(sources.length > 0 && { sources }) };
  return content.map((part, index) => (index === at && part.type === 'text' ? { ...part, citations } : part));
}

function decodeLegacyCall(message: JsonObject, path: string): Part[] {
  const call = message['function_call'];
  if (!isJsonObject(call)) return [];
  const name = readString(call, 'name', `${path}.function_call`) ?? '';
  const text = readArguments(call, 'arguments', `${path}.function_call`);
  return [{ type: 'tool-call', id: `call_legacy_${name}`, name, kind: 'function', arguments: text }];
}
