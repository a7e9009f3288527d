/** What upstreams do wrong, one fault each, through a gateway on a real port. */
import { afterEach, expect, test } from 'vitest';
import { ask, dialects, pairs, readError, readText } from '../faults/dialect-client.ts';
import { eventually, type Gateway, keyOf, listen, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedFault,
  type ScriptedUpstream,
  startScriptedUpstream,
} from '../support/scripted-upstream/index.ts';
import { recordFault } from './record-fault.ts';
import { quick } from './server-home.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened<T extends Gateway | ScriptedUpstream | Awaited<ReturnType<typeof listen>>>(
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

const TEXT = 'The words of the answer, in several pieces.';
const answer: ScriptedAnswer = { text: TEXT };

/** Of the beginning, which no stream cuts. */
function hasWords(body: string): boolean {
  return body.includes('The');
}

const hasError = (body: string): boolean => /"error":\s*\{|"type":"error"|response\.failed/.test(body);

test('all accounts in cooldown', async () => {
  let lost = 0;
  let rounds = 0;
  for (const dialect of dialects) {
    const gateway = await opened(
      startGateway((seen) => ({
        fault: 'status',
        status: 429,
        headers: { 'retry-after': keyOf(seen) === 'one' ? '300' : '60' },
        body: '{"error":{"message":"slow down"}}',
      })),
    );
    const model = upstreamModels[dialect];
    expect((await ask(gateway.origin, dialect, model)).status).toBe(429);
    for (const stream of [false, true]) {
      rounds++;
      const reply = await ask(gateway.origin, dialect, model, { stream });
      const seconds = Number(reply.headers.get('retry-after'));
      const { shape } = readError(dialect, await reply.json());
      if (reply.status !== 429 || !shape || seconds < 50 || seconds > 60) lost++;
    }
    expect(gateway.upstream.seen).toHaveLength(2);
  }
  recordFault('all-in-cooldown', { rounds, lost });
});

test('an error event after status 200', async () => {
  const bad: string[] = [];
  let rounds = 0;
  const trouble = (after: number): ScriptedFault => ({ fault: 'error-event', after, answer, message: 'they broke' });
  for (const [client, upstream] of pairs) {
    for (const after of [0, 6]) {
      rounds++;
      const gateway = await opened(startGateway((_seen, index) => (index === 0 ? trouble(after) : answer)));
      const reply = await ask(gateway.origin, client, upstreamModels[upstream], { stream: true });
      const body = await reply.text();
      const isAsItMustBe = after === 0 ? !hasError(body) && body.includes('pieces') : hasError(body) && hasWords(body);
      if (reply.status !== 200 || !isAsItMustBe) bad.push(`${client} ${upstream} ${after}: ${reply.status} ${body}`);
    }
  }
  expect(bad).toEqual([]);
  recordFault('error-after-200', { rounds, lost: bad.length });
});

test('nothing before the first byte', async () => {
  const ways = pairs.flatMap((pair) => [false, true].map((stream) => [...pair, stream] as const));
  const config = 'request-retry: 0\nupstream-timeouts: { first-byte: 0.5 }';
  const results = await Promise.all(
    ways.map(async ([client, upstream, stream]) => {
      const gateway = await opened(
        startGateway((_seen, index) => (index === 0 ? { fault: 'hang' } : answer), { config }),
      );
      const reply = await ask(gateway.origin, client, upstreamModels[upstream], { stream });
      const body = await reply.text();
      const said = stream ? body : readText(client, JSON.parse(body));
      await eventually(() => gateway.upstream.seen[0]?.aborted === true, 2000);
      return reply.status === 200 && hasWords(said) && gateway.upstream.seen.length === 2;
    }),
  );
  recordFault('hang-before-first-byte', { rounds: results.length, lost: results.filter((isGood) => !isGood).length });
});

test('a host that does not exist', async () => {
  const upstream = await opened(startScriptedUpstream(() => answer));
  const missing = 'http://no-such-host.invalid';
  const entry = (base: string, priority: number, model: string): string =>
    `  - { api-key: sk-fake-${priority}, base-url: "${base}", priority: ${priority}, models: [{ name: ${model} }] }`;
  const gateway = await opened(
    listen(`${quick.replace('warn', 'silent')}request-retry: 0
disable-cooling: true
claude-api-key:
${[entry(missing, 2, 'both'), entry(upstream.origin, 1, 'both'), entry(missing, 3, 'alone')].join('\n')}
`),
  );
  let lost = 0;
  let rounds = 0;
  for (const dialect of dialects) {
    for (const stream of [false, true]) {
      rounds += 2;
      const good = await ask(gateway.origin, dialect, 'both', { stream });
      if (good.status !== 200 || !hasWords(await good.text())) lost++;
      const bad = await ask(gateway.origin, dialect, 'alone', { stream });
      const error = readError(dialect, await bad.json());
      if (bad.status !== 502 || !error.shape || !error.message.includes('no-such-host.invalid')) lost++;
    }
  }
  recordFault('dns-failure', { rounds, lost });
});
