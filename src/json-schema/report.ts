import { at, pathText, type SchemaPath } from './path.ts';

/** A keyword that the target does not take. */
export interface DroppedKeyword {
  /** Below the schema's root: `properties.city.minLength`. */
  readonly path: string;
  /** The description says it now: the model knows, but nothing enforces it. */
  readonly hinted: boolean;
}

/** Nobody reads more of either kind; a schema of a megabyte could give as many. */
const LIMIT = 200;

/** Collects what a schema loses. */
export class Report {
  readonly #dropped = new Map<string, DroppedKeyword>();
  #hinted = 0;
  #lost = 0;

  hinted(path: SchemaPath, keyword: string): void {
    if (this.#hinted < LIMIT && this.#add(path, keyword, true)) this.#hinted++;
  }

  lost(path: SchemaPath, keyword: string): void {
    if (this.#lost < LIMIT && this.#add(path, keyword, false)) this.#lost++;
  }

  #add(parent: SchemaPath, keyword: string, hinted: boolean): boolean {
    const path = pathText(keyword === '' ? parent : at(parent, keyword));
    const known = this.#dropped.get(path);
    if (known !== undefined && !(known.hinted && !hinted)) return false;
    this.#dropped.set(path, { path, hinted });
    return true;
  }

  list(): readonly DroppedKeyword[] {
    return [...this.#dropped.values()];
  }
}
