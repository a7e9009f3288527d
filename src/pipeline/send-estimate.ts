import type { TokenCounter } from '../dialects/codec.ts';
import { toProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';
import { sendError } from './error-reply.ts';
import type { Job } from './job.ts';
import { replyHeaders } from './reply-head.ts';

/** Says that a count is llmproxy's own estimate and not the provider's. */
const ESTIMATE_HEADER = 'x-llmproxy-estimate';
/** How many tokens of an estimate stand for images, audio and files, at a flat rate each. */
const ESTIMATED_MEDIA_HEADER = 'x-llmproxy-estimate-media';

/** Answers a token count without an upstream. Never rejects. */
export async function sendEstimate(job: Job, target: Target, counter: TokenCounter): Promise<void> {
  const { exchange } = job;
  try {
    const request = job.request();
    const { estimateTokens } = await import('./estimate-tokens.ts');
    const { tokens, media } = await estimateTokens(request, target.model);
    if (exchange.reply.closed) return;
    const body = JSON.stringify(counter.encodeCount(tokens));
    const headers = replyHeaders(job, 'application/json', false, {}, []);
    headers['content-length'] = String(Buffer.byteLength(body));
    headers[ESTIMATE_HEADER] = 'tokenizer';
    if (media > 0) headers[ESTIMATED_MEDIA_HEADER] = String(media);
    exchange.reply.head(200, headers);
    exchange.reply.end(body);
    job.finish(200, undefined, undefined);
  } catch (thrown) {
    const error = toProxyError(thrown);
    sendError(exchange, error);
    job.finish(error.status, error, undefined);
  }
}
