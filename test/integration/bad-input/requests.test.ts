/**
 * Every field of every request, with a value of every wrong type: a 400 that names the place in the client's own
 * spelling, or a translation. `BAD_INPUT=all` sends each request to every upstream dialect, otherwise to one in turn.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { answersOf, requestsOf } from './bodies.ts';
import { type Lane, type Outcome, openLane } from './in-process.ts';
import { mutationsOf, placesOf, withValue } from './mutate.ts';

const lanes: readonly (readonly [UpstreamDialect, Lane])[] = dialects.map((dialect) => [
  dialect,
  openLane(dialect, { type: 'application/json', text: JSON.stringify(answersOf(dialect)[0]) }),
]);
afterAll(() => Promise.all(lanes.map(([, lane]) => lane.close())));

/** What is wrong with an outcome; undefined: nothing. */
function fault(outcome: Outcome, body: Wire): string | undefined {
  const { code, reply, path, cause, sent } = outcome;
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) return 'the prototype of all objects was changed';
  if (code === undefined)
    return reply.status === 200 && sent !== undefined && JSON.parse(sent) ? undefined : 'no answer';
  if (code !== 'invalid_request' && code !== 'lossy_translation') return `${code}: ${String(cause)}`;
  if (reply.status !== 400 || path === undefined) return `status ${reply.status}, path ${path}`;
  if (!reply.text().includes(JSON.stringify(path).slice(1, -1))) return `the message does not name ${path}`;
  return isSpelledAs(path, body) ? undefined : `${path} is not how the client spells it`;
}

/** A path begins with a member of the body, or is one that is missing. */
function isSpelledAs(path: string, body: Wire): boolean {
  const [first = '', ...rest] = path.split(/[.[\]]+/).filter((key) => key !== '');
  return Object.hasOwn(body, first) || rest.length === 0;
}

const all = process.env['BAD_INPUT'] === 'all';

describe.for(dialects)('%s client', (client) => {
  const others = lanes.filter(([dialect]) => dialect !== client);

  test('a wrong type in every field', { timeout: 120_000 }, async () => {
    const faults = new Set<string>();
    let index = 0;
    for (const { path, body } of mutationsOf(requestsOf(client))) {
      index++;
      for (const [upstream, lane] of all ? others : others.slice(index % others.length).slice(0, 1)) {
        const found = fault(await lane.ask(client, body, client === 'gemini' && index % 2 === 0), body);
        if (found !== undefined) faults.add(`${path.join('.')} for ${upstream}: ${found}`);
      }
    }
    expect([...faults].slice(0, 20)).toEqual([]);
    expect(index).toBeGreaterThan(4000);
  });

  test('what nobody would write: any JSON in any place', { timeout: 60_000 }, async () => {
    const places = placesOf(requestsOf(client));
    const wild = fc.tuple(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...others));
    await fc.assert(
      fc.asyncProperty(wild, async ([{ body, path }, value, [, lane]]) => {
        const changed = withValue(body, path, value);
        expect(fault(await lane.ask(client, changed), changed)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  test('what is no request at all', { timeout: 60_000 }, async () => {
    const body = fc.dictionary(
      fc.constantFrom(...Object.keys(Object.assign({}, ...requestsOf(client)))),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...lanes), async (object, [, lane]) => {
        const { reply, code } = await lane.ask(client, { model: 'm', ...object });
        expect([reply.status, code]).not.toContain('internal');
        expect([200, 400]).toContain(reply.status);
      }),
      { numRuns: 500 },
    );
  });
});

describe.for(dialects)('%s client: numbers beyond any', (client) => {
  const field = { 'openai-chat': 'temperature', 'openai-responses': 'temperature', 'anthropic-messages': 'max_tokens' };
  const [name, text] =
    client === 'gemini' ? ['topP', '"generationConfig":{"topP":1e999}'] : [field[client], `"${field[client]}":1e999`];

  test('are refused where they would become null', async () => {
    for (const [upstream, lane] of lanes) {
      if (upstream === client) continue;
      const plain = JSON.stringify({ ...requestsOf(client)[0], [name]: undefined });
      const { reply, path } = await lane.ask(client, plain.replace(/\}$/, `,${text}}`));
      expect([reply.status, path]).toEqual([400, client === 'gemini' ? 'generationConfig.topP' : name]);
    }
  });

  test('go through as they are to the same dialect, as do digits that a double cannot hold', async () => {
    const lane = lanes.find(([dialect]) => dialect === client)?.[1];
    const more = `"x_big":12345678901234567890123,"x_long":0.1234567890123456789,${text}}`;
    const plain = JSON.stringify({ ...requestsOf(client)[0], [name]: undefined }).replace(/\}$/, `,${more}`);
    expect((await lane?.ask(client, plain))?.sent).toContain(more);
  });
});
