import type { JsonObject } from '../ir/json.ts';
import { Budget } from './budget.ts';
import { compileSchema } from './compile.ts';
import type { SchemaTarget } from './profile.ts';

/** Where a schema stands, and who hears of its losses. */
export interface SchemaPlace {
  readonly path: string;
  readonly warn: (path: string, reason: string) => void;
  /**
   * The client counts on the answer to obey the schema: what a description says instead is a loss as well. Of a tool it
   * is none, as the model is told the same and the client's tool checks its arguments anyway.
   */
  readonly enforced: boolean;
}

/** Every request has a listener of its own. */
const budgets = new WeakMap<SchemaPlace['warn'], Budget>();

function budgetOf(warn: SchemaPlace['warn']): Budget {
  let budget = budgets.get(warn);
  if (budget === undefined) {
    budget = new Budget();
    budgets.set(warn, budget);
  }
  return budget;
}

/** {@link compileSchema}, with a warning for everything that is lost. */
export function compileWarned(schema: JsonObject, target: SchemaTarget, place: SchemaPlace): JsonObject {
  const compiled = compileSchema(schema, target, budgetOf(place.warn));
  for (const { path, hinted } of compiled.dropped) {
    if (hinted && !place.enforced) continue;
    const reason = hinted
      ? 'the target does not enforce this part of the schema; the description says it'
      : 'the target does not take this part of the schema';
    place.warn(path === '' ? place.path : `${place.path}.${path}`, reason);
  }
  return compiled.schema;
}
