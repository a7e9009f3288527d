const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration as the schema accepts it: `1h30m`, `250ms`, `0`. */
export function durationMs(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, number = '', unit = '']) => sum + Number(number) * (UNITS_MS[unit] ?? 0),
    0,
  );
}
