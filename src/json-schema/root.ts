import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import type { Budget } from './budget.ts';
import { Flattener } from './flatten.ts';
import { Hints } from './hints.ts';
import { mergeInto } from './merge.ts';
import { isArray, schemasOf, setMember, stringsOf, typesOf } from './node.ts';
import { at, ROOT } from './path.ts';
import { References } from './references.ts';
import type { Report } from './report.ts';

/** Keywords that no target takes at the root of a tool's parameters. */
const NOT_AT_ROOT = ['allOf', 'anyOf', 'oneOf', 'enum', 'const', 'not', 'if', 'then', 'else', '$ref'];

/** A property that is described in more ways than this may be anything. */
const MOST_ALTERNATIVES = 200;

/** The root as a plain object schema with properties; the very same when it is one. */
export function objectRoot(root: JsonObject, report: Report, budget: Budget): JsonObject {
  const plain = NOT_AT_ROOT.every((keyword) => root[keyword] === undefined);
  if (plain && root['type'] === 'object' && isJsonObject(root['properties'])) return root;
  const context = { references: new References(root), report, recursion: 1, keepsReferences: false };
  const flattener = new Flattener(context, budget);
  const result: MutableJsonObject = { ...flattener.flatten(root, ROOT) };
  for (const keyword of ['$defs', 'definitions']) {
    const definitions = root[keyword];
    if (definitions !== undefined) result[keyword] = definitions;
  }
  const types = typesOf(result);
  if (types.length > 0 && !types.includes('object')) report.lost(ROOT, 'type');
  result['type'] = 'object';
  for (const keyword of ['anyOf', 'oneOf'] as const) mergeBranches(result, keyword, flattener, report);
  for (const keyword of ['enum', 'const', 'not']) hintAt(result, keyword, report);
  if (!isJsonObject(result['properties'])) result['properties'] = {};
  return result;
}

/** All that the branches know of: required is what every one of them requires. */
function mergeBranches(
  result: MutableJsonObject,
  keyword: 'anyOf' | 'oneOf',
  flattener: Flattener,
  report: Report,
): void {
  const list = result[keyword];
  if (!isArray(list)) return;
  delete result[keyword];
  const known: MutableJsonObject = {};
  mergeInto(known, { properties: result['properties'] ?? {} }, () => undefined);
  const properties = isJsonObject(known['properties']) ? known['properties'] : {};
  const merged = new Alternatives(properties);
  let required: readonly string[] | undefined;
  for (const branch of schemasOf(list)) {
    const { mark } = flattener;
    const flat = flattener.flatten(branch, at(ROOT, keyword));
    flattener.close(mark);
    const names = stringsOf(flat['required']);
    const also = new Set(names);
    required = required === undefined ? names : required.filter((name) => also.has(name));
    const members = flat['properties'];
    if (isJsonObject(members)) merged.add(members);
  }
  result['properties'] = merged.properties();
  const all = [...new Set([...stringsOf(result['required']), ...(required ?? [])])];
  if (all.length > 0) result['required'] = all;
  describeUnion(result, keyword, list, report);
}

/** The properties of several schemas: one that they describe in different ways may be any of them. */
class Alternatives {
  readonly #found: Map<string, Map<string, JsonValue>> = new Map();

  constructor(properties: JsonObject) {
    this.add(properties);
  }

  add(members: JsonObject): void {
    for (const name of Object.keys(members)) {
      const schema = members[name];
      if (schema === undefined) continue;
      const known = this.#found.get(name);
      if (known === undefined) this.#found.set(name, new Map([[JSON.stringify(schema), schema]]));
      else if (known.size <= MOST_ALTERNATIVES) known.set(JSON.stringify(schema), schema);
    }
  }

  properties(): JsonObject {
    const result: MutableJsonObject = {};
    for (const [name, schemas] of this.#found) {
      const [only = {}, ...others] = schemas.values();
      const any = schemas.size > MOST_ALTERNATIVES ? {} : { anyOf: [only, ...others] };
      setMember(result, name, others.length === 0 ? only : any);
    }
    return result;
  }
}

/** Which properties go together is all that is lost: short unions can be told. */
function describeUnion(result: MutableJsonObject, keyword: string, list: readonly JsonValue[], report: Report): void {
  const sets = schemasOf(list).map((branch) => {
    const names = stringsOf(branch['required']);
    return names.length > 0 ? names : Object.keys(isJsonObject(branch['properties']) ? branch['properties'] : {});
  });
  const hints = new Hints();
  const told =
    sets.every((names) => names.length > 0) &&
    hints.add(
      'one of',
      sets.map((names) => names.join(' + ')),
    );
  if (!told) {
    report.lost(ROOT, keyword);
    return;
  }
  report.hinted(ROOT, keyword);
  const description = hints.describe(result['description']);
  if (description !== undefined) result['description'] = description;
}

function hintAt(result: MutableJsonObject, keyword: string, report: Report): void {
  const value = result[keyword];
  if (value === undefined) return;
  delete result[keyword];
  const hints = new Hints();
  if (hints.add(keyword, value)) report.hinted(ROOT, keyword);
  else report.lost(ROOT, keyword);
  const description = hints.describe(result['description']);
  if (description !== undefined) result['description'] = description;
}
