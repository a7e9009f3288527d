/** Fails when files grow past the design's limits: median 100, 90th percentile 250, at most 400 lines each. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const LIMITS = { median: 100, p90: 250, max: 400 };
const SOURCE = /^(src|scripts|test|bench|examples|dashboard\/src)\/.*\.(ts|svelte)$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => SOURCE.test(file) && existsSync(file));
const sizes = files
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines);

/** The size below which the given share of the files stays. */
function percentile(share: number): number {
  return sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]?.lines ?? 0;
}

const median = percentile(0.5);
const p90 = percentile(0.9);
const problems = sizes
  .filter(({ lines }) => lines > LIMITS.max)
  .map(({ file, lines }) => `${file} has ${lines} lines; split it by topic (at most ${LIMITS.max})`);
if (median > LIMITS.median) problems.push(`the median file has ${median} lines (at most ${LIMITS.median})`);
if (p90 > LIMITS.p90) problems.push(`a tenth of the files has over ${p90} lines (at most ${LIMITS.p90})`);

for (const problem of problems) console.error(problem);
console.log(`${sizes.length} files: median ${median}, p90 ${p90}, largest ${sizes.at(-1)?.lines ?? 0} lines`);
process.exitCode = problems.length === 0 ? 0 : 1;
