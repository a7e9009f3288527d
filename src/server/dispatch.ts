import type { AccessDecision, AccessManager } from '../access/manager.ts';
import type { StoredRequest } from '../conversation/index.ts';
import type { ClientCodec } from '../dialects/codec.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import type { JsonObject } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import type { Management, ManagementAnswer, ManagementRequest } from '../management/management.ts';
import type { Logger } from '../observability/logger.ts';
import { writeErrorReply } from '../pipeline/error-reply.ts';
import type { Exchange, Reply } from '../pipeline/exchange.ts';
import type { BodySource } from './body.ts';
import { codeAssistExchange } from './code-assist-exchange.ts';
import { decompress } from './decompress.ts';
import { writeJson, writeText } from './json-reply.ts';
import { preflightHeaders } from './reply-headers.ts';
import type { RequestHead } from './request-head.ts';
import { type CodecSlot, matchRoute, type Route } from './router.ts';
import { codeAssistAnswer } from './routes/code-assist.ts';
import { type ModelListing, modelEntry, modelList } from './routes/models.ts';

/** What the data plane needs from the rest. */
export interface DispatchOptions {
  readonly codecs: Readonly<Record<CodecSlot, ClientCodec>>;
  readonly access: Pick<AccessManager, 'authenticate'>;
  /** The pipeline: answers every exchange and reports its own failures. */
  handle(exchange: Exchange): void;
  /** Answers requests about stored responses, and reports its own failures. */
  answerStored(request: StoredRequest): void;
  listModels(principal: string | undefined): readonly ModelListing[];
  /** Undefined: unknown. May throw the `model_not_found` that names similar models. */
  findModel(id: string, principal: string | undefined): ModelListing | undefined;
  /** Answers requests for the management API; absent: there is none. */
  readonly manage?: Management;
  /** Answers requests for pages of logins, by their whole path; undefined: there is no such page. */
  readonly loginPages?: (request: ManagementRequest) => Promise<ManagementAnswer | undefined>;
  /** Asks Code Assist itself; undefined: it cannot be asked. Absent: the server answers by itself. Never rejects. */
  readonly relayCodeAssist?: (method: string, body: JsonObject) => Promise<JsonObject | undefined>;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
}

/** A reply that may know who asked. */
export interface DoorReply extends Reply {
  /** The address; absent: the request came from this process. */
  readonly peer?: string | undefined;
}

/** Takes one request of either door to its answer. Never throws. */
export type Dispatch = (head: RequestHead, body: BodySource, reply: DoorReply) => void;

type ExchangeRoute = Extract<Route, { type: 'generate' | 'count-tokens' | 'compact' | 'gemini' | 'code-assist' }>;
type ModelRoute = Extract<Route, { type: 'model-list' | 'model' }>;

/** Routes requests, checks who asks, and hands exchanges to the pipeline. */
export function createDispatch(options: DispatchOptions): Dispatch {
  return (head, body, reply) => {
    const route = matchRoute(head);
    switch (route.type) {
      case 'generate':
      case 'count-tokens':
      case 'compact':
      case 'gemini':
      case 'code-assist':
        whenAllowed(options, head, reply, route.slot, (principal) =>
          readBody(options, route, head, body, reply, principal),
        );
        return;
      case 'stored-response':
        whenAllowed(options, head, reply, route.slot, (principal) => {
          const { headers, requestId, search } = head;
          const codec = options.codecs[route.slot];
          const query = (name: string): string | undefined => head.query(name);
          options.answerStored({ ...route, headers, requestId, search, query, codec, principal, reply });
        });
        return;
      case 'model-list':
      case 'model':
        whenAllowed(options, head, reply, route.slot, (principal) =>
          answerModels(options, route, head, reply, principal),
        );
        return;
      case 'preflight':
        reply.head(204, preflightHeaders);
        reply.end();
        return;
      case 'health':
        writeJson(reply, 200, { status: 'ok' });
        return;
      case 'banner':
      case 'probe':
        writeJson(reply, 200, {
          name: 'llmproxy',
          message: 'llmproxy is running',
          health: '/healthz',
          models: '/v1/models',
        });
        return;
      case 'management':
        answerManagement(options, options.manage, route.path, head, body, reply);
        return;
      case 'login-page':
        answerManagement(options, options.loginPages, head.path, head, body, reply);
        return;
      case 'not-found':
        fail(options, head, reply, route.slot, new ProxyError('not_found', `no endpoint ${head.method} ${head.path}`));
        return;
      case 'wrong-method':
        writeErrorReply(reply, options.codecs[route.slot], wrongMethod(head, route.allow), { allow: route.allow });
        return;
    }
  };
}

/** Goes on with who asks, or answers with the error; also guards what comes after against a throw. */
function whenAllowed(
  options: DispatchOptions,
  head: RequestHead,
  reply: Reply,
  slot: CodecSlot,
  proceed: (principal: string | undefined) => void,
): void {
  const settle = (decision: AccessDecision): void => {
    if (decision instanceof ProxyError) fail(options, head, reply, slot, decision);
    else guarded(options, head, reply, slot, () => proceed(decision.principal));
  };
  guarded(options, head, reply, slot, () => {
    const decision = options.access.authenticate(head);
    if (decision instanceof Promise) decision.then(settle, (thrown) => fail(options, head, reply, slot, thrown));
    else settle(decision);
  });
}

function guarded(options: DispatchOptions, head: RequestHead, reply: Reply, slot: CodecSlot, run: () => void): void {
  try {
    run();
  } catch (thrown) {
    fail(options, head, reply, slot, thrown);
  }
}

function readBody(
  options: DispatchOptions,
  route: ExchangeRoute,
  head: RequestHead,
  body: BodySource,
  reply: Reply,
  principal: string | undefined,
): void {
  const receive = (error: ProxyError | undefined, bytes: Buffer): void => {
    if (error !== undefined) fail(options, head, reply, route.slot, error);
    else guarded(options, head, reply, route.slot, () => answerBody(options, route, head, bytes, reply, principal));
  };
  const encoding = head.headers['content-encoding'];
  body.read(options.bodyLimitBytes, (error, bytes) => {
    if (error !== undefined || encoding === undefined) receive(error, bytes);
    else decompress(String(encoding), bytes, options.bodyLimitBytes, receive);
  });
}

function answerBody(
  options: DispatchOptions,
  route: ExchangeRoute,
  head: RequestHead,
  body: Buffer,
  reply: Reply,
  principal: string | undefined,
): void {
  if (route.type !== 'code-assist') {
    options.handle(exchange(options, route, head, body, reply, principal));
    return;
  }
  const { requestId, headers } = head;
  const codec = options.codecs[route.slot];
  if (route.call.type === 'call') {
    options.handle(codeAssistExchange(route.call.action, { requestId, codec, headers, body, principal, reply }));
    return;
  }
  const { method } = route.call;
  const answer = codeAssistAnswer(method, () => options.listModels(principal));
  if (answer === undefined) throw new ProxyError('not_found', `Code Assist's "${method}" is not served here`);
  const relayed = options.relayCodeAssist?.(method, parseJsonObject(body.toString('utf8')) ?? {});
  if (relayed === undefined) writeJson(reply, 200, answer);
  else
    relayed
      .then((told) => writeJson(reply, 200, told ?? answer))
      .catch((thrown) => fail(options, head, reply, route.slot, thrown));
}

function exchange(
  options: DispatchOptions,
  route: Exclude<ExchangeRoute, { type: 'code-assist' }>,
  head: RequestHead,
  body: Buffer,
  reply: Reply,
  principal: string | undefined,
): Exchange {
  const isGemini = route.type === 'gemini';
  const counts = route.type === 'count-tokens' || (isGemini && route.action === 'countTokens');
  const streams = isGemini && route.action === 'streamGenerateContent';
  return {
    requestId: head.requestId,
    operation: counts ? 'count-tokens' : route.type === 'compact' ? 'compact' : 'generate',
    codec: options.codecs[route.slot],
    headers: head.headers,
    body,
    urlModel: isGemini ? route.model : undefined,
    urlStream: isGemini ? streams : undefined,
    framing: streams && (head.query('alt') ?? head.query('$alt')) !== 'sse' ? 'json-array' : 'sse',
    principal,
    reply,
  };
}

function answerModels(
  options: DispatchOptions,
  route: ModelRoute,
  head: RequestHead,
  reply: Reply,
  principal: string | undefined,
): void {
  if (route.type === 'model-list') {
    writeJson(reply, 200, modelList(route.slot, options.listModels(principal), head));
    return;
  }
  const model = options.findModel(route.id, principal);
  if (model === undefined) throw new ProxyError('model_not_found', `model "${route.id}" is not known here`);
  writeJson(reply, 200, modelEntry(route.slot, model));
}

function answerManagement(
  options: DispatchOptions,
  manage: DispatchOptions['loginPages'],
  path: string,
  head: RequestHead,
  source: BodySource,
  reply: DoorReply,
): void {
  const error = (thrown: unknown): void => fail(options, head, reply, 'chat', thrown);
  const nothingHere = (): void => error(new ProxyError('not_found', `no endpoint ${head.method} ${head.path}`));
  if (manage === undefined) {
    nothingHere();
    return;
  }
  const body = (limitBytes: number): Promise<Buffer> =>
    new Promise((done, refuse) =>
      source.read(limitBytes, (problem, bytes) => (problem === undefined ? done(bytes) : refuse(problem))),
    );
  const { method, headers } = head;
  manage({ method, path, headers, peer: reply.peer, query: (name) => head.query(name), body })
    .then((answer) => {
      if (answer === undefined) nothingHere();
      else writeAnswer(reply, answer);
    })
    .catch(error);
}

function writeAnswer(reply: Reply, { status, body, headers }: ManagementAnswer): void {
  const more = { ...headers, 'cache-control': 'no-store' };
  if (typeof body === 'string') writeText(reply, status, body, more);
  else writeJson(reply, status, body, more);
}

function wrongMethod(head: RequestHead, allow: string): ProxyError {
  return new ProxyError('method_not_allowed', `${head.path} does not take ${head.method}, only ${allow}`);
}

function fail(options: DispatchOptions, head: RequestHead, reply: Reply, slot: CodecSlot, thrown: unknown): void {
  const error = toProxyError(thrown);
  const fields = { requestId: head.requestId, code: error.code, status: error.status };
  if (error.status >= 500) options.logger.error({ ...fields, error: error.cause ?? error }, error.message);
  else options.logger.debug(fields, error.message);
  if (error.code === 'client_closed') reply.destroy();
  else writeErrorReply(reply, options.codecs[slot], error);
}
