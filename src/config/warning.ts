/** Something in the configuration that does not stop the start. */
export interface ConfigWarning {
  /** Line in the file, from 1; absent when the file is not to blame. */
  readonly line?: number | undefined;
  /** Key path, e.g. `claude-api-key[0].cloak`. */
  readonly path: string;
  readonly message: string;
}

/** One line for people: `config.yaml:12: port: ...`. */
export function formatWarning(warning: ConfigWarning, file: string | undefined): string {
  const place = warning.line === undefined || file === undefined ? '' : `${file}:${warning.line}: `;
  return `${place}${warning.message}`;
}
