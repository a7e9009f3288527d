import { isJsonObject, type JsonObject } from '../ir/index.ts';

/** What a frame of an upstream means for the call it answers. */
export type UpstreamFrame =
  /** News about the connection or the account, before or between the events of the answer. */
  | { readonly kind: 'notice' }
  | { readonly kind: 'event' }
  /** The first or last event of an answer; both name it. */
  | { readonly kind: 'created' | 'terminal'; readonly responseId: string | undefined }
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly body: JsonObject };

/** Cheap sign of a frame worth parsing: most are deltas. */
const TELLING = /"(?:codex\.[\w.]+|response\.(?:created|completed|incomplete|failed|done)|error)"/;

/** Reads a frame as far as the transport has to. */
export function readUpstreamFrame(text: string): UpstreamFrame {
  if (!TELLING.test(text)) return { kind: 'event' };
  const frame = parse(text);
  const type = frame?.['type'];
  if (frame === undefined || typeof type !== 'string') return { kind: 'event' };
  if (type.startsWith('codex.')) return { kind: 'notice' };
  switch (type) {
    case 'response.created':
      return { kind: 'created', responseId: idOf(frame) };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.done':
      return { kind: 'terminal', responseId: idOf(frame) };
    case 'error':
      return readError(frame);
    default:
      return { kind: 'event' };
  }
}

/** The frame as a server-sent event. The socket's own word for the end of an answer becomes that of the API. */
export function toServerSentEvent(text: string): string {
  const named = text.replace(/"type"\s*:\s*"response\.done"/, '"type":"response.completed"');
  // Line ends outside strings are white space in JSON, and inside they do not occur.
  return `data: ${named.replace(/[\r\n]+/g, ' ')}\n\n`;
}

function readError(frame: JsonObject): UpstreamFrame {
  const body = isJsonObject(frame['body']) ? frame['body'] : frame;
  const {
    type: _type,
    status: _status,
    status_code: _code,
    headers: _headers,
    sequence_number: _number,
    ...flat
  } = body;
  const error = isJsonObject(body['error']) ? body['error'] : flat;
  const stated = frame['status'] ?? frame['status_code'] ?? error['status'];
  const code = typeof error['code'] === 'string' ? error['code'] : '';
  const status = typeof stated === 'number' && stated >= 400 && stated < 600 ? stated : 0;
  return { kind: 'error', status, code, body: { error } };
}

function idOf(frame: JsonObject): string | undefined {
  const response = frame['response'];
  const id = isJsonObject(response) ? response['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
