import type { Extensions } from '../../ir/index.ts';
import { DIALECT, type Warn } from './wire.ts';

/** Names that say the same in every dialect and are written anew anyway. */
const IDENTITY_FIELDS = new Set(['type', 'name']);

/** Warns of every field that only another dialect knows; `path` is '' for fields of the body itself. */
export function warnForeignFields(extensions: Extensions | undefined, path: string, warn: Warn): void {
  for (const [dialect, fields] of Object.entries(extensions ?? {})) {
    if (dialect === DIALECT) continue;
    for (const key of Object.keys(fields ?? {})) {
      if (IDENTITY_FIELDS.has(key)) continue;
      warn(path === '' ? key : `${path}.${key}`, `only dialect ${dialect} knows this field`);
    }
  }
}
