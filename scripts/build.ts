/**
 * `npm run build`: bundles the command line into `dist`. Loading one file instead of 250 halves the start, and what
 * nobody calls (zod's fifty languages) stays out of memory. Also runs as `prepare`, at the end of `npm ci`.
 */
import { globSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** Another folder may be named, so that a test does not build under the feet of others. */
const target = resolve(process.argv[2] ?? join(root, 'dist'));

async function build(): Promise<void> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: { 'cli/main': join(root, 'src/cli/main.ts'), ...threads() },
    cwd: root,
    platform: 'node',
    // Loaded when needed, in part (undici), or with files of their own (pino): from node_modules.
    external: [/^undici/, /^pino/, /^fetch-socks/, /^gpt-tokenizer/],
    // The package promises to have no side effects; these modules run the program and its threads.
    treeshake: {
      moduleSideEffects: [{ test: /[\\/]src[\\/](?:cli[\\/]run|.+-worker)\.ts$/, sideEffects: true }],
    },
    onLog(level, log, report) {
      report(level === 'warn' ? 'error' : level, log);
    },
  });
  rmSync(target, { recursive: true, force: true });
  // Chunks lie beside `cli`, not in it: `../package.json` is where it is for the sources.
  await bundle.write({ dir: target, format: 'esm', chunkFileNames: '[name].js' });
  await bundle.close();
}

/** Threads are files of their own, beside the chunk that starts them. */
function threads(): Record<string, string> {
  const files = globSync('src/**/*-worker.ts', { cwd: root });
  return Object.fromEntries(files.map((file) => [basename(file, '.ts'), join(root, file)]));
}

/** An install without the development packages has nothing to build with; it runs from the sources. */
function lacksBundler(error: unknown): boolean {
  return (
    process.env['npm_lifecycle_event'] === 'prepare' &&
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND'
  );
}

await build().catch((error: unknown) => {
  if (!lacksBundler(error)) throw error;
  console.error('not built: rolldown is not installed; `npm start` runs the sources');
});
