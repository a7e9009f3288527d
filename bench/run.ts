/**
 * `npm run bench [-- --credentials 2000] [bench.py arguments]`: builds the product, sets up the harness (mock upstream,
 * load generator, prototypes, Portkey), measures all of them interleaved, judges the limits and writes `bench/RESULTS.md`; with so many
 * credentials loaded the scenarios S1, S2 and S4, into `bench/RESULTS-2000.md`.
 * The harness is found at `$LLMPROXY_BENCH` or `../shared/bench`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judge, scenarioLimits } from './limits.ts';

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

/** `--credentials 2000` is ours, everything else the harness's. */
function credentialsFlag(given: readonly string[]): { credentials: number | undefined; rest: readonly string[] } {
  const at = given.indexOf('--credentials');
  if (at < 0) return { credentials: undefined, rest: given };
  const count = Number(given[at + 1]);
  if (!Number.isInteger(count) || count < 1) throw new Error('--credentials needs a number');
  return { credentials: count, rest: given.toSpliced(at, 2) };
}

/** The harness's configuration with so many keys for each of the two upstreams that the scenarios use. */
function manyCredentials(count: number): readonly string[] {
  const text = readFileSync(join(harness, 'product-config.yaml'), 'utf8');
  const indexes = Array.from({ length: count }, (_, index) => index);
  const chat = indexes.map((index) => `      - { api-key: "sk-up-${index}" }\n`).join('');
  const claude = /( {2}- api-key: ")sk-ant-1("[\s\S]*?)(?= {2}- api-key: "sk-ant-2")/.exec(text);
  if (claude === null) throw new Error('product-config.yaml is not as expected');
  const [entry, before = '', after = ''] = claude;
  const many = text
    .replace(/( {6}- \{ api-key: "sk-up-\d+" \}\n)+/, () => chat)
    .replace(entry, () => indexes.map((index) => `${before}sk-ant-many-${index}${after}`).join(''));
  const file = join(out, 'many.yaml');
  writeFileSync(file, many);
  return ['--config', file, '--scen', 'S1,S2,S4'];
}

const { credentials, rest } = credentialsFlag(process.argv.slice(2));
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
  ...(credentials === undefined ? [] : manyCredentials(credentials)),
  ...rest,
]);
const verdicts = judge(
  JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')),
  credentials === undefined ? {} : { only: scenarioLimits },
);
const table = readFileSync(join(out, 'table.md'), 'utf8');
const results = credentials === undefined ? 'RESULTS.md' : `RESULTS-${credentials}.md`;
writeFileSync(join(root, 'bench', results), `${verdicts.markdown}\n${table.replace(/^# /, '## Run of ')}`);
rmSync(out, { recursive: true, force: true });
console.log(verdicts.markdown);
process.exitCode = verdicts.allMet ? 0 : 1;
