import { ProxyError, upstreamError } from '../../errors.ts';
import type { SseFrame } from '../../framing/sse.ts';
import { emptyUsage, type GenerationEvent, isJsonObject, type JsonObject, type Usage } from '../../ir/index.ts';
import type { StreamDecoder } from '../codec.ts';
import { BlockWriter } from './block-writer.ts';
import { decodeCitations } from './citations.ts';
import { decodePart, isEmptyText } from './decode-part.ts';
import { candidateIndex, decodeHead, isBlocked, responseCallIds } from './decode-response.ts';
import { decodeError, errorStatus } from './errors.ts';
import { decodeFinishReason } from './finish-reason.ts';
import { decodeLogprobs } from './logprobs.ts';
import { metadataTools } from './server-tools.ts';
import { decodeUsage } from './usage.ts';
import { camelKeys, objectOf, objectsOf, stringOf } from './wire.ts';

/** Gemini SSE -> generation events. https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent */
export function createStreamDecoder(): StreamDecoder {
  const blocks = new BlockWriter();
  const finishReasons = new Map<number, string>();
  const citations = new Map<number, JsonObject>();
  let usage: Usage = emptyUsage;
  let callId: ((name: string) => string) | undefined;

  function decodeCandidate(candidate: JsonObject, newId: (name: string) => string): void {
    const index = candidateIndex(candidate);
    const logprobs = decodeLogprobs(candidate);
    for (const wire of objectsOf(objectOf(candidate, 'content')?.['parts'])) {
      const part = decodePart(wire, newId);
      if (part !== undefined && !isEmptyText(part)) blocks.write(index, part, logprobs);
    }
    // Earlier frames tell a part of what the last one tells.
    for (const citation of decodeCitations(candidate)) citations.set(index, { ...citations.get(index), ...citation });
    const reason = stringOf(candidate, 'finishReason');
    if (reason !== undefined && reason !== '') finishReasons.set(index, reason);
  }

  function push(frame: SseFrame): readonly GenerationEvent[] {
    if (frame.data === '' || frame.data === '[DONE]') return [];
    const body = parseFrame(frame.data);
    if (callId === undefined) {
      const head = decodeHead(body);
      callId = responseCallIds(head.id);
      blocks.emit({ type: 'response-start', ...head });
    }
    for (const candidate of objectsOf(body['candidates'])) decodeCandidate(candidate, callId);
    if (isBlocked(body) && finishReasons.size === 0) finishReasons.set(0, 'SAFETY');
    // Every frame may have one and each is the total so far: the last counts.
    const metadata = objectOf(body, 'usageMetadata');
    if (metadata !== undefined) usage = decodeUsage(metadata);
    return blocks.take();
  }

  return {
    push,
    end() {
      if (finishReasons.size === 0) {
        throw new ProxyError('upstream_stream_truncated', 'the Gemini stream ended without a finishReason');
      }
      for (const [candidate, fields] of citations) {
        const list = decodeCitations(fields);
        for (const citation of list) blocks.cite(candidate, citation);
        for (const part of list.flatMap(metadataTools)) blocks.write(candidate, part);
      }
      blocks.closeAll();
      for (const [candidate, reason] of [...finishReasons].sort(([a], [b]) => a - b)) {
        const finishReason = decodeFinishReason(reason, blocks.hasCalls(candidate));
        blocks.emit({ type: 'candidate-end', candidate, finishReason });
      }
      blocks.emit({ type: 'response-end', usage });
      return blocks.take();
    },
  };
}

function parseFrame(data: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new ProxyError('upstream_invalid_response', 'the Gemini stream holds a frame that is not JSON', { cause });
  }
  // Errors may come as the only element of an array.
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(body)) {
    throw new ProxyError('upstream_invalid_response', 'the Gemini stream holds a frame that is not an object');
  }
  if (isJsonObject(body['error'])) throw upstreamError(decodeError(errorStatus(body), body));
  return camelKeys(body);
}
