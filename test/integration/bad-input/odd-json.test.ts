/** JSON that parsers disagree about: names given twice, marks before the text, halves of characters, deep nests. */
import { afterAll, describe, expect, test } from 'vitest';
import { dialects } from '../../conformance/model.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { answersOf } from './bodies.ts';
import { type Lane, openLane } from './in-process.ts';

const lanes = new Map<UpstreamDialect, Lane>(
  dialects.map((dialect) => [
    dialect,
    openLane(dialect, { type: 'application/json', text: JSON.stringify(answersOf(dialect)[0]) }),
  ]),
);
afterAll(() => Promise.all([...lanes.values()].map((lane) => lane.close())));

/** The member that holds the conversation, with one text of the user, as JSON text. */
const turns: Readonly<Record<UpstreamDialect, (text: string) => string>> = {
  'openai-chat': (text) => `"messages":[{"role":"user","content":"${text}"}]`,
  'openai-responses': (text) => `"input":"${text}"`,
  'anthropic-messages': (text) => `"messages":[{"role":"user","content":"${text}"}]`,
  gemini: (text) => `"contents":[{"role":"user","parts":[{"text":"${text}"}]}]`,
};
const head = (client: UpstreamDialect): string => (client === 'gemini' ? '' : '"model":"m","max_tokens":9,');
const bodyOf = (client: UpstreamDialect, text = 'hello'): string => `{${head(client)}${turns[client](text)}}`;
const pairs = dialects.flatMap((client) => dialects.map((upstream) => [client, upstream] as const));

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const ask = (body: string) => {
    const lane = lanes.get(upstream);
    if (lane === undefined) throw new Error('no such upstream');
    return lane.ask(client, body);
  };

  test('of a member given twice the upstream gets the last one alone', async () => {
    const twice = `{${head(client)}${turns[client]('FIRST')},${turns[client]('SECOND')}}`;
    const { reply, sent } = await ask(twice);
    expect(reply.status).toBe(200);
    expect(sent).toContain('SECOND');
    expect(sent).not.toContain('FIRST');
  });

  test.runIf(client !== 'gemini')('a model given twice, once in escapes, goes on once', async () => {
    const { sent } = await ask(bodyOf(client).replace('{', '{"mod\\u0065l":"secret-model",'));
    expect(sent).not.toContain('secret-model');
  });

  test('a byte order mark is a 400', async () => {
    const { reply, code } = await ask(`\ufeff${bodyOf(client)}`);
    expect([reply.status, code]).toEqual([400, 'invalid_json']);
  });

  test('halves of characters and NUL arrive as they are', async () => {
    const text = 'a\\ud800b\\udc00c\\u0000d\\uD83D\\uDE00';
    const { reply, sent } = await ask(bodyOf(client, text));
    expect(reply.status).toBe(200);
    // Not parsed as a whole: the text is what counts, in whatever member it is.
    const texts = [...(sent ?? '').matchAll(/"a\\u[^"]*"/g)].map(([found]) => JSON.parse(found));
    expect(texts).toEqual([JSON.parse(`"${text}"`)]);
  });

  test('a __proto__ member anywhere is data or dropped, and nobody inherits it', async () => {
    const proto = '"__proto__":{"polluted":1,"role":"system","toString":1}';
    const body = bodyOf(client).replaceAll('{', `{${proto},`);
    const { reply } = await ask(body);
    expect([200, 400]).toContain(reply.status);
    const fresh: Wire = {};
    expect([fresh.polluted, fresh.role, typeof fresh.toString]).toEqual([undefined, undefined, 'function']);
  });

  test.for([900, 999, 1001, 100_000])('%s levels deep: an answer or a 400', async (levels) => {
    const nests = [`${'['.repeat(levels)}${']'.repeat(levels)}`, `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`];
    for (const nest of nests) {
      const { reply, code } = await ask(bodyOf(client).replace(/\}$/, `,"metadata":{"deep":${nest}}}`));
      expect([reply.status, code]).toEqual(
        levels > 1000 ? [400, 'invalid_json'] : [expect.toBeOneOf([200, 400]), code],
      );
      expect(code).not.toBe('internal');
    }
  });

  test('a schema 900 levels deep: an answer or a 400', async () => {
    const schema = `${'{"type":"object","properties":{"a":'.repeat(440)}{}${'}}'.repeat(440)}`;
    const tools: Readonly<Record<UpstreamDialect, string>> = {
      'openai-chat': `[{"type":"function","function":{"name":"f","parameters":${schema}}}]`,
      'openai-responses': `[{"type":"function","name":"f","parameters":${schema}}]`,
      'anthropic-messages': `[{"name":"f","input_schema":${schema}}]`,
      gemini: `[{"functionDeclarations":[{"name":"f","parametersJsonSchema":${schema}}]}]`,
    };
    const { reply, code } = await ask(bodyOf(client).replace(/\}$/, `,"tools":${tools[client]}}`));
    // Gemini's own limit is far below this, and its client is told so.
    const refused = client === 'gemini' && upstream !== 'gemini';
    expect([reply.status, code]).toEqual(refused ? [400, 'invalid_request'] : [200, undefined]);
  });
});
