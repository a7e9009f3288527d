/** What makes the provider find the last turn's prefix in its cache again, where the client's dialect cannot say it. */
import { createHash } from 'node:crypto';
import type { DialectId, GenerationRequest, Message } from '../ir/index.ts';
import { findMember } from '../json-splice.ts';
import { agentOfHeaders, openingOf, sessionOfHeaders, sessionOfRequest } from '../routing/session.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

/** The body's member; any other place is a header. */
const MEMBER = 'prompt_cache_key';
/** Claude Code's note to Anthropic's accounting: differs with every prompt, so no other provider's cache would match. */
const ATTRIBUTION = 'x-anthropic-billing-header:';

/** Whether the upstream's encoder is to set breakpoints: the client speaks another dialect than it. */
export function setsBreakpoints({ exchange, options }: Job, upstream: DialectId): boolean {
  return options.settings.promptCaching && exchange.codec.id !== upstream;
}

/** The request as a provider of another dialect should cache it. */
export function cacheable(request: GenerationRequest, job: Job, target: Target, dialect: DialectId): GenerationRequest {
  const clean = job.exchange.codec.id === dialect ? request : withoutAttribution(request);
  if (clean.promptCacheKey !== undefined || placeOf(job, target, dialect) !== MEMBER) return clean;
  return { ...clean, promptCacheKey: conversationKey(job, clean) };
}

/** The header in which the provider takes the conversation's key, if it takes it there. */
export function cacheHeader(
  request: GenerationRequest,
  job: Job,
  target: Target,
  dialect: DialectId,
): Readonly<Record<string, string>> | undefined {
  const place = placeOf(job, target, dialect);
  return place === undefined || place === MEMBER ? undefined : { [place]: conversationKey(job, request) };
}

/**
 * The members to add to a body that goes through as it is. Only for a client whose headers name the session: finding
 * out otherwise would mean reading the body.
 */
export function cacheMembers(
  job: Job,
  target: Target,
  dialect: DialectId,
): Readonly<Record<string, string>> | undefined {
  // A conversation that is summed up is another one afterwards.
  if (job.exchange.operation === 'compact' || placeOf(job, target, dialect) !== MEMBER) return undefined;
  const session = sessionOfHeaders(job.exchange.headers);
  if (session === undefined || findMember(job.body, MEMBER) !== undefined) return undefined;
  return { [MEMBER]: JSON.stringify(keyOf(job, [job.model, 'session', session])) };
}

function placeOf({ options }: Job, { provider }: Target, dialect: DialectId): string | undefined {
  return options.settings.promptCaching ? provider.quirks?.promptCacheKey?.[dialect] : undefined;
}

function conversationKey(job: Job, request: GenerationRequest): string {
  const session = sessionOfHeaders(job.exchange.headers) ?? sessionOfRequest(request);
  return keyOf(job, session === undefined ? openingOf(request) : [request.model, 'session', session]);
}

/** The same on every turn of a conversation and unlike any other client's; what it was made of cannot be read from it. */
function keyOf({ exchange }: Job, identity: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of [exchange.principal ?? '', agentOfHeaders(exchange.headers) ?? '', ...identity])
    hash.update(`${text.length}:`).update(text);
  return `llmproxy-${hash.digest('hex').slice(0, 40)}`;
}

function withoutAttribution(request: GenerationRequest): GenerationRequest {
  const [first, ...others] = request.messages;
  if (first?.role !== 'system' || !isAttribution(first)) return request;
  const content = first.content.slice(1);
  return { ...request, messages: content.length === 0 ? others : [{ ...first, content }, ...others] };
}

function isAttribution({ content: [part] }: Message): boolean {
  return part?.type === 'text' && part.text.startsWith(ATTRIBUTION);
}
