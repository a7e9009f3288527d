import { isJsonObject, type JsonObject } from '../ir/json.ts';
import { TYPE_OF_KEYWORD } from './keywords.ts';
import type { Profile } from './profile.ts';

/** Most schemas are a scalar type and a description: nothing is to be done about those. Nor about one that says nothing. */
export function isPlain(node: JsonObject, { keywords, typed }: Profile): boolean {
  let scalar = false;
  let silent = true;
  for (const key in node) {
    silent = false;
    const value = node[key];
    if (key === 'type') scalar = value === 'string' || value === 'number' || value === 'integer' || value === 'boolean';
    else if (key !== 'description' || typeof value !== 'string' || !keywords.has(key)) return false;
  }
  return scalar || (silent && !typed);
}

/** The type that a schema means without naming it; undefined when it allows any. */
export function inferType(node: JsonObject): string | undefined {
  if (isJsonObject(node['properties'])) return 'object';
  for (const key in node) {
    const type = TYPE_OF_KEYWORD.get(key);
    if (type !== undefined && node[key] !== undefined) return type;
  }
  return undefined;
}
