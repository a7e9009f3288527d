import { invalidRequest, ProxyError, toProxyError } from '../errors.ts';
import type { JsonObject } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import { writeErrorReply } from '../pipeline/error-reply.ts';
import type { Forward, ForwardedExchange } from '../pipeline/forward.ts';
import { REQUEST_ID_HEADER } from '../pipeline/reply-headers.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import { sendStream } from './compact-answer.ts';
import { itemList } from './item-list.ts';
import { responseEvents } from './response-events.ts';
import { sendJson } from './send-json.ts';
import type { StateOptions } from './stateful-pipeline.ts';

/** A request about one stored response. */
export interface StoredRequest extends ForwardedExchange {
  readonly action: 'get' | 'delete' | 'cancel' | 'input-items';
  readonly id: string;
  readonly principal: string | undefined;
  query(name: string): string | undefined;
  /** The whole query, for a provider that keeps the response. */
  readonly search: string;
}

/** What answers about stored responses are wired to. */
export interface StoredOptions extends StateOptions {
  readonly forward: Forward;
}

/** Answers `GET|DELETE /v1/responses/{id}`, its `input_items` and its `cancel`. */
export function createStoredResponses(options: StoredOptions): (request: StoredRequest) => void {
  return (request) => {
    answer(options, request).catch((thrown: unknown) => {
      const headers = { [REQUEST_ID_HEADER]: request.requestId };
      writeErrorReply(request.reply, request.codec, toProxyError(thrown), headers);
    });
  };
}

async function answer(options: StoredOptions, request: StoredRequest): Promise<void> {
  const owner = request.principal ?? '';
  const { id } = request;
  const found = await options.archive.find(owner, id);
  if (request.reply.closed) return;
  switch (found.kind) {
    case 'stored':
      return answerOwn(options, request, owner, parse(found.value));
    case 'with-provider':
      return forward(options, request, found.credentialId, found.model);
    case 'unknown':
    case 'foreign':
      throw responseNotFound(id);
  }
}

async function answerOwn(
  options: StoredOptions,
  request: StoredRequest,
  owner: string,
  response: JsonObject,
): Promise<void> {
  const { id, reply, requestId } = request;
  switch (request.action) {
    case 'get':
      return get(options, request, owner, response);
    case 'delete':
      options.background.forget(owner, id);
      await options.archive.remove(owner, id);
      return sendJson(reply, { id, object: 'response', deleted: true }, requestId);
    case 'cancel': {
      if (response['background'] !== true) throw invalidRequest('id', 'only a background response can be cancelled');
      const cancelled = options.background.cancel(options, owner, id);
      return sendJson(reply, cancelled ?? (await current(options, owner, id, response)), requestId);
    }
    case 'input-items': {
      const input = await options.archive.inputOf(owner, id);
      if (input.kind !== 'stored') throw responseNotFound(id);
      return sendJson(reply, itemList(id, Buffer.from(input.value).toString('utf8'), request), requestId);
    }
  }
}

async function get(options: StoredOptions, request: StoredRequest, owner: string, response: JsonObject): Promise<void> {
  const { id, reply, requestId } = request;
  if (request.query('stream') !== 'true') {
    sendJson(reply, await current(options, owner, id, response), requestId);
    return;
  }
  const after = Number(request.query('starting_after') ?? -1);
  if (!Number.isInteger(after)) throw invalidRequest('starting_after', 'must be a whole number');
  if (options.background.follow(owner, id, reply, requestId, after)) return;
  if (options.background.find(owner, id) !== undefined)
    throw invalidRequest('stream', 'the response was not created with stream: true');
  sendStream(reply, responseEvents(await current(options, owner, id, response), after), requestId);
}

/** The response as it stands now: one under way lives in this process, and ends with it. */
async function current(options: StoredOptions, owner: string, id: string, stored: JsonObject): Promise<JsonObject> {
  const running = options.background.find(owner, id);
  if (running !== undefined) return running;
  if (isFinal(stored)) return stored;
  // It may have ended while the store was asked.
  const again = await options.archive.find(owner, id);
  if (again.kind === 'stored' && isFinal(parse(again.value))) return parse(again.value);
  const error = { code: 'server_error', message: 'llmproxy was restarted before the response was complete' };
  return { ...stored, status: 'failed', error };
}

function isFinal(response: JsonObject): boolean {
  return response['status'] !== 'queued' && response['status'] !== 'in_progress';
}

const upstreamActions: Readonly<
  Record<StoredRequest['action'], { readonly method: 'GET' | 'DELETE' | 'POST'; readonly below: string }>
> = {
  get: { method: 'GET', below: '' },
  delete: { method: 'DELETE', below: '' },
  cancel: { method: 'POST', below: '/cancel' },
  'input-items': { method: 'GET', below: '/input_items' },
};

function forward(options: StoredOptions, request: StoredRequest, credentialId: string, model: string): void {
  const target = options.route(model).find((one) => one.credential.id === credentialId);
  if (target === undefined) throw responseNotFound(request.id);
  const { path } = selectEndpoint(target, request.codec.id);
  const { method, below } = upstreamActions[request.action];
  const query = request.search === '' ? '' : `?${request.search}`;
  options.forward(request, target, method, `${path}/${encodeURIComponent(request.id)}${below}${query}`, (status) => {
    if (request.action === 'delete' && status < 300) void options.archive.remove(request.principal ?? '', request.id);
  });
}

function parse(bytes: Uint8Array): JsonObject {
  const response = parseJsonObject(Buffer.from(bytes).toString('utf8'));
  if (response === undefined) throw new ProxyError('internal', 'a stored response is damaged');
  return response;
}

/** The 404 for an id that the client key has no response of. */
function responseNotFound(id: string): ProxyError {
  return new ProxyError('not_found', `Response with id '${id.slice(0, 100)}' not found.`);
}
