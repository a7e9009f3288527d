/**
 * `npm run soak [-- --minutes 30 --rate 100 --seed 1 --faults 0.04 --out docs/soak.md]`: a real gateway process under load,
 * with failing providers, while its configuration and its accounts are edited. Writes the report; a long run judges memory.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { dialects } from '../test/faults/dialect-client.ts';
import { type ProxyProcess, startProxyProcess } from '../test/support/proxy-process.ts';
import { ask, type Question, type Verdict } from './soak/ask.ts';
import { nonceOf, pick, seeded } from './soak/chance.ts';
import { cpuSeconds, heapMb, openFiles, openSockets, rssMb } from './soak/measure.ts';
import type { UpstreamCounts, UpstreamReady } from './soak/messages.ts';
import { AccountFiles, configText, models, replaceFile } from './soak/pool.ts';
import { median, report } from './soak/report.ts';

const root = resolve(import.meta.dirname, '..');
const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '0.04' },
    out: { type: 'string', default: join(root, 'docs/soak.md') },
    keep: { type: 'boolean', default: false },
  },
});
const [minutes, rate, seed] = [Number(flags.minutes), Number(flags.rate), Number(flags.seed)];
const random = seeded(seed);

/** Conversations that requests belong to; their bindings are a part of the memory that must not grow. */
const CONVERSATIONS = 2000;
const MOST_UNDER_WAY = 500;
const CONFIG_EDIT_MS = 10_000;
const ACCOUNT_EDIT_MS = 3000;

const home = mkdtempSync(join(tmpdir(), 'llmproxy-soak-'));
const heapFile = join(home, 'heap');

async function startUpstream(): Promise<{ child: ChildProcess; ready: UpstreamReady }> {
  const child = fork(join(import.meta.dirname, 'soak/upstream.ts'), [flags.seed, flags.faults]);
  const ready = await new Promise<UpstreamReady>((done, reject) => {
    child.once('message', (message: UpstreamReady) => done(message));
    child.once('exit', (code) => reject(new Error(`the upstream ended with ${code}`)));
  });
  return { child, ready };
}

function upstreamCounts(child: ChildProcess): Promise<UpstreamCounts> {
  return new Promise((done) => {
    child.once('message', (message: UpstreamCounts) => done(message));
    child.send('counts');
  });
}

/** Verdicts and what else is known of all requests. */
const verdicts: Record<string, number> = {};
const messages: Record<string, number> = {};
const wrong: string[] = [];
const latencies: number[] = [];
const underWay = new Set<Promise<void>>();

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function question(index: number): Question {
  const abort = random() < 0.02 ? { abortAfterMs: 1 + Math.floor(random() * 60) } : {};
  return {
    dialect: pick(dialects, random),
    model: pick(models, random),
    stream: random() < 0.6,
    nonce: nonceOf(index, seed),
    conversation: Math.floor(random() * CONVERSATIONS),
    ...abort,
  };
}

async function once(origin: string, asked: Question): Promise<void> {
  const start = performance.now();
  const verdict = await ask(origin, asked);
  if (verdict.kind === 'right') latencies.push(performance.now() - start);
  note(asked, verdict);
}

function note(asked: Question, verdict: Verdict): void {
  const isRefusal = verdict.kind === 'refused';
  add(verdicts, isRefusal ? `refused with ${verdict.status}` : verdict.kind);
  if (isRefusal || verdict.kind === 'error in the stream') add(messages, plain(verdict.message));
  if (verdict.kind !== 'wrong') return;
  const line = `${asked.dialect} ${asked.model} ${asked.stream ? 'stream' : 'whole'} ${asked.nonce}: ${verdict.why}`;
  console.log(`WRONG ${line}`);
  if (wrong.length < 50) wrong.push(line);
}

/** Without what differs each time. */
function plain(message: string): string {
  return message
    .replaceAll(/127\.0\.0\.1:\d+/g, 'the provider')
    .replaceAll(/\d+/g, 'n')
    .replaceAll(/[|\n]/g, ' ')
    .slice(0, 120);
}

/** Starts requests at an even pace, whatever becomes of them. */
async function load(origin: string): Promise<void> {
  const start = performance.now();
  const seconds = minutes * 60;
  for (let sent = 0, passed = 0; passed < seconds; passed = (performance.now() - start) / 1000) {
    const due = Math.min(sent + rate, Math.floor(passed * rate) + 1);
    // A machine that cannot keep up sends less; the report says how much.
    for (; sent < due && underWay.size < MOST_UNDER_WAY; sent++) {
      const request = once(origin, question(sent)).finally(() => underWay.delete(request));
      underWay.add(request);
    }
    await sleep(5);
  }
  await Promise.all(underWay);
}

/** Idle connections end by themselves; what is still open after two minutes is leaked. */
async function settledSockets(pid: number, before: number): Promise<number> {
  for (let waited = 0; waited < 120 && openSockets(pid) > before; waited++) await sleep(1000);
  return openSockets(pid);
}

async function soak(
  proxy: ProxyProcess,
  upstream: { child: ChildProcess; ready: UpstreamReady },
  accounts: AccountFiles,
) {
  const { pid = 0 } = proxy.child;
  const startedAt = new Date();
  await sleep(3000);
  const heap = [await heapMb(pid, heapFile)];
  const before = { sockets: openSockets(pid), files: openFiles(pid), cpu: cpuSeconds(pid) };
  const rss: number[] = [];
  let most = 0;
  let variant = 0;
  const timers = [
    setInterval(() => {
      rss.push(rssMb(pid));
      most = Math.max(most, openSockets(pid));
      if (rss.length === Math.floor(minutes * 20)) void heapMb(pid, heapFile).then((mb) => heap.push(mb));
      if (rss.length % 30 === 0)
        console.log(`${rss.length} s: ${JSON.stringify(verdicts)}, ${rss.at(-1)?.toFixed(0)} MB`);
    }, 1000),
    setInterval(() => replaceFile(join(home, 'config.yaml'), configText(upstream.ready, ++variant)), CONFIG_EDIT_MS),
    setInterval(() => accounts.edit(random), ACCOUNT_EDIT_MS),
  ];
  await load(proxy.origin);
  for (const timer of timers) clearInterval(timer);
  upstream.child.send('quiet');
  const cpu = cpuSeconds(pid) - before.cpu;
  accounts.restore();
  const after = await settledSockets(pid, before.sockets);
  heap.push(await heapMb(pid, heapFile));
  const sorted = latencies.sort((a, b) => a - b);
  return report({
    startedAt,
    minutes,
    rate,
    seed,
    verdicts,
    wrong,
    messages,
    upstream: (await upstreamCounts(upstream.child)).counts,
    edits: { configuration: variant, ...prefixed('account: ', accounts.edits) },
    rss,
    heap,
    sockets: { before: before.sockets, most, after },
    files: { before: before.files, after: openFiles(pid) },
    latencyMs: { p50: median(sorted), p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, max: sorted.at(-1) ?? 0 },
    cpuSeconds: cpu,
  });
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [prefix + key, count]));
}

const upstream = await startUpstream();
const accounts = new AccountFiles(home, upstream.ready);
const proxy = await startProxyProcess(configText(upstream.ready, 0), [], {
  home,
  env: { SOAK_HEAP_FILE: heapFile },
  node: ['--import', join(import.meta.dirname, 'soak/heap-probe.ts')],
});
try {
  const { markdown, isGood } = await soak(proxy, upstream, accounts);
  writeFileSync(flags.out, markdown);
  console.log(markdown);
  process.exitCode = isGood ? 0 : 1;
} finally {
  writeFileSync(join(tmpdir(), 'llmproxy-soak.log'), proxy.output());
  await proxy.close();
  upstream.child.send('stop');
  if (!flags.keep) rmSync(home, { recursive: true, force: true });
}
