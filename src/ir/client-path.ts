/** Paths of the hub by the client's own: a key that ends in a dot stands for everything below it. */
export type PathNames = Readonly<Record<string, string>>;

/** Of each table the keys that end in a dot: thousands of warnings may need them. */
const prefixes = new WeakMap<PathNames, readonly string[]>();

function prefixesOf(names: PathNames): readonly string[] {
  let known = prefixes.get(names);
  if (known === undefined) {
    known = Object.keys(names).filter((key) => key.endsWith('.'));
    prefixes.set(names, known);
  }
  return known;
}

/** A warning's path as the client's body spells it. */
export function renamePath(path: string, names: PathNames): string {
  const exact = Object.hasOwn(names, path) ? names[path] : undefined;
  if (exact !== undefined) return exact;
  const prefix = prefixesOf(names).find((key) => path.startsWith(key));
  return prefix === undefined ? path : `${names[prefix]}${path.slice(prefix.length)}`;
}
