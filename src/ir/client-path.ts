/** Paths of the hub by the client's own: a key that ends in a dot stands for everything below it. */
export type PathNames = Readonly<Record<string, string>>;

/** A warning's path as the client's body spells it. */
export function renamePath(path: string, names: PathNames): string {
  const exact = Object.hasOwn(names, path) ? names[path] : undefined;
  if (exact !== undefined) return exact;
  const prefix = Object.keys(names).find((key) => key.endsWith('.') && path.startsWith(key));
  return prefix === undefined ? path : `${names[prefix]}${path.slice(prefix.length)}`;
}
