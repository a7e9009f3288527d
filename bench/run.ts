/**
 * `npm run bench [-- bench.py arguments]`: builds the product, sets up the harness (mock upstream, load generator,
 * prototypes, Portkey), measures all of them interleaved, judges the limits and writes `bench/RESULTS.md`.
 * The harness is found at `$LLMPROXY_BENCH` or `../shared/bench`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judge } from './limits.ts';

const root = resolve(import.meta.dirname, '..');
const harness = resolve(process.env['LLMPROXY_BENCH'] ?? join(root, '../shared/bench'));

function must(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The first of a few ports in a row that nobody uses: the mock, and one for each system. */
async function freePorts(count: number): Promise<number> {
  for (let first = 19_000; first < 60_000; first += 100) {
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (!free.includes(false)) return first;
  }
  throw new Error('no free ports');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const port = await freePorts(8);
const out = mkdtempSync(join(tmpdir(), 'llmproxy-bench-'));
must('npm', ['run', '-s', 'build']);
must(join(harness, 'setup.sh'), ['--portkey']);
must('python3', [
  join(harness, 'bench.py'),
  // One start each: Portkey's port is not free at once after a stop, and the harness would leave it out.
  ...['--starts', '1', '--systems', 'direct,undici,portkey', '--name', 'llmproxy', '--cwd', root, '--out', out],
  ...['--mock-port', String(port), '--port', String(port + 1)],
  ...['--cmd', `${process.execPath} dist/cli/main.js --config {config} --port {port}`],
  ...process.argv.slice(2),
]);
const verdicts = judge(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')));
const table = readFileSync(join(out, 'table.md'), 'utf8');
writeFileSync(join(root, 'bench/RESULTS.md'), `${verdicts.markdown}\n${table.replace(/^# /, '## Run of ')}`);
rmSync(out, { recursive: true, force: true });
console.log(verdicts.markdown);
process.exitCode = verdicts.allMet ? 0 : 1;
