// `npm start`: the bundle when it is as new as the sources, which start slower (no bundle, types to strip), otherwise
// those. Plain JavaScript: a TypeScript file here would load the type stripper just for itself.
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bundle = join(root, 'dist/cli/main.js');

function isFresh() {
  const builtAtMs = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((file) => join(root, 'src', file));
  return [join(root, 'package.json'), ...sources].every((file) => statSync(file).mtimeMs <= builtAtMs);
}

await import(isFresh() ? bundle : join(root, 'src/cli/main.ts'));
