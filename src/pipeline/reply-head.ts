import type { TranslationWarning } from '../ir/index.ts';
import type { UpstreamHeaders } from './answer-writer.ts';
import type { Job } from './job.ts';
import {
  copyUpstreamHeaders,
  DROPPED_HEADER,
  formatDropped,
  MODEL_HEADER,
  REQUEST_ID_HEADER,
} from './reply-headers.ts';

/** Headers of a reply whose body comes from the upstream as it is. */
export function passThroughHeaders(
  job: Job,
  upstream: UpstreamHeaders,
  warnings: readonly TranslationWarning[],
  stream: boolean,
): Record<string, string> {
  const type = upstream['content-type'];
  const contentType = typeof type === 'string' ? type : stream ? 'text/event-stream' : 'application/json';
  return replyHeaders(job, contentType, stream, upstream, warnings);
}

/** Headers of a reply whose body llmproxy writes. */
export function replyHeaders(
  job: Job,
  contentType: string,
  stream: boolean,
  upstream: UpstreamHeaders,
  warnings: readonly TranslationWarning[],
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': contentType,
    [REQUEST_ID_HEADER]: job.exchange.requestId,
  };
  if (stream) headers['cache-control'] = 'no-cache';
  const { target } = job;
  if (job.fellBack && target !== undefined) {
    headers[MODEL_HEADER] = encodeURI(`${target.provider.id}/${target.model}`.toWellFormed());
  }
  if (warnings.length > 0) headers[DROPPED_HEADER] = formatDropped(warnings);
  if (job.options.settings.passthroughHeaders) copyUpstreamHeaders(upstream, headers);
  return headers;
}
