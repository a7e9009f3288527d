import { isJsonObject, type JsonObject } from '../ir/json.ts';
import { LIST_KEYWORDS, MAP_KEYWORDS } from './keywords.ts';
import { isArray } from './node.ts';
import { memberAt, ROOT, type SchemaPath } from './path.ts';

/** A schema that stands in the root. */
export interface RootMember {
  readonly schema: JsonObject;
  readonly path: SchemaPath;
}

/** The schemas in the lists and maps of the root that are asked for. */
export function* rootMembers(root: JsonObject, wanted: (keyword: string) => boolean): Generator<RootMember, void> {
  for (const keyword of [...MAP_KEYWORDS, ...LIST_KEYWORDS]) {
    const value = root[keyword];
    if (value === undefined || !wanted(keyword)) continue;
    if (isArray(value)) {
      for (const [index, schema] of value.entries()) {
        if (isJsonObject(schema)) yield { schema, path: memberAt(ROOT, keyword, index) };
      }
    } else if (isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        const schema = value[name];
        if (isJsonObject(schema)) yield { schema, path: memberAt(ROOT, keyword, name) };
      }
    }
  }
}
