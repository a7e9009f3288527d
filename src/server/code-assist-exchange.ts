import { ProxyError } from '../errors.ts';
import { findMember, readStringMember, type ScannedObject, scanObject, spliceMembers } from '../json-splice.ts';
import type { Exchange, RequestHeaders } from '../pipeline/exchange.ts';
import type { CodeAssistCall } from './code-assist-path.ts';
import { CodeAssistReply } from './code-assist-reply.ts';

/** A request in Code Assist's envelope, as the pipeline takes it: Gemini's own, whose answer is wrapped again. */
export function codeAssistExchange(
  action: Extract<CodeAssistCall, { type: 'call' }>['action'],
  exchange: Omit<Exchange, 'operation' | 'urlModel' | 'urlStream' | 'framing'>,
): Exchange {
  const envelope = scanObject(exchange.body);
  const request = envelope === undefined ? undefined : innerOf(envelope);
  if (envelope === undefined || request === undefined) {
    throw new ProxyError('invalid_request', 'expected a JSON object with the object "request"');
  }
  const counts = action === 'countTokens';
  const streams = action === 'streamGenerateContent';
  const model = (readStringMember(envelope, 'model') ?? readStringMember(request, 'model') ?? '').replace(
    /^models\//,
    '',
  );
  if (model === '') throw new ProxyError('invalid_request', 'the request names no "model"');
  return {
    ...exchange,
    operation: counts ? 'count-tokens' : 'generate',
    headers: withSession(exchange.headers, request),
    // Not part of Gemini's requests: other providers would refuse them.
    body: spliceMembers(request, { remove: ['model', 'session_id', 'sessionId'] }),
    urlModel: model,
    urlStream: streams,
    framing: 'sse',
    // A count has no envelope.
    reply: counts ? exchange.reply : new CodeAssistReply(exchange.reply, streams),
  };
}

function innerOf(envelope: ScannedObject): ScannedObject | undefined {
  const member = findMember(envelope, 'request');
  return member === undefined ? undefined : scanObject(envelope.bytes.subarray(member.valueStart, member.valueEnd));
}

/** What names the conversation goes where every provider looks for it. */
function withSession(headers: RequestHeaders, request: ScannedObject): RequestHeaders {
  const id = readStringMember(request, 'session_id') ?? readStringMember(request, 'sessionId');
  return id === undefined || headers['session-id'] !== undefined ? headers : { ...headers, 'session-id': id };
}
