/**
 * Reloads a configuration a few times in a gateway of its own and tells how long its event loop was busy in one turn at
 * most. Counted is the time that its thread had a core for: what others do on the same machine does not count. The system
 * may count in ticks of up to 4 ms, and add one to a turn that took no time: no turn took longer than the clock says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createProxy, loadConfig } from '../../src/index.ts';

/** What is measured, in milliseconds. */
export interface ReloadTurns {
  /** The longest turn of each reload. */
  readonly reloads: number[];
  /** The same of the first request after each. */
  readonly requests: number[];
  /** The longest turn while nothing is reloaded. */
  readonly idle: number;
  /** Milliseconds to read the file in one go. */
  readonly atOnce: number;
  /** The status of an answer. */
  readonly answered: number;
}

const ROUNDS = 6;
let watching = false;
let mostUs = 0;
let lastUs = 0;
let lastMs = 0;

function usedUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Comes once in each turn of the loop, which never sleeps as long as somebody watches. */
function tick(): void {
  const nowUs = usedUs();
  const nowMs = performance.now();
  mostUs = Math.max(mostUs, Math.min(nowUs - lastUs, (nowMs - lastMs) * 1000));
  lastUs = nowUs;
  lastMs = nowMs;
  if (watching) setImmediate(tick);
}

async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  watching = true;
  mostUs = 0;
  lastUs = usedUs();
  lastMs = performance.now();
  setImmediate(tick);
  await work();
  watching = false;
  tick();
  return mostUs / 1000;
}

const file = process.argv[2] ?? '';
const before = usedUs();
const loaded = await loadConfig({ file, env: {} });
const atOnce = (usedUs() - before) / 1000;
const proxy = await createProxy({ config: loaded, env: {}, source: { file } });

function ask(): Promise<Response> {
  const body = JSON.stringify({ model: 'shared-model', messages: [{ role: 'user', content: 'hi' }] });
  return proxy.fetch(new Request('http://localhost/v1/chat/completions', { method: 'POST', body }));
}

const answered = (await ask()).status;
const text = readFileSync(file, 'utf8');
const reloads: number[] = [];
const requests: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  writeFileSync(file, text.replaceAll('sk-fake-key-', `sk-fake-key-${round}-`));
  reloads.push(await longestTurn(() => proxy.reload()));
  requests.push(await longestTurn(ask));
}
const idle = await longestTurn(() => new Promise((done) => setTimeout(done, 300)));
process.send?.({ reloads, requests, idle, atOnce, answered } satisfies ReloadTurns);
await proxy.close();
process.exit();
