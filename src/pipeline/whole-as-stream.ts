import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { Usage } from '../ir/index.ts';
import { replayResponse } from '../ir/replay.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';
import { parseAnswer } from './translate-whole.ts';

/**
 * The whole answer of a server that was asked to stream, as the stream that the client waits for. Throws the error that
 * the body reports, or ProxyError `upstream_invalid_response`.
 */
export function wholeAsStream(
  job: Job,
  target: Target,
  codec: UpstreamCodec,
  chunks: readonly Buffer[],
): { readonly text: string; readonly usage: Usage | undefined } {
  const response = decodeAnswer(target, codec, chunks);
  const encoder = job.exchange.codec.createStreamEncoder(job.replyContext());
  const text = replayResponse(response)
    .map((event) => encoder.push(event))
    .join('');
  return { text, usage: response.usage };
}

function decodeAnswer(
  target: Target,
  codec: UpstreamCodec,
  chunks: readonly Buffer[],
): ReturnType<UpstreamCodec['decodeResponse']> {
  try {
    return codec.decodeResponse(parseAnswer(target, chunks));
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause;
    throw new ProxyError('upstream_invalid_response', `${target.provider.label} sent an answer that cannot be read`, {
      cause,
    });
  }
}
