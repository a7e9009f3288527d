/** An upstream's garbage: every field of every answer and event of a wrong type is a 502, or is read as far as it goes. */
import { afterAll, describe, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import type { UpstreamDialect } from '../../support/scripted-upstream/index.ts';
import { answersOf, requestsOf, streamsOf, streamText } from './bodies.ts';
import { type Lane, type Outcome, openLane, textOf } from './in-process.ts';
import { mutationsOf, placesOf, withValue, wrongValues } from './mutate.ts';

const lanes = new Map<UpstreamDialect, Lane>(
  dialects.map((dialect) => [dialect, openLane(dialect, { type: 'application/json', text: '' })]),
);
afterAll(() => Promise.all([...lanes.values()].map((lane) => lane.close())));

const all = process.env['BAD_INPUT'] === 'all';
const requests = new Map(dialects.map((dialect) => [dialect, requestsOf(dialect)[0]]));

/** Asks with every client in turn (or with all), and says what went wrong. */
class Asker {
  readonly faults = new Set<string>();
  count = 0;
  readonly #clients: readonly UpstreamDialect[];
  readonly #lane: Lane | undefined;

  constructor(upstream: UpstreamDialect) {
    this.#clients = dialects.filter((dialect) => dialect !== upstream);
    this.#lane = lanes.get(upstream);
  }

  async ask(place: string, text: string, stream: boolean): Promise<void> {
    if (this.#lane === undefined) throw new Error('no such upstream');
    this.#lane.answer = { type: stream ? 'text/event-stream' : 'application/json', text };
    const turn = this.count++ % this.#clients.length;
    for (const client of all ? this.#clients : this.#clients.slice(turn, turn + 1)) {
      const body = { ...requests.get(client), ...(stream && client !== 'gemini' && { stream: true }) };
      const fault = faultOf(await this.#lane.ask(client, body, stream));
      if (fault !== undefined) this.faults.add(`${place} to ${client}: ${fault}`);
    }
  }
}

function faultOf({ code, reply, cause }: Outcome): string | undefined {
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) return 'the prototype of all objects was changed';
  if (code !== undefined && !code.startsWith('upstream_')) return `${code}: ${String(cause)}`;
  if (!reply.ended) return 'no end';
  return code === undefined && reply.status !== 200 ? `status ${reply.status}` : undefined;
}

describe.for(dialects)('%s upstream', (upstream) => {
  test('a whole answer with a wrong type in every field', { timeout: 120_000 }, async () => {
    const asker = new Asker(upstream);
    for (const { path, body } of mutationsOf(answersOf(upstream))) await asker.ask(path.join('.'), textOf(body), false);
    expect([...asker.faults].slice(0, 20)).toEqual([]);
    expect(asker.count).toBeGreaterThan(1500);
  });

  test('a stream with a wrong type in every field of every event', { timeout: 180_000 }, async () => {
    const asker = new Asker(upstream);
    const seen = new Set<string>();
    for (const events of streamsOf(upstream)) {
      for (const [at, event] of events.entries()) {
        if (typeof event.data === 'string') continue;
        for (const { path } of placesOf([event.data])) {
          const place = `${event.data.type ?? ''} ${event.data.delta?.type ?? event.data.item?.type ?? ''} ${path.join('.')}`;
          if (seen.has(place.replaceAll(/\d+/g, '#'))) continue;
          seen.add(place.replaceAll(/\d+/g, '#'));
          // All values for one place are much the same: a quarter of them for each, in turn.
          for (const [kind, wrong] of wrongValues.entries()) {
            if (!all && (kind + seen.size) % 4 !== 0) continue;
            const data = textOf(withValue(event.data, path, wrong()));
            await asker.ask(place, streamText(events.with(at, { ...event, data })), true);
          }
        }
      }
    }
    expect([...asker.faults].slice(0, 20)).toEqual([]);
    expect(asker.count).toBeGreaterThan(250);
  });

  test.for([
    ['nothing', ''],
    ['a text', '"hello"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['half an object', '{"id":"x",'],
    ['an empty object', '{}'],
    ['a page', '<html>hi</html>'],
    ['bytes', '\u0000\ufffd'],
    ['a deep nesting', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ] as const)('%s instead of an answer', async ([, text]) => {
    const asker = new Asker(upstream);
    for (const stream of [false, true]) for (let turn = 0; turn < 3; turn++) await asker.ask('answer', text, stream);
    expect([...asker.faults]).toEqual([]);
  });
});
