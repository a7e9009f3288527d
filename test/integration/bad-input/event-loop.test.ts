/**
 * How long one request of up to 1 MB, or its answer, keeps everybody else waiting: 50 ms at most. `BAD_INPUT=all` takes
 * every pair of dialects, otherwise each load goes to one other dialect in turn.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import { ask, pathOf } from '../../faults/dialect-client.ts';
import { CLIENT_KEY, upstreamModels } from '../../support/proxy-process.ts';
import type { UpstreamDialect } from '../../support/scripted-upstream/index.ts';
import { answerLoadsOf } from './answer-loads.ts';
import { answersOf } from './bodies.ts';
import { loadNames, loadOf, schemaLoads } from './loads.ts';
import { LIMIT_MS, tooLong, yardstickText } from './longest-turn.ts';
import { type Probe, startProbe } from './probe.ts';

const MB = 1024 * 1024;
const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };

let probe: Probe;
beforeAll(async () => {
  probe = await startProbe('request-retry: 0\ndisable-cooling: true');
});
afterAll(() => probe?.close());

/** The other dialects, or one of them in turn. */
function partners(dialect: UpstreamDialect, turn: number): readonly UpstreamDialect[] {
  if (process.env['BAD_INPUT'] === 'all') return dialects;
  const others = dialects.filter((other) => other !== dialect);
  return others.slice(turn % others.length).slice(0, 1);
}

test('a long turn is seen as one', async () => {
  const ms = await probe.longestTurn(() => probe.yardstick(yardstickText));
  expect(ms).toBeGreaterThan(20);
  const long = yardstickText.repeat(3).replaceAll('][', ',');
  expect(await tooLong(probe, () => probe.yardstick(long), 2)).toBeDefined();
  expect(await tooLong(probe, async () => undefined)).toBeUndefined();
});

describe.for(dialects)('%s client', (client) => {
  const loads = loadNames.map((name, turn) => [name, turn] as const);

  test.for(loads)('%s', { timeout: 60_000 }, async ([name, turn]) => {
    const body = loadOf(client, name);
    expect(body.length).toBeGreaterThan(MB / 8);
    expect(body.length).toBeLessThan(MB * 1.05);
    // Gemini alone has tools rewritten to its own kind of schema.
    const rewritten = schemaLoads.has(name) && client !== 'gemini';
    for (const upstream of rewritten ? (['gemini'] as const) : partners(client, turn)) {
      const model = upstreamModels[upstream];
      const text = client === 'gemini' ? body : body.replace('"model":"m"', `"model":"${model}"`);
      probe.answer = { type: 'application/json', text: JSON.stringify(answersOf(upstream)[0]) };
      const post = async (): Promise<void> => {
        const reply = await fetch(probe.origin + pathOf(client, model, false), { method: 'POST', headers, body: text });
        expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('{')]);
      };
      expect([upstream, await tooLong(probe, post)]).toEqual([upstream, undefined]);
    }
  });
});

describe.for(dialects)('%s upstream', (upstream) => {
  const answers = [...answerLoadsOf(upstream)].map(([name, answer], turn) => [name, answer, turn] as const);

  test.for(answers)('%s', { timeout: 60_000 }, async ([, answer, turn]) => {
    expect(answer.text.length).toBeGreaterThan(MB * 0.7);
    const stream = answer.type === 'text/event-stream';
    for (const client of [...partners(upstream, turn), upstream]) {
      probe.answer = answer;
      const post = async (): Promise<void> => {
        const reply = await ask(probe.origin, client, upstreamModels[upstream], { stream });
        const text = await reply.text();
        expect([reply.status, text.slice(-1000)]).toEqual([200, expect.not.stringContaining('"error":{')]);
        expect(text.length).toBeGreaterThan(MB / 8);
      };
      expect([client, await tooLong(probe, post)]).toEqual([client, undefined]);
    }
  });
});

test('the limit is that of the issue', () => expect(LIMIT_MS).toBe(50));
