import type { RequestHeaders } from '../pipeline/exchange.ts';
import { type CodeAssistCall, matchCodeAssist } from './code-assist-path.ts';
import { decodePath, type GeminiAction, matchGemini } from './gemini-path.ts';
import type { RequestHead } from './request-head.ts';
import { matchStored, type StoredAction } from './response-path.ts';

/** Which of the client codecs an endpoint speaks. */
export type CodecSlot = 'chat' | 'completions' | 'responses' | 'messages' | 'gemini';

/** What a request's method and URL ask for. */
export type Route =
  | { readonly type: 'generate' | 'count-tokens' | 'compact'; readonly slot: CodecSlot }
  | { readonly type: 'stored-response'; readonly slot: CodecSlot; readonly action: StoredAction; readonly id: string }
  | { readonly type: 'gemini'; readonly slot: 'gemini'; readonly model: string; readonly action: GeminiAction }
  | { readonly type: 'code-assist'; readonly slot: 'gemini'; readonly call: CodeAssistCall }
  | { readonly type: 'model-list'; readonly slot: CodecSlot }
  | { readonly type: 'model'; readonly slot: CodecSlot; readonly id: string }
  | { readonly type: 'preflight' | 'health' | 'banner' | 'probe' }
  | { readonly type: 'management'; readonly path: string }
  | { readonly type: 'login-page' }
  | { readonly type: 'not-found'; readonly slot: CodecSlot }
  | { readonly type: 'wrong-method'; readonly slot: CodecSlot; readonly allow: string };

const chat: Route = { type: 'generate', slot: 'chat' };
const completions: Route = { type: 'generate', slot: 'completions' };
const responses: Route = { type: 'generate', slot: 'responses' };
const compact: Route = { type: 'compact', slot: 'responses' };
const messages: Route = { type: 'generate', slot: 'messages' };
const countTokens: Route = { type: 'count-tokens', slot: 'messages' };
const inputTokens: Route = { type: 'count-tokens', slot: 'responses' };

const posts: ReadonlyMap<string, Route> = new Map([
  ['/v1/chat/completions', chat],
  ['/v1/completions', completions],
  ['/v1/responses', responses],
  ['/v1/responses/compact', compact],
  ['/v1/messages', messages],
  ['/v1/messages/count_tokens', countTokens],
  ['/v1/responses/input_tokens', inputTokens],
  // What Codex asks for when it is given a ChatGPT-style base URL.
  ['/backend-api/codex/responses', responses],
  ['/backend-api/codex/responses/compact', compact],
  ['/backend-api/codex/responses/input_tokens', inputTokens],
]);

const probes: ReadonlyMap<string, Route> = new Map([
  ['/healthz', { type: 'health' }],
  ['/', { type: 'banner' }],
  // Claude Code asks before it starts.
  ['/api/hello', { type: 'probe' }],
]);

/** Finds the route of a request; an exact path is one map lookup. */
export function matchRoute(head: RequestHead): Route {
  if (head.method === 'OPTIONS') return { type: 'preflight' };
  return match(head, head.path) ?? match(head, repairPath(head.path)) ?? matchOther(head);
}

const managementPrefix = '/v0/management';

function matchOther(head: RequestHead): Route {
  if (head.path.startsWith(`${managementPrefix}/`)) {
    return { type: 'management', path: head.path.slice(managementPrefix.length) };
  }
  if (loginPage.test(head.path)) return { type: 'login-page' };
  return { type: 'not-found', slot: slotOf(head) };
}

/** Pages on which people log in, and those that a login's browser is sent back to. */
const loginPage = /^\/v0\/oauth(?:\/|$)|^\/[a-z0-9-]+\/callback$/;

/** Whether a URL is one where the Responses API takes WebSockets. */
export function isResponsesSocket(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return posts.get(path) === responses || posts.get(repairPath(path)) === responses;
}

function match(head: RequestHead, path: string): Route | undefined {
  const post = posts.get(path);
  if (post !== undefined)
    return head.method === 'POST' ? post : { type: 'wrong-method', slot: slotOf(head), allow: 'POST' };
  const stored = matchStored(path, head.method);
  if (stored !== undefined) {
    return 'allow' in stored
      ? { type: 'wrong-method', slot: 'responses', ...stored }
      : { type: 'stored-response', slot: 'responses', ...stored };
  }
  const assist = matchCodeAssist(path);
  if (assist !== undefined) {
    if (head.method === 'POST' || (assist.type === 'method' && isRead(head.method))) {
      return { type: 'code-assist', slot: 'gemini', call: assist };
    }
    return { type: 'wrong-method', slot: 'gemini', allow: 'POST' };
  }
  const gemini = matchGemini(path);
  if (gemini !== undefined) {
    if (head.method === 'POST') return { type: 'gemini', slot: 'gemini', ...gemini };
    return { type: 'wrong-method', slot: 'gemini', allow: 'POST' };
  }
  const get = probes.get(path) ?? matchModels(path, head.headers);
  if (get === undefined || isRead(head.method)) return get;
  // A POST below models is a Gemini action that nobody knows, not a wrong method.
  if (get.type === 'model' && head.method === 'POST') return { type: 'not-found', slot: 'gemini' };
  return { type: 'wrong-method', slot: slotOf(head), allow: 'GET, HEAD' };
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

const modelPath = /^\/(v1|v1beta|v1alpha)\/(models|tunedModels)(?:\/(.+))?$/;

function matchModels(path: string, headers: RequestHeaders): Route | undefined {
  if (path === '/backend-api/codex/models') return { type: 'model-list', slot: 'responses' };
  const [, version, collection, rest] = modelPath.exec(path) ?? [];
  if (version === undefined) return undefined;
  const slot = version === 'v1' ? slotOfHeaders(headers) : 'gemini';
  if (rest === undefined) return { type: 'model-list', slot };
  const id = decodePath(rest);
  return { type: 'model', slot, id: collection === 'tunedModels' ? `tunedModels/${id}` : id };
}

/** The dialect of endpoints that several dialects share, told by the headers their clients always send. */
function slotOfHeaders(headers: RequestHeaders): CodecSlot {
  if (headers['x-goog-api-key'] !== undefined) return 'gemini';
  if (headers['anthropic-version'] !== undefined) return 'messages';
  return 'chat';
}

/** The dialect nearest to a path that is no endpoint. */
function slotOf(head: RequestHead): CodecSlot {
  if (/^\/v1(?:beta|alpha|internal)/.test(head.path)) return 'gemini';
  if (head.path.includes('/messages')) return 'messages';
  if (head.path.includes('/responses')) return 'responses';
  if (head.path.includes('/chat/')) return 'chat';
  if (head.path.includes('/completions')) return 'completions';
  return slotOfHeaders(head.headers);
}

/**
 * Forgives what a wrongly set base URL makes of a path: doubled slashes, a slash at the end, the version twice
 * (a base URL that ends in it) or not at all (one that should).
 */
function repairPath(path: string): string {
  const clean = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  const once = clean.replace(/^\/(v1|v1beta|v1alpha)\/(?=(?:v1|v1beta|v1alpha)\/)/, '/');
  return /^\/(chat\/completions|completions|responses(?:\/[^/]+(?:\/(?:input_items|cancel))?)?|messages|messages\/count_tokens|models)$/.test(
    once,
  )
    ? `/v1${once}`
    : once;
}
