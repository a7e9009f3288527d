import { isJsonObject, type JsonObject } from '../ir/json.ts';
import { TYPE_OF_KEYWORD } from './keywords.ts';

/** The type that a schema means without naming it; undefined when it allows any. */
export function inferType(node: JsonObject): string | undefined {
  if (isJsonObject(node['properties'])) return 'object';
  for (const key in node) {
    const type = TYPE_OF_KEYWORD.get(key);
    if (type !== undefined && node[key] !== undefined) return type;
  }
  return undefined;
}
