/** The providers of a soak run, in a process of their own: four dialects, random faults, a strict token endpoint. */
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { startIdentityServer } from '../../test/support/identity-server.ts';
import {
  type ScriptedAnswer,
  type ScriptedFault,
  type SeenRequest,
  startScriptedUpstream,
} from '../../test/support/scripted-upstream/index.ts';
import { answerTo, findNonce, pick, seeded } from './chance.ts';
import type { UpstreamCounts, UpstreamReady } from './messages.ts';

const seed = Number(process.argv[2] ?? 1);
/** Of all attempts, the share that meets a fault. */
const faultShare = Number(process.argv[3] ?? 0.04);
const random = seeded(seed);
const counts: Record<string, number> = {};
const revoked = new Set<string>();
const firstSeen = new Map<string, number>();
let isQuiet = false;

const status = (code: number, headers: Record<string, string> = {}): ScriptedFault => ({
  fault: 'status',
  status: code,
  headers,
  body: JSON.stringify({ error: { message: `scripted ${code}`, type: 'scripted_error', code: 'scripted' } }),
});

type Fault = readonly [string, (answer: ScriptedAnswer) => ScriptedFault | ScriptedAnswer];

const somewhere = (): number => Math.floor(random() * 12);

/** Each as likely as the others. */
const anyFaults: readonly Fault[] = [
  ['429', () => status(429)],
  ['429 with Retry-After', () => status(429, { 'retry-after': String(1 + Math.floor(random() * 3)) })],
  ['500', () => status(500)],
  ['529', () => status(529)],
  [
    '503 with a page',
    () => ({ fault: 'status', status: 503, headers: { 'content-type': 'text/html' }, body: '<html>' }),
  ],
  ['reset before the head', () => ({ fault: 'reset-before' })],
  ['hang before the head', () => ({ fault: 'hang' })],
  ['late answer', (answer) => ({ fault: 'late-answer', answer, afterMs: 200 + random() * 1500 })],
];

const streamFaults: readonly Fault[] = [
  ...anyFaults,
  ['stream cut', (answer) => ({ fault: 'truncate', after: somewhere(), answer })],
  ['stream reset', (answer) => ({ fault: 'reset', after: somewhere(), answer })],
  ['stream stalls', (answer) => ({ fault: 'stall', after: 1 + somewhere(), answer })],
  ['error event after 200', (answer) => errorEvent(answer, 1 + somewhere())],
  ['error event first', (answer) => errorEvent(answer, 0)],
  ['slow stream', (answer) => ({ ...answer, paceMs: 15 })],
];

const wholeFaults: readonly Fault[] = [
  ...anyFaults,
  ['half a body', () => halfBody()],
  ['body stalls', () => halfBody(8000)],
];

/** JSON that ends, or waits, in the middle. */
function halfBody(waitMs = 0): ScriptedFault {
  return { fault: 'raw', headers: { 'content-type': 'application/json' }, pieces: ['{"id":"half","model":"x', waitMs] };
}

/** Milliseconds since a token was first seen. */
function ageOf(token: string): number {
  const first = firstSeen.get(token) ?? Date.now();
  firstSeen.set(token, first);
  return Date.now() - first;
}

function errorEvent(answer: ScriptedAnswer, after: number): ScriptedFault {
  return { fault: 'error-event', after, answer, message: 'scripted trouble' };
}

function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

const upstream = await startScriptedUpstream((seen) => {
  // Hours of requests would stay in memory.
  upstream.seen.length = 0;
  count('attempts');
  return outcomeOf(seen);
});
const identity = await startIdentityServer();
identity.lifeS = 120;

function outcomeOf(seen: SeenRequest): ScriptedAnswer | ScriptedFault {
  const token = String(seen.headers['authorization'] ?? '').replace('Bearer ', '');
  if (revoked.has(token)) {
    count('401 of a revoked token');
    return status(401);
  }
  if (token.startsWith('access-')) ageOf(token);
  const nonce = findNonce(seen.userText);
  const answer: ScriptedAnswer = { text: nonce === undefined ? 'no nonce' : answerTo(nonce) };
  if (isQuiet || random() >= faultShare) return answer;
  // One that was renewed just now is not renewed again.
  if (token.startsWith('access-') && ageOf(token) > 40_000 && random() < 0.3) {
    revoked.add(token);
    count('tokens revoked');
  }
  const [name, make] = pick(seen.stream ? streamFaults : wholeFaults, random);
  count(name);
  return make(answer);
}

/** Passes bytes on to the upstream while it listens; in between connections are refused. */
function flakyListener(port: number): Server {
  const target = new URL(upstream.origin);
  const server = createServer();
  server.removeAllListeners('connection');
  server.on('connection', (client) => {
    const onward = connect(Number(target.port), target.hostname);
    client.pipe(onward).pipe(client);
    client.on('error', () => onward.destroy()).on('close', () => onward.destroy());
    onward.on('error', () => client.destroy()).on('close', () => client.destroy());
    open.add(client);
    client.once('close', () => open.delete(client));
  });
  server.listen(port, '127.0.0.1');
  return server;
}

const open = new Set<import('node:net').Socket>();
let flaky = flakyListener(0);
await new Promise((done) => flaky.once('listening', done));
const address = flaky.address();
const flakyPort = typeof address === 'object' && address !== null ? address.port : 0;
let isUp = true;

setInterval(() => {
  if (isQuiet && isUp) return;
  isUp = !isUp;
  if (isUp) flaky = flakyListener(flakyPort);
  else {
    count('times that connections were refused');
    flaky.close();
    for (const socket of open) socket.destroy();
  }
}, 7000);

/** Established connections of clients, by the kernel's own books: the servers' count misses those of the pipe above. */
function refreshes(): number {
  return identity.seen.length;
}

process.on('message', (message) => {
  if (message === 'quiet') isQuiet = true;
  if (message === 'counts') {
    const reply: UpstreamCounts = {
      type: 'counts',
      counts: { ...counts, 'token renewals': refreshes() },
      flaky: open.size,
    };
    process.send?.(reply);
  }
  if (message === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
const ready: UpstreamReady = {
  type: 'ready',
  origin: upstream.origin,
  flaky: `http://127.0.0.1:${flakyPort}`,
  identity: identity.url,
};
process.send?.(ready);
