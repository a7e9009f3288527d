import type { Config } from '../config/schema.ts';
import type { Roster } from './roster.ts';

/** Names in `fallbacks` that nobody serves: a request would go past them. */
export function fallbackWarnings({ fallbacks }: Config, { router, echoOnly }: Roster): string[] {
  // Without any credential there is nothing to fall back from, and the start says so.
  if (echoOnly) return [];
  return fallbacks.flatMap(({ to }, index) =>
    to
      .filter((name) => !isServed(name, router))
      .map((name) => `fallbacks[${index}].to: no credential serves the model "${name}"; it is passed over`),
  );
}

function isServed(name: string, router: Roster['router']): boolean {
  try {
    return router.route(name).length > 0;
  } catch {
    return false;
  }
}
