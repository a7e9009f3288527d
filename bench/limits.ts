/** The limits that the benchmark holds the product to, and the verdict over one run's summary. */

/** A figure and what it may be. */
export interface Limit {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** Reads the figure out of the summary; undefined when the run did not measure it. */
  figure(summary: unknown): number | undefined;
}

/** Walks into parsed JSON by keys; undefined where a key is missing. */
function dig(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

function numberAt(summary: unknown, ...keys: readonly string[]): number | undefined {
  const found = dig(summary, ...keys);
  return typeof found === 'number' ? found : undefined;
}

const PRODUCT = 'llmproxy';
const cpu = (summary: unknown, scenario: string, system: string): number | undefined =>
  numberAt(summary, 'scenarios', scenario, system, 'cpu_per_k', 'median');

/** Median over the rounds of CPU per request against the undici prototype. */
function againstPrototype(scenario: string): Limit {
  return {
    what: `${scenario}: CPU per request against the undici prototype`,
    limit: 1.4,
    unit: 'x',
    figure: (summary) => numberAt(summary, 'scenarios', scenario, PRODUCT, 'ratio', 'cpu_per_k', 'median'),
  };
}

function againstPortkey(scenario: string): Limit {
  return {
    what: `${scenario}: CPU per request against Portkey`,
    limit: 0.2,
    unit: 'x',
    figure: (summary) => {
      const [mine, theirs] = [cpu(summary, scenario, PRODUCT), cpu(summary, scenario, 'portkey')];
      return mine === undefined || theirs === undefined ? undefined : mine / theirs;
    },
  };
}

function addedLatency(summary: unknown): number | undefined {
  const [mine, base] = [PRODUCT, 'undici'].map((system) =>
    numberAt(summary, 'scenarios', 'S7', system, 'added_p50', 'median'),
  );
  return mine === undefined || base === undefined ? undefined : mine / base;
}

/** Lost frames and failed streams among the 500 paced ones. */
function lostFrames(summary: unknown): number | undefined {
  const bad = numberAt(summary, 'scenarios', 'S3c', PRODUCT, 'bad');
  return bad === undefined
    ? undefined
    : bad + (dig(summary, 'scenarios', 'S3c', PRODUCT, 'incomplete') === true ? 1 : 0);
}

function start(key: string): (summary: unknown) => number | undefined {
  return (summary) => {
    const starts = dig(summary, 'starts', PRODUCT);
    if (!Array.isArray(starts)) return undefined;
    const values = starts.map((one) => numberAt(one, key) ?? Number.NaN).sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)];
  };
}

const limits: readonly Limit[] = [
  ...['S1', 'S2', 'S4', 'S5'].map(againstPrototype),
  ...['S1', 'S2', 'S4', 'S5'].map(againstPortkey),
  { what: 'S7: added latency p50 against the undici prototype', limit: 1.5, unit: 'x', figure: addedLatency },
  { what: 'S3c: lost frames and failed streams of 500 paced streams', limit: 0, unit: '', figure: lostFrames },
  { what: 'idle RSS', limit: 95, unit: 'MB', figure: start('idle_listener') },
  { what: 'start to first answer', limit: 0.7, unit: 's', figure: start('startup') },
];

/** What the first scenarios must reach however many credentials are loaded. */
export const scenarioLimits: readonly Limit[] = limits.filter(({ what }) => /^S[124]:/.test(what));

/** The verdict as Markdown, and whether every limit that was measured is met; `only` those of scenarios, where asked. */
export function judge(
  summary: unknown,
  { only = limits }: { only?: readonly Limit[] } = {},
): { readonly markdown: string; readonly allMet: boolean } {
  let allMet = true;
  const rows = only.map(({ what, limit, unit, figure }) => {
    const found = figure(summary);
    if (found === undefined) return `| ${what} | at most ${limit} ${unit} | not measured | |`;
    const met = found <= limit;
    allMet &&= met;
    return `| ${what} | at most ${limit} ${unit} | ${found.toFixed(2)} ${unit} | ${met ? 'met' : '**missed**'} |`;
  });
  const head = [
    '# Benchmark results',
    '',
    'Written by `npm run bench`.',
    '',
    '| figure | limit | measured | |',
    '|---|---|---|---|',
  ];
  return { markdown: `${[...head, ...rows].join('\n')}\n`, allMet };
}
