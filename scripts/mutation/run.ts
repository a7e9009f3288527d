/**
 * `npm run test:mutation [-- dialect ...]`: Stryker changes `src/dialects` in thousands of ways; the unit tests must
 * notice. One run per dialect folder, each with its own incremental state in `.cache`, then
 * `test/mutation/RESULTS.md` with the score of every folder. Fails below 80 %. Takes about ten minutes on two cores.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const ROOT = 'src/dialects';
const REPORTS = '.cache/mutation';
const RESULTS = 'test/mutation/RESULTS.md';
const TARGET_PERCENT = 80;

/** What became of the mutants of one folder. `ignored`: in code that runs once, at import. */
interface Tally {
  readonly detected: number;
  readonly undetected: number;
  readonly ignored: number;
}

function run(dialect: string): void {
  const own = [
    '--incrementalFile',
    `${REPORTS}/${dialect}-incremental.json`,
    '--mutate',
    `${ROOT}/${dialect}/**/*.ts,!${ROOT}/**/*.test.ts`,
  ];
  spawnSync(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', ...own], {
    stdio: 'inherit',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Reads a folder's incremental report: `files.<path>.mutants[].status`. */
function tallyOf(dialect: string): Tally | undefined {
  const file = `${REPORTS}/${dialect}-incremental.json`;
  if (!existsSync(file)) return undefined;
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const files = isRecord(report) && isRecord(report['files']) ? report['files'] : {};
  const statuses = Object.entries(files)
    .filter(([path]) => path.startsWith(`${ROOT}/${dialect}/`))
    .flatMap(([, entry]) => (isRecord(entry) && Array.isArray(entry['mutants']) ? entry['mutants'] : []))
    .map((mutant: unknown) => (isRecord(mutant) ? mutant['status'] : undefined));
  const count = (...wanted: readonly string[]): number =>
    statuses.filter((status) => typeof status === 'string' && wanted.includes(status)).length;
  return {
    detected: count('Killed', 'Timeout'),
    undetected: count('Survived', 'NoCoverage'),
    ignored: count('Ignored'),
  };
}

function percentOf({ detected, undetected }: Tally): number {
  const all = detected + undetected;
  return all === 0 ? 100 : (100 * detected) / all;
}

function row(name: string, tally: Tally): string {
  const { detected, undetected, ignored } = tally;
  return `| ${name} | ${percentOf(tally).toFixed(1)} % | ${detected} | ${undetected} | ${ignored} |`;
}

function page(tallies: ReadonlyMap<string, Tally>, total: Tally): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
  return `# Mutation testing of \`src/dialects\`

Written by \`npm run test:mutation\` (Stryker, with the unit tests beside the sources and the edge cases) on ${machine}.
Mutants in code that runs once at import (tables, constants) would need every test for each of them; they are counted
as left out.

| folder | score | detected | not detected | left out |
| --- | --- | --- | --- | --- |
${[...tallies].map(([name, tally]) => row(name, tally)).join('\n')}
${row('all', total)}
`;
}

const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const dialects = folders.map((entry) => entry.name).sort();
const wanted = process.argv.slice(2);
mkdirSync(REPORTS, { recursive: true });
for (const dialect of dialects) if (wanted.length === 0 || wanted.includes(dialect)) run(dialect);

const tallies = new Map<string, Tally>();
let total: Tally = { detected: 0, undetected: 0, ignored: 0 };
for (const dialect of dialects) {
  const tally = tallyOf(dialect);
  if (tally === undefined) continue;
  tallies.set(dialect, tally);
  total = {
    detected: total.detected + tally.detected,
    undetected: total.undetected + tally.undetected,
    ignored: total.ignored + tally.ignored,
  };
}
writeFileSync(RESULTS, page(tallies, total));
console.log(`mutation score ${percentOf(total).toFixed(1)} %, see ${RESULTS}`);
process.exitCode = percentOf(total) >= TARGET_PERCENT && tallies.size === dialects.length ? 0 : 1;
