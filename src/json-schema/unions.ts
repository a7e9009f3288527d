import { isJsonObject, type JsonObject, type JsonValue } from '../ir/json.ts';
import { isArray, typesOf } from './node.ts';

/** The union of a schema that counts; undefined when it has none. */
export function unionKeyword(node: JsonObject): 'anyOf' | 'oneOf' | undefined {
  if (isArray(node['anyOf'])) return 'anyOf';
  return isArray(node['oneOf']) ? 'oneOf' : undefined;
}

/** The schema without that union. */
export function withoutUnion(node: JsonObject, keyword: 'anyOf' | 'oneOf'): JsonObject {
  const { [keyword]: _, ...rest } = node;
  return rest;
}

/** What takes the place of a union says what the union says, and then what its branch says. */
export function withDescriptionOf(rest: JsonObject, branch: JsonValue): JsonObject {
  const known = rest['description'];
  const more = isJsonObject(branch) ? branch['description'] : undefined;
  if (typeof more !== 'string' || more === '' || more === known) return rest;
  return { ...rest, description: typeof known === 'string' && known !== '' ? `${known} (${more})` : more };
}

/** True for a schema that null alone satisfies. */
export function isNullSchema(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  if (value['type'] === 'null' || value['const'] === null) return true;
  const values = value['enum'];
  return isArray(values) && values.length === 1 && values[0] === null;
}

/** Keywords that say nothing of the value's own shape. */
const SHAPELESS: ReadonlySet<string> = new Set([
  'required',
  'not',
  'dependentRequired',
  'title',
  'description',
  '$comment',
]);

/** True for a branch such as `{ required: ['a'] }`, which only restricts what stands beside the union. */
export function saysNothing(value: JsonValue): boolean {
  return isJsonObject(value) && Object.keys(value).every((keyword) => SHAPELESS.has(keyword));
}

/** The branch that tells most: an object, then a list, then another type; the first of equals. */
export function bestBranch(branches: readonly JsonValue[]): JsonValue {
  let best: JsonValue = {};
  let bestScore = -1;
  for (const branch of branches) {
    const score = isJsonObject(branch) ? scoreOf(branch) : 0;
    if (score > bestScore) [best, bestScore] = [branch, score];
  }
  return best;
}

function scoreOf(branch: JsonObject): number {
  const types = typesOf(branch);
  if (types.includes('object') || isJsonObject(branch['properties']) || branch['$ref'] !== undefined) return 3;
  if (types.includes('array') || branch['items'] !== undefined) return 2;
  return types.length > 0 || branch['enum'] !== undefined ? 1 : 0;
}
