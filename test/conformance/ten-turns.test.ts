/**
 * Prompt caches match a request's beginning byte by byte. An agent plays ten turns through every pair of dialects, with
 * parallel calls, signed reasoning, images in results and long texts; at every turn the upstream must be sent what it
 * was sent the turn before, and more behind it.
 *
 * Compared is the JSON of tools, instructions and every message, in the upstream's own fields, up to the end of the
 * last message of the turn before. Claude's breakpoints wander by design and stand for no text: they are taken out, and
 * judged by themselves. All other fields must not change at all.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { agents, PNG } from './agents.ts';
import { dialects } from './model.ts';

const TURNS = 10;
const usage = { input: 900, cached: 800, output: 30, reasoning: 10 };

/** Even turns call tools (two at once, every fourth turn one), odd turns talk. */
function answerOf(turn: number): ScriptedAnswer {
  if (turn % 2 === 1)
    return { text: `Answer ${turn}: ${'a long text, "quoted" \\ and ünïcode 🎈. '.repeat(30)}`, usage };
  const cities = turn % 4 === 0 ? ['Oslo'] : ['Rome', 'Köln'];
  return {
    reasoning: `Thinking of turn ${turn}.`,
    signature: `U0lHTkFUVVJF${turn}A==`,
    ...(turn % 4 === 0 ? {} : { text: 'Let me see.' }),
    toolCalls: cities.map((city, at) => ({
      id: `call_${turn}_${at}`,
      name: at === 0 ? 'get_weather' : 'read_file',
      arguments: { city, days: turn, nested: { b: [1, 2.5, true, null], a: 'x' } },
    })),
    usage,
  };
}

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream((_seen, index) => answerOf(index));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

/** Plays the conversation, the last request twice; returns what the upstream was sent. */
async function play(client: UpstreamDialect, target: UpstreamDialect, stream: boolean): Promise<Wire[]> {
  upstream.seen.length = 0;
  const agent = agents[client];
  const model = upstreamModels[target];
  const history: Wire[] = agent.say(`Begin. ${'Long context. '.repeat(100)}`);
  const ask = async (): Promise<string> => {
    const answer = await proxy.post(agent.path(model, stream), agent.body(model, stream, history));
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return text;
  };
  for (let turn = 0; turn < TURNS; turn++) {
    const text = await ask();
    if (turn === TURNS - 1) break;
    const kept = agent.keep(text, stream);
    const calls = agent.calls(kept);
    expect(calls.length, `calls of turn ${turn}`).toBe(answerOf(turn).toolCalls?.length ?? 0);
    const more = calls.length > 0 ? agent.results(calls, `result ${turn}`, turn === 2) : agent.say(`And ${turn}?`);
    history.push(...kept, ...more);
  }
  await ask();
  return upstream.seen.map(({ body }) => body);
}

const FIELDS: Readonly<Record<UpstreamDialect, readonly [string[], string]>> = {
  'openai-chat': [['tools'], 'messages'],
  'openai-responses': [['tools', 'instructions'], 'input'],
  'anthropic-messages': [['tools', 'system'], 'messages'],
  gemini: [['tools', 'systemInstruction'], 'contents'],
};

/** The part that a cache matches, in the order in which models read it. */
function prefix(dialect: UpstreamDialect, body: Wire): string {
  const [fixed, list] = FIELDS[dialect];
  return [...fixed.map((field) => body[field]), ...body[list]].map((value) => JSON.stringify(value)).join('\n');
}

function rest(dialect: UpstreamDialect, body: Wire): string {
  const [fixed, list] = FIELDS[dialect];
  return JSON.stringify(Object.entries(body).filter(([key]) => key !== list && !fixed.includes(key)));
}

const withoutBreakpoints = (body: Wire): Wire =>
  JSON.parse(JSON.stringify(body, (key, value) => (key === 'cache_control' ? undefined : value)));

/** The beginning of the body up to each breakpoint. */
function breakpoints(body: Wire): string[] {
  const list = [...body.tools, ...body.system, ...body.messages.flatMap((message: Wire) => message.content)];
  return list.flatMap((block, at) =>
    block.cache_control === undefined ? [] : [JSON.stringify(list.slice(0, at + 1).map(withoutBreakpoints))],
  );
}

describe.for(dialects)('%s client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    test.for([false, true])('every turn begins with the bytes of the turn before, stream: %s', async (stream) => {
      const bodies = await play(client, target, stream);
      expect(bodies).toHaveLength(TURNS + 1);
      const plain = bodies.map(withoutBreakpoints);
      for (const [turn, body] of plain.slice(0, TURNS).entries()) {
        const before = plain[turn - 1];
        if (before === undefined) continue;
        const [old, now] = [prefix(target, before), prefix(target, body)];
        expect(now.slice(0, old.length), `turn ${turn}`).toBe(old);
        expect(now.length).toBeGreaterThan(old.length);
        expect(rest(target, body)).toBe(rest(target, before));
      }
      const last = JSON.stringify(bodies[TURNS - 1]);
      expect(JSON.stringify(bodies[TURNS])).toBe(last);
      // The conversation was carried whole: what was never sent is easily the same each time.
      for (const part of ['U0lHTkFUVVJF2A==', PNG, 'result 6', 'And 7?', 'call_6_1']) expect(last).toContain(part);
      if (target === 'anthropic-messages') expectBreakpoints(bodies.slice(0, TURNS), client !== target);
    });
  });
});

/** Each turn has one at its end, and one where the turn before had its last: what was written then is read now. */
function expectBreakpoints(bodies: readonly Wire[], added: boolean): void {
  for (const [turn, body] of bodies.entries()) {
    const now = breakpoints(body);
    expect(now).toHaveLength(added ? Math.min(4, turn + 3) : 0);
    const last = turn === 0 ? undefined : breakpoints(bodies[turn - 1]).at(-1);
    if (added && last !== undefined) expect(now.slice(0, -1)).toContain(last);
  }
}
