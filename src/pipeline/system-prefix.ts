/** A text of the user's that is put in front of every request of a credential. */
import type { DialectId, GenerationRequest, JsonValue } from '../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../ir/read.ts';
import { scanObject, spliceMembers } from '../json-splice.ts';
import type { Target } from '../routing/target.ts';

/** The request with the credential's prefix as its first system block; the very same when it has none. */
export function withSystemPrefix(request: GenerationRequest, { credential }: Target): GenerationRequest {
  const { systemPrefix } = credential;
  if (systemPrefix === undefined) return request;
  const [first, ...rest] = request.messages;
  const part = { type: 'text', text: systemPrefix } as const;
  if (first?.role === 'system')
    return { ...request, messages: [{ ...first, content: [part, ...first.content] }, ...rest] };
  return { ...request, messages: [{ role: 'system', content: [part], path: 'instructions' }, ...request.messages] };
}

/** Whether a body of that dialect can be given the prefix as it is. */
export function takesPrefixAsItIs({ credential }: Target, dialect: DialectId): boolean {
  return credential.systemPrefix === undefined || dialect === 'anthropic-messages';
}

/** The same for the bytes of a Claude request: a block of its own in front of what the client says. */
export function prefixedSystem({ credential }: Target, bytes: Buffer): Buffer {
  const { systemPrefix } = credential;
  const scanned = systemPrefix === undefined ? undefined : scanObject(bytes);
  if (systemPrefix === undefined || scanned === undefined) return bytes;
  const own = blocksOf(parseJsonObject(bytes.toString('utf8'))?.['system']);
  const system = [{ type: 'text', text: systemPrefix }, ...own];
  return spliceMembers(scanned, { set: { system: JSON.stringify(system) } });
}

function blocksOf(system: JsonValue | undefined): readonly JsonValue[] {
  if (typeof system === 'string') return system === '' ? [] : [{ type: 'text', text: system }];
  return isJsonArray(system) ? system : [];
}
