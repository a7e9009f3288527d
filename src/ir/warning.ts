/** One thing that the target dialect cannot carry. Never silent: header, request log, strict mode. */
export interface TranslationWarning {
  /** JSON path in the client's own body, e.g. `messages[2].content[0]`; or in the IR when that is unknown. */
  readonly path: string;
  /** What happened and why, for the person who reads it; no user content in it. */
  readonly reason: string;
}

/** What an encoder returns: the wire value and everything that was lost on the way. */
export interface Encoded<T> {
  readonly value: T;
  readonly warnings: readonly TranslationWarning[];
}

/** Takes note of something that the target cannot carry. */
export type Warn = (path: string, reason: string) => void;

/** A list of warnings and the function that fills it. */
export function collectWarnings(): { readonly warnings: TranslationWarning[]; readonly warn: Warn } {
  const warnings: TranslationWarning[] = [];
  return { warnings, warn: (path, reason) => warnings.push({ path, reason }) };
}
