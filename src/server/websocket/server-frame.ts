import type { ClientCodec } from '../../dialects/codec.ts';
import type { ProxyError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../ir/index.ts';
import { formatRetryAfter } from '../../pipeline/retry-after.ts';

/** The frame that tells of a request's failure: status, error and headers of what HTTP would have answered. */
export function errorFrame(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
  streamId: string | undefined,
): string {
  const error = isJsonObject(body['error']) ? body['error'] : { type: 'server_error', code: 'server_error', ...body };
  return JSON.stringify({
    type: 'error',
    status,
    error,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(streamId === undefined ? {} : { stream_id: streamId }),
  });
}

/** As {@link errorFrame}, of an error of our own. */
export function frameOfError(codec: ClientCodec, error: ProxyError, streamId: string | undefined): string {
  const headers: Record<string, string> =
    error.retryAfterMs === undefined ? {} : { 'retry-after': formatRetryAfter(error.retryAfterMs) };
  return errorFrame(error.status, codec.encodeError(error), headers, streamId);
}

/** An event with the lane it belongs to; without a lane the event as it is. */
export function withLane(event: string, streamId: string | undefined): string {
  if (streamId === undefined) return event;
  const end = event.lastIndexOf('}');
  if (end < 0) return event;
  const comma = /^\s*\{\s*$/.test(event.slice(0, end)) ? '' : ',';
  return `${event.slice(0, end)}${comma}"stream_id":${JSON.stringify(streamId)}}`;
}
