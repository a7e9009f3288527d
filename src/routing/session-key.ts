/** Which conversation a request belongs to, found without decoding its body. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { findMember, type ScannedObject } from '../json-splice.ts';
import { cacheTimeIn } from './cache-time.ts';
import { type Opening, openingIn } from './opening.ts';
import {
  agentOfHeaders,
  claudeCodeSession,
  requestIdOfHeaders,
  type SessionHeaders,
  sessionOfHeaders,
  sessionOfUser,
  usable,
} from './session.ts';
import { hashTexts } from './text-hash.ts';

/** What tells one conversation from others, so that its requests can stay on one account. */
export interface SessionKey {
  /** Bounded in length; the client's own words are hashed in it. */
  readonly key: string;
  /** A weaker name of the same conversation, under which its first turns may have been bound. */
  readonly fallback?: string | undefined;
  /** Other conversations may begin alike: an account that has its share of the load need not take all of them. */
  readonly shared?: boolean;
  /** How long the provider keeps the conversation's prefix, as the request asks; absent: the configured time. */
  readonly ttlMs?: number | undefined;
}

/** Where the conversation of a request may be named. */
export interface SessionSource {
  readonly headers: SessionHeaders;
  readonly body: ScannedObject;
  /** Conversations of different clients are never the same. */
  readonly principal: string | undefined;
  /** A sub-agent's conversation counts as that of the agent which started it. */
  readonly subagentsFollow: boolean;
}

/** Members of bodies that name the conversation, in this order. */
const MEMBERS = ['session_id', 'sessionId', 'prompt_cache_key', 'conversation', 'conversation_id'];
/** Nobody's id or metadata are longer. */
const MOST_BYTES = 16 * 1024;

/**
 * The conversation of a request: as its headers or its body name it, else by its beginning. The beginning alone is the
 * same for conversations that begin alike; from the second turn on the first answer tells them apart.
 */
export function sessionKeyOf(source: SessionSource): SessionKey | undefined {
  const { headers, body, principal = '' } = source;
  const agent = source.subagentsFollow ? '' : (agentOfHeaders(headers) ?? '');
  const metadata = objectIn(body, 'metadata');
  const named = sessionNamed(headers, body, metadata);
  const ttlMs = cacheTimeIn(body);
  if (named !== undefined) return { ...namedSession(principal, named, agent), ttlMs };
  const user = usable(metadata?.['user_id']) ?? usable(valueIn(body, 'user')) ?? '';
  const opening = openingIn(body);
  if (opening !== undefined) return { ...openingKey([principal, agent, user], opening), ttlMs };
  const weak = requestIdOfHeaders(headers) ?? user;
  return weak === '' ? undefined : { key: hashTexts([principal, agent, weak]), ttlMs };
}

/** The conversation that a client names so; `agent`: its sub-agent, '' for none. */
export function namedSession(principal: string, name: string, agent = ''): SessionKey {
  return { key: hashTexts([principal, agent, name]) };
}

function sessionNamed(
  headers: SessionHeaders,
  body: ScannedObject,
  metadata: JsonObject | undefined,
): string | undefined {
  const id =
    claudeCodeSession(headers) ??
    sessionOfUser(textOf(metadata?.['user_id'])) ??
    sessionOfUser(textOf(valueIn(body, 'user'))) ??
    sessionOfHeaders(headers) ??
    usable(metadata?.['session_id']);
  if (id !== undefined) return id;
  for (const name of MEMBERS) {
    const value = valueIn(body, name);
    const stated = usable(isJsonObject(value) ? value['id'] : value);
    if (stated !== undefined) return stated;
  }
  return undefined;
}

function openingKey(owner: readonly string[], { system, user, assistant, isCut }: Opening): Omit<SessionKey, 'ttlMs'> {
  const short = hashTexts([...owner, 'system', ...system, 'user', ...user]);
  if (assistant.length === 0) return { key: short, shared: !isCut };
  return { key: hashTexts([short, ...assistant]), fallback: short };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function objectIn(body: ScannedObject, key: string): JsonObject | undefined {
  const value = valueIn(body, key);
  return isJsonObject(value) ? value : undefined;
}

/** A small member of a body; undefined when it is absent, large or no proper JSON. */
function valueIn(body: ScannedObject, key: string): JsonValue | undefined {
  const member = findMember(body, key);
  if (member === undefined || member.valueEnd - member.valueStart > MOST_BYTES) return undefined;
  try {
    const value: JsonValue = JSON.parse(body.bytes.toString('utf8', member.valueStart, member.valueEnd));
    return value;
  } catch {
    return undefined;
  }
}
