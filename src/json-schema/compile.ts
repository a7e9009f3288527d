import type { JsonObject } from '../ir/json.ts';
import { Budget } from './budget.ts';
import { Compiler } from './compiler.ts';
import { ROOT } from './path.ts';
import { profileOf, type SchemaTarget } from './profile.ts';
import { Repairer } from './repair.ts';
import { type DroppedKeyword, Report } from './report.ts';
import { objectRoot } from './root.ts';

/** A schema in a target's dialect. */
export interface CompiledSchema {
  readonly schema: JsonObject;
  /** What the target's dialect cannot say, in the order of the schema. */
  readonly dropped: readonly DroppedKeyword[];
}

/** A retry compiles the same tools again; see `compile-ahead.ts` as well. */
const cache = new WeakMap<JsonObject, Map<SchemaTarget, CompiledSchema>>();

/**
 * Writes a JSON Schema in the dialect of a target; the very same object comes back when nothing had to change.
 * `request`: what all schemas of one request may spend together.
 */
export function compileSchema(schema: JsonObject, target: SchemaTarget, request?: Budget): CompiledSchema {
  const known = cache.get(schema)?.get(target);
  if (known !== undefined) return known;
  return new Compilation(schema, target, request).all();
}

/** Whether that is known already. */
export function isCompiled(schema: JsonObject, target: SchemaTarget): boolean {
  return cache.get(schema)?.has(target) === true;
}

/** The compilation of one schema. */
export class Compilation {
  readonly #schema: JsonObject;
  readonly #target: SchemaTarget;
  readonly #request: Budget | undefined;
  readonly #report = new Report();
  readonly #repairer: Repairer;
  /** The schema as far as it is done. */
  #root: JsonObject;

  constructor(schema: JsonObject, target: SchemaTarget, request: Budget | undefined) {
    this.#schema = schema;
    this.#target = target;
    this.#request = request;
    this.#root = schema;
    this.#repairer = new Repairer(this.#report);
  }

  /** In parts: after so many schemas others have their turn. */
  *steps(most: number): Generator<undefined, void> {
    yield* this.#repairer.ahead(this.#schema, most);
    this.#repair();
    if (this.nodes > most) yield;
    const compiler = this.#prepare();
    if (this.nodes > most) yield;
    if (compiler !== undefined) yield* compiler.ahead(this.#root, most);
    this.#finish(compiler);
  }

  /** At once. */
  all(): CompiledSchema {
    this.#repair();
    return this.#finish(this.#prepare());
  }

  #repair(): void {
    this.#root = this.#repairer.schema(this.#schema, ROOT, 0);
  }

  /** Makes an object of the root where it must be one. Undefined: nothing else is to be done. */
  #prepare(): Compiler | undefined {
    const most = Math.min(2000, 100 + 2 * this.nodes);
    const budget = (): Budget => new Budget(most, this.#request);
    const profile = profileOf(this.#target);
    if (profile === undefined || profile.objectRoot) this.#root = objectRoot(this.#root, this.#report, budget());
    return profile && new Compiler(profile, this.#root, this.#report, budget());
  }

  /** What comes out is remembered. */
  #finish(compiler: Compiler | undefined): CompiledSchema {
    const compiled = { schema: compiler?.compileRoot(this.#root) ?? this.#root, dropped: this.#report.list() };
    let known = cache.get(this.#schema);
    if (known === undefined) {
      known = new Map();
      cache.set(this.#schema, known);
    }
    known.set(this.#target, compiled);
    return compiled;
  }

  /** How many schemas it holds; known at the end. */
  get nodes(): number {
    return this.#repairer.nodes;
  }
}
