import type { JsonObject } from '../ir/json.ts';
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

/** {@link compileSchema}, with a warning for everything that is lost. */
export function compileWarned(schema: JsonObject, target: SchemaTarget, place: SchemaPlace): JsonObject {
  const compiled = compileSchema(schema, target);
  for (const { path, hinted } of compiled.dropped) {
    if (hinted && !place.enforced) continue;
    const reason = hinted
      ? 'the target does not enforce this part of the schema; the description says it'
      : 'the target does not take this part of the schema';
    place.warn(path === '' ? place.path : `${place.path}.${path}`, reason);
  }
  return compiled.schema;
}
