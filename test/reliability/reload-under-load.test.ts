/** The configuration is replaced a hundred times while two hundred requests a second go through: all are answered. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { cleanUp } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { chatConfig, type LiveProxy, startLiveProxy } from './live-proxy.ts';
import { recordFault } from './record-fault.ts';

const REPLACEMENTS = 100;
const REQUESTS_PER_S = 200;
/** At the least, however fast a machine reloads. */
const REQUESTS_PER_ROUND = 10;
const EVERY_MS = 5;

afterAll(cleanUp);

interface Tally {
  sent: number;
  readonly outcomes: Map<string, number>;
}

/** Sends at a steady rate, whatever comes back; every fourth request streams. */
async function load(proxy: LiveProxy, tally: Tally, isOver: () => boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const running = new Set<Promise<void>>();
  const started = performance.now();
  while (!isOver()) {
    const due = Math.floor(((performance.now() - started) / 1000) * REQUESTS_PER_S);
    for (; tally.sent < due; tally.sent++) {
      const one = ask(proxy, agent, tally.sent % 4 === 0).then((outcome) => {
        tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
        running.delete(one);
      });
      running.add(one);
    }
    await sleep(EVERY_MS);
  }
  await Promise.all(running);
  agent.destroy();
}

function ask({ origin }: LiveProxy, agent: Agent, stream: boolean): Promise<string> {
  return new Promise((done) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
    const sent = request(`${origin}/v1/chat/completions`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      answer.on('close', () => {
        const isWhole = text.includes('ok.') && (!stream || text.includes('data: [DONE]'));
        done(answer.statusCode === 200 && isWhole ? 'answered' : `${answer.statusCode} ${text.slice(0, 200)}`);
      });
    });
    sent.on('error', (error) => done(error.message));
    sent.end(JSON.stringify({ model: 'one', stream, messages: [{ role: 'user', content: 'hi' }] }));
  });
}

test('no request fails', { timeout: 120_000 }, async () => {
  const upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  const keys = (round: number): string[] =>
    Array.from({ length: 20 }, (_, index) => `sk-fake-upstream-${round}-${index}`);
  const config = (round: number): string =>
    chatConfig({
      origin: upstream.origin,
      models: ['one', `model-of-${round}`],
      keys: keys(round),
      // Every tenth brings other timeouts, and with them other connections.
      more: `upstream-timeouts: { connect: ${10 + (Math.floor(round / 10) % 3)} }`,
    });
  const proxy = await startLiveProxy(config(0));
  let isOver = false;
  const tally: Tally = { sent: 0, outcomes: new Map() };
  const loading = load(proxy, tally, () => isOver);
  for (let round = 1; round <= REPLACEMENTS; round++) {
    proxy.write(config(round));
    // Most are asked for at once, as waiting for the watcher would take a minute; some are left to it.
    if (round % 25 !== 0) proxy.process.child.kill('SIGHUP');
    await proxy.logged('the configuration was reloaded', round);
    while (tally.sent < round * REQUESTS_PER_ROUND) await sleep(EVERY_MS);
  }
  isOver = true;
  await loading;
  const { sent, outcomes } = tally;
  expect(Object.fromEntries(outcomes)).toEqual({ answered: sent });
  // The last configuration is the one in use.
  expect((await proxy.ask(`model-of-${REPLACEMENTS}`)).status).toBe(200);
  expect((await proxy.ask('model-of-0')).status).toBe(404);
  expect(new Set(upstream.seen.map(({ headers }) => headers['authorization'])).size).toBeGreaterThan(REPLACEMENTS);
  await upstream.close();
  recordFault('config-under-load', { rounds: REPLACEMENTS, lost: sent - (outcomes.get('answered') ?? 0) });
});
