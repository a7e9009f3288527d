import type { TranslationWarning } from './warning.ts';

/** What a stream lost on its way to the client: each place once, however many events it took. */
export class LossNotes {
  readonly #byPath = new Map<string, TranslationWarning>();

  /** Returns the text that takes the place of what was lost: none. */
  add(path: string, reason: string): '' {
    if (!this.#byPath.has(path)) this.#byPath.set(path, { path, reason });
    return '';
  }

  list(): readonly TranslationWarning[] {
    return [...this.#byPath.values()];
  }
}
