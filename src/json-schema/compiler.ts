import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import type { Budget } from './budget.ts';
import { enumOf } from './enums.ts';
import { definitionPath, Flattener, isFlat } from './flatten.ts';
import { describedBy, Hints } from './hints.ts';
import { HELPFUL, isWellFormed, RESTRICTIONS, TYPE_OF_KEYWORD } from './keywords.ts';
import { holdsMany, membersOf } from './members.ts';
import { isArray, mapMembers, own, setMember, stringsOf, typesOf } from './node.ts';
import { addPlaceholder, closeObject, isNullable, makeNullable } from './objects.ts';
import { at, memberAt, ROOT, type SchemaPath } from './path.ts';
import type { Profile } from './profile.ts';
import { References } from './references.ts';
import { MAX_DEPTH } from './repair.ts';
import type { Report } from './report.ts';
import { inferType, isPlain } from './types.ts';
import { bestBranch, isNullSchema, saysNothing, unionKeyword, withDescriptionOf, withoutUnion } from './unions.ts';

/** Keywords that are written by rules of their own. */
const RULED: ReadonlySet<string> = new Set(['type', 'enum', 'const', 'description', 'nullable', 'required']);
/** What stays at a union when everything else moves into its branches. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'example',
  'examples',
  '$comment',
]);
/** What an unrestricted value may be where the target wants a type. */
const ANY_TYPES = ['string', 'number', 'boolean', 'object'];

/** What is known of the schema being written. */
interface Draft {
  readonly node: JsonObject;
  readonly path: SchemaPath;
  readonly depth: number;
  readonly hints: Hints;
  readonly types: readonly string[];
  readonly nullable: boolean;
}

/** Writes schemas in one target's restricted dialect. One use per schema. */
export class Compiler {
  readonly #profile: Profile;
  readonly #report: Report;
  readonly #root: JsonObject;
  readonly #flattener: Flattener;
  /** Definitions that kept references need. */
  readonly #needed = new Set<string>();
  /** What was compiled ahead of that in which it stands. */
  readonly #done = new Map<JsonObject, JsonObject>();
  #compiled = 0;
  /** As many had been compiled when others had their turn. */
  #rested = 0;

  constructor(profile: Profile, root: JsonObject, report: Report, budget: Budget) {
    this.#profile = profile;
    this.#root = root;
    this.#report = report;
    const { recursion, keepsReferences } = profile;
    this.#flattener = new Flattener({ references: new References(root), report, recursion, keepsReferences }, budget);
  }

  /** Compiles what stands in a schema, so many schemas at once, so that it is soon done itself. */
  *ahead(node: JsonObject, most: number, place: SchemaPath = ROOT, depth = 0): Generator<undefined, void> {
    if (!isFlat(node) || depth >= MAX_DEPTH) return;
    for (const { schema, path } of membersOf(node, place, (keyword) => this.#isKept(node, keyword))) {
      if (holdsMany(schema, most)) yield* this.ahead(schema, most, path, depth + 1);
      this.#done.set(schema, this.#compile(schema, path, depth + 1));
      if (this.#compiled - this.#rested < most) continue;
      this.#rested = this.#compiled;
      yield;
    }
  }

  /** Whether what stands in the keyword is compiled as it is. */
  #isKept(node: JsonObject, keyword: string): boolean {
    if (keyword === 'properties' || keyword === 'items') return true;
    if (keyword !== unionKeyword(node)) return false;
    if (this.#staysBeside(keyword)) return true;
    return this.#profile.unions === 'anyOf' && keysOutside(withoutUnion(node, keyword)).length === 0;
  }

  /** `root`: the schema itself, or what took its place so that it is an object. */
  compileRoot(root: JsonObject): JsonObject {
    const result = this.#compile(root, ROOT, 0);
    const definitions: MutableJsonObject = {};
    for (const name of this.#needed) {
      const definition = this.#definition(name);
      this.#flattener.open(definition);
      setMember(definitions, name, this.#compile(definition, definitionPath(name), 1));
      this.#flattener.close(0);
    }
    return this.#needed.size > 0 ? { ...result, $defs: definitions } : result;
  }

  #definition(name: string): JsonObject {
    for (const keyword of ['$defs', 'definitions']) {
      const map = this.#root[keyword];
      const value = isJsonObject(map) ? own(map, name) : undefined;
      if (isJsonObject(value)) return value;
    }
    return {};
  }

  /** What has no schema to be changed comes back as it is. */
  #compile(value: JsonValue | undefined, path: SchemaPath, depth: number): JsonObject {
    if (depth > MAX_DEPTH) {
      this.#report.lost(path, '');
      return this.#write({ description: 'nested too deeply' }, path, 0);
    }
    const { mark } = this.#flattener;
    const node = isJsonObject(value) ? value : {};
    const done = this.#done.size > 0 && mark === 0 ? this.#done.get(node) : undefined;
    if (done !== undefined) return done;
    this.#compiled++;
    if (mark > 0) this.#flattener.spend(1);
    if (isPlain(node, this.#profile)) return node;
    const name = path === ROOT ? undefined : this.#flattener.keptReference(node);
    if (name !== undefined) {
      this.#needed.add(name);
      return { $ref: `#/$defs/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` };
    }
    const result = this.#write(this.#flattener.flatten(node, path), path, depth);
    this.#flattener.close(mark);
    return result;
  }

  #write(node: JsonObject, path: SchemaPath, depth: number): JsonObject {
    const keyword = unionKeyword(node);
    const hints = new Hints();
    if (keyword !== undefined) {
      const union = this.#union({ node, path, depth, hints, types: [], nullable: false }, keyword);
      if (union !== undefined) return union;
    }
    const plain = keyword === undefined || this.#staysBeside(keyword) ? node : withoutUnion(node, keyword);
    const named = typesOf(plain);
    const nullable = named.includes('null');
    const types = named.filter((type) => type !== 'null');
    const several = types.length > 1 && !this.#profile.typeLists && unionKeyword(plain) === undefined;
    const draft: Draft = { node: plain, path, depth, hints, types, nullable };
    if (several && this.#profile.unions === 'anyOf') return this.#branchPerType(draft);
    if (several) hints.say(`Accepts: ${types.join(' | ')}`);
    return this.#plain(several ? { ...draft, types: types.slice(0, 1) } : draft);
  }

  #staysBeside(keyword: string): boolean {
    return this.#profile.unionSiblings && this.#profile.keywords.has(keyword);
  }

  /** Undefined: what is left of the union stands in the hints, or beside the other keywords. */
  #union(draft: Draft, keyword: 'anyOf' | 'oneOf'): JsonObject | undefined {
    const { node, path, depth, hints } = draft;
    const list = node[keyword];
    const all = isArray(list) ? list : [];
    const branches = all.filter((branch) => !isNullSchema(branch));
    const rest = withoutUnion(node, keyword);
    if (branches.every(saysNothing)) {
      if (branches.length > 0) this.#replaceByHint(draft, keyword, all);
      if (branches.length === 0) return this.#write({ ...rest, type: 'null' }, path, depth);
      return this.#write(describedBy(rest, hints), path, depth);
    }
    if (this.#staysBeside(keyword)) return undefined;
    const nulls = all.length > branches.length;
    if (this.#profile.unions === 'best') return this.#bestOf(draft, rest, branches, nulls);
    const outer = keysOutside(rest);
    const [only] = branches;
    const collapses =
      branches.length === 1 && (this.#profile.null === 'nullable' || outer.length > 0) && only !== undefined;
    if (collapses && this.#flattener.spend(1)) {
      const merged = this.#compile({ ...withDescriptionOf(rest, only), allOf: [only] }, path, depth + 1);
      return nulls ? this.#nullable(merged) : merged;
    }
    return this.#anyOf(draft, rest, { keyword, all, outer, nulls });
  }

  #anyOf(
    draft: Draft,
    rest: JsonObject,
    union: {
      readonly keyword: string;
      readonly all: readonly JsonValue[];
      readonly outer: readonly string[];
      readonly nulls: boolean;
    },
  ): JsonObject | undefined {
    const { path, depth, hints } = draft;
    const { keyword, all, outer, nulls } = union;
    const properties = rest['properties'];
    const size =
      outer.length === 0 ? 0 : outer.length + (isJsonObject(properties) ? Object.keys(properties).length : 0);
    if (!this.#flattener.spend(size * all.length)) {
      this.#replaceByHint(draft, keyword, all);
      return undefined;
    }
    const shared = Object.fromEntries(outer.map((key) => [key, rest[key]]));
    const result = this.#annotations(rest, hints);
    const asKeyword = this.#profile.null === 'nullable';
    const branches: JsonValue[] = [];
    for (const [index, branch] of all.entries()) {
      const isNull = isNullSchema(branch);
      if (isNull && asKeyword) continue;
      const whole = outer.length === 0 || isNull ? branch : { ...shared, allOf: [branch] };
      branches.push(this.#compile(whole, memberAt(path, keyword, index), depth + 1));
    }
    result['anyOf'] = branches;
    return nulls && asKeyword ? this.#nullable(result) : result;
  }

  #bestOf(draft: Draft, rest: JsonObject, branches: readonly JsonValue[], nulls: boolean): JsonObject {
    const { path, depth, hints } = draft;
    const best = bestBranch(branches);
    const types = new Set(branches.flatMap((branch) => (isJsonObject(branch) ? typesOf(branch) : [])));
    if (types.size > 1) hints.say(`Accepts: ${[...types].join(' | ')}`);
    if (branches.length > 1) this.#report.lost(path, 'anyOf');
    this.#flattener.spend(1);
    const described = describedBy(withDescriptionOf(rest, best), hints);
    const result = this.#compile({ ...described, allOf: [best] }, path, depth + 1);
    return nulls ? this.#nullable(result) : result;
  }

  #nullable(result: JsonObject): JsonObject {
    if (this.#profile.null === 'nullable') return { ...result, nullable: true };
    return isNullable(result) ? result : makeNullable(result);
  }

  #branchPerType(draft: Draft): JsonObject {
    const { node, path, depth, types, nullable } = draft;
    const result = this.#annotations(node, draft.hints);
    const kinds = types.includes('number') ? types.filter((type) => type !== 'integer') : types;
    const inner = Object.fromEntries(keysOutside(node).map((key) => [key, node[key]]));
    const branches: JsonValue[] = kinds.map((type) => this.#write({ ...inner, type }, path, depth + 1));
    const [only] = branches;
    if (branches.length === 1 && isJsonObject(only)) Object.assign(result, only, result);
    else result['anyOf'] = branches;
    if (!nullable) return result;
    if (this.#profile.null === 'type') branches.push({ type: 'null' });
    else result['nullable'] = true;
    return result;
  }

  /** A result with the annotations alone. */
  #annotations(node: JsonObject, hints: Hints): MutableJsonObject {
    const result: MutableJsonObject = {};
    for (const key of ANNOTATIONS) {
      if (key === 'description' || node[key] === undefined) continue;
      if (this.#profile.keywords.has(key)) result[key] = node[key];
      else if (HELPFUL.has(key)) hints.add(key, node[key]);
    }
    const description = hints.describe(node['description']);
    if (description !== undefined) result['description'] = description;
    return result;
  }

  #plain(draft: Draft): JsonObject {
    const { node, hints } = draft;
    const result: MutableJsonObject = {};
    const values = enumOf(draft, this.#profile);
    const type = draft.types[0] ?? values.type ?? (this.#profile.typed ? inferType(node) : undefined);
    if (type === undefined && draft.types.length === 0 && this.#mustBeTyped(draft)) return this.#anyValue(draft);
    const nullable = draft.nullable || values.nullable;
    this.#writeType(result, draft, type, nullable);
    const several = draft.types.length > 1;
    for (const key in node) {
      if (RULED.has(key)) continue;
      const about = several ? undefined : TYPE_OF_KEYWORD.get(key);
      if (about !== undefined && type !== undefined && about !== (type === 'integer' ? 'number' : type)) continue;
      this.#keyword(result, draft, key, type);
    }
    Object.assign(result, values.keywords);
    if (values.hint !== undefined) this.#replaceByHint(draft, 'enum', values.hint);
    if (type === 'object' || type === undefined || several) this.#writeRequired(result, draft);
    if (type === 'object' || (several && draft.types.includes('object'))) this.#finishObject(result, draft);
    if (type === 'array' && this.#profile.typed && result['items'] === undefined) this.#fillItems(result, draft);
    const description = hints.describe(node['description']);
    if (description !== undefined) result['description'] = description;
    return result;
  }

  #mustBeTyped({ node, nullable }: Draft): boolean {
    return this.#profile.typed && !nullable && node['anyOf'] === undefined;
  }

  #anyValue(draft: Draft): JsonObject {
    const { node, path, depth } = draft;
    this.#report.hinted(path, 'type');
    const types = this.#profile.objects === 'closed' ? ANY_TYPES.slice(0, -1) : ANY_TYPES;
    const anything = this.#profile.typeLists ? [...types, 'null'] : types;
    return this.#write({ ...node, type: this.#profile.unions === 'best' ? 'string' : anything }, path, depth);
  }

  #writeType(result: MutableJsonObject, draft: Draft, type: string | undefined, nullable: boolean): void {
    const asKeyword = this.#profile.null === 'nullable';
    if (draft.types.length > 1) result['type'] = nullable ? [...draft.types, 'null'] : draft.types;
    else if (type === undefined) {
      if (nullable && draft.nullable) result['type'] = asKeyword ? 'string' : 'null';
    } else result['type'] = nullable && !asKeyword ? [type, 'null'] : type;
    if (nullable && asKeyword) result['nullable'] = true;
  }

  #keyword(result: MutableJsonObject, draft: Draft, key: string, type: string | undefined): void {
    const { node, path, depth, hints } = draft;
    const value = node[key];
    if (value === undefined) return;
    if (this.#profile.keywords.has(key)) {
      if (this.#structure(result, draft, key)) return;
      if (key !== '$defs' && key !== '$ref' && isWellFormed(key, value) && this.#takes(key, value)) {
        result[key] = value;
        return;
      }
    }
    if (key === 'prefixItems' && isArray(value) && this.#profile.typed && result['items'] === undefined) {
      this.#report.hinted(path, key);
      hints.say(`a list of ${value.length}, each of its own kind`);
      result['items'] = this.#compile({ anyOf: value }, at(path, 'items'), depth + 1);
    } else if (key === 'exclusiveMinimum' || key === 'exclusiveMaximum') this.#bound(result, draft, key, type);
    else if (key === 'additionalProperties' && typeof value === 'boolean') return;
    else if (RESTRICTIONS.has(key)) this.#replaceByHint(draft, key, value);
    else if (key === 'examples' && isArray(value) && this.#profile.keywords.has('example')) {
      const [example] = value;
      if (example !== undefined) result['example'] ??= example;
    } else if (HELPFUL.has(key)) hints.add(key, value);
  }

  /** Writes keywords that hold schemas; false for all others. */
  #structure(result: MutableJsonObject, { node, path, depth }: Draft, key: string): boolean {
    const value = node[key];
    if (key === 'properties' && isJsonObject(value)) {
      result[key] = mapMembers(value, (member, name) => this.#compile(member, memberAt(path, key, name), depth + 1));
    } else if (key === 'items' && value !== false) result[key] = this.#compile(value, at(path, key), depth + 1);
    else if (key === 'additionalProperties' && this.#profile.objects === 'closed') return true;
    else if (key === 'additionalProperties' && isJsonObject(value)) {
      if (this.#profile.unions === 'best') return false;
      result[key] = this.#compile(value, at(path, key), depth + 1);
    } else if ((key === 'anyOf' || key === 'oneOf' || key === 'prefixItems') && isArray(value)) {
      result[key] = value.map((item, index) => this.#compile(item, memberAt(path, key, index), depth + 1));
    } else return false;
    return true;
  }

  #takes(key: string, value: JsonValue): boolean {
    const { formats, refusedPattern, mostMinItems } = this.#profile;
    if (key === 'format') return formats === undefined || (typeof value === 'string' && formats.has(value));
    if (key === 'pattern') return refusedPattern === undefined || !refusedPattern.test(String(value));
    if (key === 'minItems') return mostMinItems === undefined || Number(value) <= mostMinItems;
    return key !== 'additionalProperties' || this.#profile.unions === 'anyOf' || value === false;
  }

  /** `exclusiveMinimum: 0` of an integer is `minimum: 1`; of a number only a hint can say it. */
  #bound(
    result: MutableJsonObject,
    draft: Draft,
    key: 'exclusiveMinimum' | 'exclusiveMaximum',
    type: string | undefined,
  ) {
    const bound = draft.node[key];
    if (typeof bound !== 'number') return;
    const lower = key === 'exclusiveMinimum';
    const inclusive = lower ? 'minimum' : 'maximum';
    const exact = type === 'integer' && Number.isInteger(bound) && draft.node[inclusive] === undefined;
    if (exact && this.#profile.keywords.has(inclusive)) result[inclusive] = bound + (lower ? 1 : -1);
    else this.#replaceByHint(draft, key, bound);
  }

  #replaceByHint({ path, hints }: Draft, key: string, value: JsonValue): void {
    if (hints.add(key, value)) this.#report.hinted(path, key);
    else this.#report.lost(path, key);
  }

  #writeRequired(result: MutableJsonObject, draft: Draft): void {
    const { node } = draft;
    if (node['required'] === undefined) return;
    const names = [...new Set(stringsOf(node['required']))];
    if (names.length === 0) return;
    const properties = result['properties'];
    const known = names.filter((name) => isJsonObject(properties) && Object.hasOwn(properties, name));
    if (known.length > 0) result['required'] = known;
    const met = new Set(known);
    const unknown = known.length === names.length ? [] : names.filter((name) => !met.has(name));
    if (unknown.length > 0) this.#replaceByHint(draft, 'required', unknown);
  }

  #finishObject(result: MutableJsonObject, { node, path }: Draft): void {
    if (this.#profile.objects === 'closed') closeObject(result, node, path, this.#profile, this.#report);
    if (this.#profile.placeholder) addPlaceholder(result);
  }

  #fillItems(result: MutableJsonObject, { path, depth }: Draft): void {
    result['items'] = this.#compile({}, at(path, 'items'), depth + 1);
  }
}

/** The keywords of a schema that are no annotations. */
function keysOutside(node: JsonObject): readonly string[] {
  return Object.keys(node).filter((key) => !ANNOTATIONS.has(key) && !key.startsWith('$') && !key.startsWith('x-'));
}
