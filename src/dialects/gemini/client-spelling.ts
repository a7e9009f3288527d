import { ProxyError } from '../../errors.ts';
import type { JsonObject } from '../../ir/index.ts';

/** The error with its path as the client wrote it: `system_instruction` where the body says so. Others stay. */
export function inClientSpelling(thrown: unknown, body: JsonObject): unknown {
  if (!(thrown instanceof ProxyError) || thrown.path === undefined) return thrown;
  const path = spelledIn(body, thrown.path);
  if (path === thrown.path) return thrown;
  const { code, cause, message, path: ours } = thrown;
  return new ProxyError(code, message.startsWith(ours) ? path + message.slice(ours.length) : message, { path, cause });
}

function spelledIn(body: JsonObject, path: string): string {
  let value: unknown = body;
  return path.replace(/[^.[\]]+/g, (key) => {
    if (typeof value !== 'object' || value === null) return key;
    const members = new Map<string, unknown>(Object.entries(value));
    const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const spelled = !members.has(key) && members.has(snake) ? snake : key;
    value = members.get(spelled);
    return spelled;
  });
}
