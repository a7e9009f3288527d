import { at } from './node.ts';

/** A keyword that the target does not take. */
export interface DroppedKeyword {
  /** Below the schema's root: `properties.city.minLength`. */
  readonly path: string;
  /** The description says it now: the model knows, but nothing enforces it. */
  readonly hinted: boolean;
}

/** Nobody reads more; a schema of a megabyte could give as many. */
const LIMIT = 200;

/** Collects what a schema loses. */
export class Report {
  readonly #dropped = new Map<string, DroppedKeyword>();

  hinted(path: string, keyword: string): void {
    this.#add(path, keyword, true);
  }

  lost(path: string, keyword: string): void {
    this.#add(path, keyword, false);
  }

  #add(parent: string, keyword: string, hinted: boolean): void {
    const path = keyword === '' ? parent : at(parent, keyword);
    const known = this.#dropped.get(path);
    if (known !== undefined && !(known.hinted && !hinted)) return;
    if (known === undefined && this.#dropped.size >= LIMIT) return;
    this.#dropped.set(path, { path, hinted });
  }

  list(): readonly DroppedKeyword[] {
    return [...this.#dropped.values()];
  }
}
