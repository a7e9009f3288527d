/** Which conversation a request belongs to: what clients say of it, in their headers and bodies. */
import { type GenerationRequest, isJsonObject, type JsonObject, type JsonValue, type Part } from '../ir/index.ts';

/** Header values as node:http gives them: lower-case names. */
export type SessionHeaders = Readonly<Record<string, string | string[] | undefined>>;

const CLAUDE_CODE_HEADER = 'x-claude-code-session-id';
/**
 * In this order. `x-client-request-id` is not among them: most clients make a new one for every request. See
 * {@link requestIdOfHeaders}.
 */
const HEADERS = [
  CLAUDE_CODE_HEADER,
  'session-id',
  'session_id',
  'x-session-id',
  'x-session-affinity',
  'conversation-id',
  'conversation_id',
];
const AGENT_HEADER = 'x-claude-code-agent-id';
const LONGEST_ID = 256;

/** The id of the conversation that the client's headers state. */
export function sessionOfHeaders(headers: SessionHeaders): string | undefined {
  for (const name of HEADERS) {
    const id = usable(headers[name]);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The id of the conversation as Claude Code states it; it comes before all others. */
export function claudeCodeSession(headers: SessionHeaders): string | undefined {
  return usable(headers[CLAUDE_CODE_HEADER]);
}

/** What names one request for most clients, but the conversation for some. */
export function requestIdOfHeaders(headers: SessionHeaders): string | undefined {
  return usable(headers['x-client-request-id']);
}

/** The id of the sub-agent that asks: its conversation is another one than that of the session's main agent. */
export function agentOfHeaders(headers: SessionHeaders): string | undefined {
  return usable(headers[AGENT_HEADER]);
}

/** The id of the conversation that the request's body states. */
export function sessionOfRequest(request: GenerationRequest): string | undefined {
  return (
    sessionOfUser(request.user) ??
    usable(request.metadata?.['session_id']) ??
    firstStated(Object.values(request.extensions)) ??
    usable(request.promptCacheKey)
  );
}

/** The id that Claude Code puts into the user's id: as JSON, in older versions behind the user's hash. */
export function sessionOfUser(user: string | undefined): string | undefined {
  if (user === undefined) return undefined;
  if (!user.startsWith('{')) return usable(/_session_(.+)$/.exec(user)?.[1]);
  try {
    const value: unknown = JSON.parse(user);
    return isJsonObject(value) ? usable(value['session_id']) : undefined;
  } catch {
    return undefined;
  }
}

const FIELDS = ['session_id', 'sessionId', 'conversation', 'conversation_id'];

function firstStated(extensions: readonly (JsonObject | undefined)[]): string | undefined {
  for (const fields of extensions) {
    for (const name of FIELDS) {
      const value = fields?.[name];
      const id = usable(isJsonObject(value) ? value['id'] : value);
      if (id !== undefined) return id;
    }
  }
  return undefined;
}

/**
 * What tells a conversation apart when nobody names it, the same on each of its turns: the model, the instructions and
 * the first turn of the user. To be hashed: it holds the texts themselves.
 */
export function openingOf(request: GenerationRequest): readonly string[] {
  const first = request.messages.findIndex(({ role }) => role === 'user');
  const opening = first < 0 ? request.messages : request.messages.slice(0, first + 1);
  return [request.model, ...opening.flatMap(({ role, content }) => [role, ...content.map(textOf)])];
}

function textOf(part: Part): string {
  if ('text' in part) return part.text;
  return part.type === 'media' ? mediaText(part.source) : JSON.stringify(part);
}

function mediaText(source: Extract<Part, { type: 'media' }>['source']): string {
  switch (source.type) {
    case 'base64':
      return source.data;
    case 'url':
      return source.url;
    case 'file-id':
      return source.id;
    case 'text':
      return source.text;
  }
}

/** The value, if it can be an id: those are short and printable; anything else is a mistake or an attack. */
export function usable(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const id = value.trim();
  return id !== '' && id.length <= LONGEST_ID && !/\p{Cc}/u.test(id) ? id : undefined;
}
