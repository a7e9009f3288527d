import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import { createCollector } from '../ir/collect.ts';
import type { GenerationResponse } from '../ir/index.ts';
import type { Target } from '../routing/target.ts';
import { createFrameParser, streamKind } from './upstream-frames.ts';

/** Whether a body that was asked for whole begins as a stream of events: some servers know nothing else. */
export function isEventStream(bytes: Buffer, codec?: UpstreamCodec): boolean {
  if (codec?.framing !== undefined) return streamKind(codec, bytes) === 'other';
  return /^\ufeff?\s*(?:data|event|id|retry)?:/.test(bytes.toString('utf8', 0, 64));
}

/**
 * The answer that a stream of events tells, for a client that waits for a whole one. Throws the error that the stream
 * reports, or ProxyError `upstream_stream_truncated`.
 */
export function streamAsWhole(target: Target, codec: UpstreamCodec, body: Buffer): GenerationResponse {
  const parser = createFrameParser(codec);
  const decoder = codec.createStreamDecoder();
  const collector = createCollector();
  try {
    for (const frame of [...parser.push(body), ...parser.end()]) decoder.push(frame).forEach(collector.push);
    decoder.end().forEach(collector.push);
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause;
    const message = `${target.provider.label} sent a stream that cannot be read`;
    throw new ProxyError('upstream_invalid_response', message, { cause });
  }
  return collector.response();
}
