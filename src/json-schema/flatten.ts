import { isJsonObject, type JsonObject, type MutableJsonObject } from '../ir/json.ts';
import type { Budget } from './budget.ts';
import { mergeInto } from './merge.ts';
import { isArray, own, schemasOf, setMember } from './node.ts';
import { memberAt, ROOT, type SchemaPath } from './path.ts';
import { type References, referenceLabel } from './references.ts';
import { MAX_DEPTH } from './repair.ts';
import type { Report } from './report.ts';

/** Replaced by what they mean, or kept for the root. */
const RESOLVED: ReadonlySet<string> = new Set(['$ref', 'allOf', 'if', 'then', 'else', '$defs', 'definitions']);
/** May stand beside a `$ref` that is kept: they say nothing about the value. */
const SILENT: ReadonlySet<string> = new Set(['$defs', 'definitions', '$schema', '$comment', 'title', 'deprecated']);

/** What the flattening of one schema depends on. */
export interface FlattenContext {
  readonly references: References;
  readonly report: Report;
  /** How often a definition may be written out inside itself. */
  readonly recursion: number;
  /** Whether a `$ref` to a definition of the root stays when nothing stands beside it. */
  readonly keepsReferences: boolean;
}

/** Writes out references and merges `allOf` and conditions, one level at a time. */
export class Flattener {
  readonly #context: FlattenContext;
  /** What is being written out at the moment: the same again is a recursion. */
  readonly #open: JsonObject[] = [];
  readonly #budget: Budget;

  constructor(context: FlattenContext, budget: Budget) {
    this.#context = context;
    this.#budget = budget;
  }

  /** Where the list of open definitions stands; see {@link close}. */
  get mark(): number {
    return this.#open.length;
  }

  /** Forgets the definitions opened since the mark. */
  close(mark: number): void {
    if (this.#open.length > mark) this.#open.length = mark;
  }

  /** False when the budget is used up. */
  spend(count: number): boolean {
    return this.#budget.spend(count);
  }

  /** The definition's name when the schema is nothing but a reference to it that may stay. */
  keptReference(node: JsonObject): string | undefined {
    const reference = node['$ref'];
    if (typeof reference !== 'string' || !this.#context.keepsReferences) return undefined;
    const name = this.#context.references.definition(reference);
    if (name === undefined) return undefined;
    const siblings = Object.keys(node).filter((key) => key !== '$ref' && !SILENT.has(key));
    if (siblings.length === 0) return name;
    const target = this.#context.references.resolve(reference);
    return target !== undefined && this.#open.includes(target) ? name : undefined;
  }

  /** The schema without references, `allOf` and conditions at its own level. Definitions opened stay open. */
  flatten(node: JsonObject, path: SchemaPath): JsonObject {
    if (isFlat(node)) return node;
    const result: MutableJsonObject = {};
    this.#absorb(result, node, path, 0);
    return result;
  }

  #absorb(result: MutableJsonObject, node: JsonObject, path: SchemaPath, depth: number): void {
    const { report } = this.#context;
    const rest: MutableJsonObject = {};
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (!RESOLVED.has(key) && value !== undefined) setMember(rest, key, value);
    }
    mergeInto(result, rest, (keyword) => report.lost(path, keyword));
    if (typeof node['$ref'] === 'string') this.#follow(result, node['$ref'], path, depth);
    const all = node['allOf'];
    if (isArray(all)) {
      for (const member of schemasOf(all)) {
        if (depth < MAX_DEPTH && this.spend(1)) this.#absorb(result, member, path, depth + 1);
        else report.lost(path, 'allOf');
      }
    }
    if (isJsonObject(node['if'])) this.#relax(result, node, path);
  }

  #follow(result: MutableJsonObject, reference: string, path: SchemaPath, depth: number): void {
    const { references, report, recursion } = this.#context;
    const target = references.resolve(reference);
    const label = referenceLabel(reference);
    if (target === undefined) {
      report.lost(path, '$ref');
      result['description'] ??= `See: ${label}`;
      return;
    }
    const times = this.#open.filter((open) => open === target).length;
    if (times >= recursion || depth >= MAX_DEPTH || !this.spend(1)) {
      report.lost(path, '$ref');
      result['description'] ??= `Recursive, see: ${label}`;
      if (own(target, 'type') === undefined || target['type'] === 'object') result['type'] ??= 'object';
      return;
    }
    this.#open.push(target);
    this.#absorb(result, target, path, depth + 1);
  }

  /** What a condition adds may be there; that it must be cannot be said. */
  #relax(result: MutableJsonObject, node: JsonObject, path: SchemaPath): void {
    this.#context.report.lost(path, 'if');
    for (const branch of schemasOf([node['then'] ?? null, node['else'] ?? null])) {
      const properties = branch['properties'];
      if (!isJsonObject(properties)) continue;
      const known = result['properties'];
      const missing: MutableJsonObject = {};
      for (const name of Object.keys(properties)) {
        const value = properties[name];
        if (value !== undefined && !(isJsonObject(known) && Object.hasOwn(known, name)))
          setMember(missing, name, value);
      }
      mergeInto(result, { properties: missing }, () => undefined);
    }
  }

  /** Opens a definition that is about to be compiled on its own. */
  open(definition: JsonObject): void {
    this.#open.push(definition);
  }
}

/** Whether a schema has neither references nor `allOf` nor conditions at its own level. */
export function isFlat(node: JsonObject): boolean {
  for (const key in node) if (RESOLVED.has(key)) return false;
  return true;
}

/** Where a definition of the root stands. */
export function definitionPath(name: string): SchemaPath {
  return memberAt(ROOT, '$defs', name);
}
