import { isJsonObject, type JsonObject, type JsonValue } from '../ir/json.ts';
import { LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS } from './keywords.ts';
import { isArray } from './node.ts';
import { at, memberAt, type SchemaPath } from './path.ts';

/** A schema that stands in another one. */
export interface SchemaMember {
  readonly schema: JsonObject;
  readonly path: SchemaPath;
}

const KEYWORDS: readonly string[] = [...MAP_KEYWORDS, ...LIST_KEYWORDS, ...SCHEMA_KEYWORDS];

/** The schemas in those keywords of a schema that are asked for. */
export function* membersOf(
  node: JsonObject,
  path: SchemaPath,
  wanted: (keyword: string) => boolean,
): Generator<SchemaMember, void> {
  for (const keyword of KEYWORDS) {
    const value = node[keyword];
    if (typeof value !== 'object' || value === null || !wanted(keyword)) continue;
    if (isArray(value)) {
      for (const [index, schema] of value.entries()) {
        if (isJsonObject(schema)) yield { schema, path: memberAt(path, keyword, index) };
      }
    } else if (SCHEMA_KEYWORDS.has(keyword)) {
      if (isJsonObject(value)) yield { schema: value, path: at(path, keyword) };
    } else if (isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        const schema = value[name];
        if (isJsonObject(schema)) yield { schema, path: memberAt(path, keyword, name) };
      }
    }
  }
}

/** Whether a schema holds so many objects and lists; counts no further. */
export function holdsMany(schema: JsonObject, most: number): boolean {
  const open: JsonValue[] = [schema];
  let count = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    count += 1;
    if (count + open.length > most) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) open.push(member);
  }
  return false;
}
