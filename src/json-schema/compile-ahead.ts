import type { JsonObject } from '../ir/json.ts';
import { Budget } from './budget.ts';
import { Compilation, isCompiled } from './compile.ts';
import type { SchemaTarget } from './profile.ts';

/** So many schemas are compiled before others have their turn: a few milliseconds. */
const MOST_AT_ONCE = 5_000;

/** A schema that is about to be compiled. */
export type PlannedSchema = readonly [schema: JsonObject | undefined, target: SchemaTarget];

/** Compiles the schemas of a request in parts; whoever compiles them after that finds them done. */
export function* compileAhead(planned: Iterable<PlannedSchema>): Generator<undefined, void> {
  const request = new Budget();
  let nodes = 0;
  for (const [schema, target] of planned) {
    if (schema === undefined || isCompiled(schema, target)) continue;
    const compilation = new Compilation(schema, target, request);
    yield* compilation.steps(MOST_AT_ONCE);
    nodes += compilation.nodes;
    if (nodes <= MOST_AT_ONCE) continue;
    nodes = 0;
    yield;
  }
}

/** A tool as the hub knows it; only functions have parameters. */
interface PlannedTool {
  readonly type: string;
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
}

/** The parameters of functions: those that bind the model for one target, the others for another. */
export function plannedTools(
  tools: readonly PlannedTool[],
  target: SchemaTarget,
  strict: SchemaTarget = target,
): PlannedSchema[] {
  return tools.map((tool) => [tool.parameters, tool.strict === true ? strict : target]);
}
