import { decodePath } from './gemini-path.ts';

/** What is asked of a stored response. */
export type StoredAction = 'get' | 'delete' | 'cancel' | 'input-items';

const storedPath = /^\/(?:v1|backend-api\/codex)\/responses\/([^/]+)(?:\/(input_items|cancel))?$/;

/** What a path below `/v1/responses/{id}` asks for, or the methods that it takes; undefined for any other path. */
export function matchStored(
  path: string,
  method: string,
): { readonly action: StoredAction; readonly id: string } | { readonly allow: string } | undefined {
  const [, rawId, below] = storedPath.exec(path) ?? [];
  if (rawId === undefined) return undefined;
  const id = decodePath(rawId);
  if (below === 'cancel') return method === 'POST' ? { action: 'cancel', id } : { allow: 'POST' };
  const reads = method === 'GET' || method === 'HEAD';
  if (below === 'input_items') return reads ? { action: 'input-items', id } : { allow: 'GET, HEAD' };
  if (method === 'DELETE') return { action: 'delete', id };
  return reads ? { action: 'get', id } : { allow: 'GET, HEAD, DELETE' };
}
