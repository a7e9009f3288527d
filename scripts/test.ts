/**
 * `npm test`: runs the vitest projects `unit` and `clients` and closes with one plain line
 * `N passed, N failed, N skipped`. Arguments are passed on: `npm test -- --project unit src/ir`.
 * The project `models` needs a download of 150 MB and is run by `npm run test:models`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const REPORT = '.cache/test-report.json';

/** The numbers of vitest's JSON report that the closing line needs. */
interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function readTotals(): Totals {
  const report: unknown = JSON.parse(readFileSync(REPORT, 'utf8'));
  const count = (key: string): number => {
    const value: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, key) : undefined;
    return typeof value === 'number' ? value : 0;
  };
  // A file that cannot be loaded runs no test: without this it would count as nothing at all.
  const failed = Math.max(count('numFailedTests'), count('numFailedTestSuites') > 0 ? 1 : 0);
  return { passed: count('numPassedTests'), failed, skipped: count('numPendingTests') + count('numTodoTests') };
}

mkdirSync('.cache', { recursive: true });
rmSync(REPORT, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
const given = process.argv.slice(2);
const projects = given.includes('--project') ? [] : ['--project', 'unit', '--project', 'clients'];
const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...projects, ...given],
  {
    stdio: 'inherit',
  },
);
const totals = readTotals();
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = run.status === 0 && totals.failed === 0 && totals.passed > 0 ? 0 : 1;
