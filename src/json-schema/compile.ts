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

/** A retry compiles the same tools again. */
const cache = new WeakMap<JsonObject, Map<SchemaTarget, CompiledSchema>>();

/**
 * Writes a JSON Schema in the dialect of a target; the very same object comes back when nothing had to change.
 * `request`: what all schemas of one request may spend together.
 */
export function compileSchema(schema: JsonObject, target: SchemaTarget, request?: Budget): CompiledSchema {
  let known = cache.get(schema);
  if (known === undefined) {
    known = new Map();
    cache.set(schema, known);
  }
  let compiled = known.get(target);
  if (compiled === undefined) {
    compiled = compileNow(schema, target, request);
    known.set(target, compiled);
  }
  return compiled;
}

function compileNow(schema: JsonObject, target: SchemaTarget, request: Budget | undefined): CompiledSchema {
  const report = new Report();
  const repairer = new Repairer(report);
  const repaired = repairer.schema(schema, ROOT, 0);
  const most = Math.min(2000, 100 + 2 * repairer.nodes);
  const budget = (): Budget => new Budget(most, request);
  const profile = profileOf(target);
  const rooted = profile === undefined || profile.objectRoot ? objectRoot(repaired, report, budget()) : repaired;
  const result = profile === undefined ? rooted : new Compiler(profile, rooted, report, budget()).compileRoot(rooted);
  return { schema: result, dropped: report.list() };
}
