/** Starts a probed gateway in front of an upstream that answers each dialect with bytes the test sets. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { twoKeyConfig } from '../../faults/gateway.ts';
import type { PlayedAnswer } from './in-process.ts';
import type { ProbeCall } from './probed-gateway.ts';

/** A gateway whose longest turn can be measured. */
export interface Probe {
  readonly origin: string;
  /** What the upstream answers from now on. */
  answer: PlayedAnswer;
  /** Milliseconds of the longest turn while something is done. */
  longestTurn(work: () => Promise<unknown>): Promise<number>;
  /** Milliseconds for a piece of JSON to be read and written. */
  yardstick(text: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts one. `config`: further lines of the configuration. */
export async function startProbe(config: string): Promise<Probe> {
  const played: { answer: PlayedAnswer } = { answer: { type: 'application/json', text: '{}' } };
  const upstream = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': played.answer.type }).end(played.answer.text);
    });
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  // cast: a TCP server's address is an AddressInfo once it listens
  const { port } = upstream.address() as AddressInfo;
  const text = twoKeyConfig(`http://127.0.0.1:${port}`, { credentials: 1, config });
  const child = fork(join(import.meta.dirname, 'probed-gateway.ts'), { env: { ...process.env, PROBED_CONFIG: text } });
  const [{ origin }] = await once(child, 'message');
  return Object.assign(played, {
    origin,
    async longestTurn(work: () => Promise<unknown>) {
      await tell(child, { call: 'watch' });
      await work();
      return tell(child, { call: 'stop' });
    },
    yardstick: (sample: string) => tell(child, { call: 'yardstick', text: sample }),
    async close() {
      upstream.closeAllConnections();
      upstream.close();
      child.disconnect();
      await once(child, 'exit');
    },
  });
}

async function tell(child: ChildProcess, call: ProbeCall): Promise<number> {
  const answered = once(child, 'message');
  child.send(call);
  const [{ ms }] = await answered;
  return ms;
}
