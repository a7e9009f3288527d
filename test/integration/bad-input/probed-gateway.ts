/**
 * A gateway in a process of its own that says how long its event loop was busy in one turn at most. Counted is the time
 * that its thread had a core for: what others do on the same machine does not count.
 */
import { createProxy, parseConfig } from '../../../src/index.ts';

let watching = false;
let mostUs = 0;
let lastUs = 0;

function usedUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Comes once in each turn of the loop, which never sleeps as long as somebody watches. */
function tick(): void {
  const nowUs = usedUs();
  mostUs = Math.max(mostUs, nowUs - lastUs);
  lastUs = nowUs;
  if (watching) setImmediate(tick);
}

function yardstickMs(text: string): number {
  const start = usedUs();
  for (let time = 0; time < 8; time++) JSON.stringify(JSON.parse(text));
  return (usedUs() - start) / 8000;
}

/** What the tests tell the gateway. */
export type ProbeCall =
  | { readonly call: 'watch' }
  | { readonly call: 'stop' }
  | { readonly call: 'yardstick'; readonly text: string };

process.on('message', (message: ProbeCall) => {
  switch (message.call) {
    case 'watch':
      watching = true;
      mostUs = 0;
      lastUs = usedUs();
      setImmediate(tick);
      process.send?.({ ms: 0 });
      return;
    case 'stop':
      watching = false;
      tick();
      process.send?.({ ms: mostUs / 1000 });
      return;
    case 'yardstick':
      process.send?.({ ms: yardstickMs(message.text) });
      return;
  }
});
// The tests are gone.
process.on('disconnect', () => process.exit());

const proxy = await createProxy({ config: parseConfig({ text: process.env['PROBED_CONFIG'] ?? '' }), env: {} });
const { url } = await proxy.listen();
process.send?.({ origin: url });
