/** The outcome of a soak as a page, and whether it is what it must be. */
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { slope } from './measure.ts';

/** What a soak has measured. */
export interface SoakResult {
  readonly startedAt: Date;
  readonly minutes: number;
  readonly rate: number;
  readonly seed: number;
  /** By kind of verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Of wrong answers, the first few. */
  readonly wrong: readonly string[];
  /** What refusals and errors in streams said, by message. */
  readonly messages: Readonly<Record<string, number>>;
  readonly upstream: Readonly<Record<string, number>>;
  readonly edits: Readonly<Record<string, number>>;
  /** A value per second. */
  readonly rss: readonly number[];
  /** After a collection: before the load, after the first third, at the end. */
  readonly heap: readonly number[];
  readonly sockets: { readonly before: number; readonly most: number; readonly after: number };
  readonly files: { readonly before: number; readonly after: number };
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly cpuSeconds: number;
}

/** RSS may grow by so much over the last two thirds, as the line through it says: 5 %, or 8 MB where that is more. */
const GROWTH = { share: 0.05, mb: 8 };
/** Event loops and files of the threads that write state and read configurations. */
const LATER_FILES = 16;
/** Below it code is still being compiled and caches fill: told, not judged. */
const FLAT_FROM_MINUTES = 10;

interface Check {
  readonly what: string;
  readonly limit: string;
  readonly found: string;
  readonly isMet: boolean | undefined;
}

/** The page, and whether everything holds. */
export function report(result: SoakResult): { readonly markdown: string; readonly isGood: boolean } {
  const checks = judge(result);
  const { startedAt, minutes, rate, seed, verdicts } = result;
  const total = sum(verdicts);
  const markdown = `# Soak

Written by \`npm run soak\`: a real gateway process under load while its providers fail, tokens run out, and its
configuration and accounts are edited. Every answer is compared with the only right one for its request.

${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${machine()}; ${minutes} minutes at ${rate} requests/s, seed ${seed}.

| what | limit | found | |
|---|---|---|---|
${checks.map(({ what, limit, found, isMet }) => `| ${what} | ${limit} | ${found} | ${wordOf(isMet)} |`).join('\n')}

## Answers

${table(verdicts, 'answer', total)}

Time until the end of an answer: p50 ${result.latencyMs.p50.toFixed(0)} ms, p99 ${result.latencyMs.p99.toFixed(0)} ms, longest ${result.latencyMs.max.toFixed(0)} ms. CPU of the gateway: ${((result.cpuSeconds / (minutes * 60)) * 100).toFixed(0)} % of a core.

What refusals and errors in streams said (numbers as *n*):

${table(result.messages, 'message')}

## What the providers did

${table(result.upstream, 'event')}

## What was edited meanwhile

${table(result.edits, 'edit')}

## Memory

RSS in MB, the median of each twentieth of the run: ${condensed(result.rss)}.

Heap and buffers in MB after a forced collection, before the load, after a third and at the end: ${result.heap.map((mb) => mb.toFixed(1)).join(', ')}.
${result.wrong.length === 0 ? '' : `\n## Wrong answers\n\n${result.wrong.map((line) => `- \`${line.replaceAll('`', "'")}\``).join('\n')}\n`}`;
  return { markdown, isGood: checks.every(({ isMet }) => isMet !== false) };
}

function judge({ rate, verdicts, rss, sockets, files, minutes, heap }: SoakResult): Check[] {
  const wrong = verdicts['wrong'] ?? 0;
  const leaked = Math.max(0, sockets.after - sockets.before);
  const late = rss.slice(Math.floor(rss.length / 3));
  const growth = slope(late) * late.length;
  const allowed = Math.max(GROWTH.mb, median(late) * GROWTH.share);
  const heapGrowth = (heap[2] ?? 0) - (heap[1] ?? 0);
  const isLong = minutes >= FLAT_FROM_MINUTES;
  const right = (verdicts['right'] ?? 0) / Math.max(1, sum(verdicts) - (verdicts['client left'] ?? 0));
  const sent = sum(verdicts);
  return [
    {
      what: 'requests',
      limit: `about ${Math.round(minutes * 60 * rate)}`,
      found: String(sent),
      isMet: sent >= minutes * 60 * rate * 0.95,
    },
    { what: 'wrong answers', limit: '0', found: String(wrong), isMet: wrong === 0 },
    {
      what: 'right and complete, of those that the client waited for',
      limit: 'at least 95 %',
      found: `${(right * 100).toFixed(2)} %`,
      isMet: right >= 0.95,
    },
    {
      what: `leaked sockets (${sockets.before} open before, at most ${sockets.most} under load, ${sockets.after} after)`,
      limit: '0',
      found: String(leaked),
      isMet: leaked === 0,
    },
    {
      what: `descriptors after, of ${files.before} before (two threads with their files start later)`,
      limit: `at most ${files.before + LATER_FILES}`,
      found: String(files.after),
      isMet: files.after <= files.before + LATER_FILES,
    },
    {
      what: `growth of RSS over the last two thirds, by the line through it (most: ${Math.max(...rss).toFixed(0)} MB)`,
      limit: `at most ${allowed.toFixed(1)} MB`,
      found: `${growth.toFixed(1)} MB`,
      isMet: isLong ? growth <= allowed : undefined,
    },
    {
      what: 'growth of the heap over the last two thirds, after collections',
      limit: `at most ${GROWTH.mb} MB`,
      found: `${heapGrowth.toFixed(1)} MB`,
      isMet: isLong ? heapGrowth <= GROWTH.mb : undefined,
    },
  ];
}

function wordOf(isMet: boolean | undefined): string {
  if (isMet === undefined) return 'not judged: too short a run';
  return isMet ? 'met' : '**missed**';
}

function table(counts: Readonly<Record<string, number>>, name: string, total?: number): string {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return 'None.';
  const share = (count: number): string => (total === undefined ? '' : ` (${((count / total) * 100).toFixed(2)} %)`);
  return [
    `| ${name} | count |`,
    '|---|---|',
    ...rows.map(([key, count]) => `| ${key} | ${count}${share(count)} |`),
  ].join('\n');
}

function condensed(values: readonly number[]): string {
  const size = Math.max(1, Math.ceil(values.length / 20));
  const parts = Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, (at + 1) * size),
  );
  return parts.map((part) => median(part).toFixed(0)).join(', ');
}

/** The middle of them. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function machine(): string {
  const model = /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? arch();
  return `${cpus().length} cores ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()}, Node ${process.versions.node}`;
}
