import { expect } from 'vitest';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import type { Answer, Ask, Case, Turn, View } from './model.ts';

const turns: readonly Turn[] = [{ role: 'user', text: 'hi' }];
const openAi: readonly UpstreamDialect[] = ['openai-chat', 'openai-responses'];
const allButClaude: readonly UpstreamDialect[] = [...openAi, 'gemini'];
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

/** A setting of some dialects: it arrives, or the client is told that it did not. */
function setting<K extends keyof Ask & keyof View>(
  key: K,
  name: string,
  value: Ask[K],
  where: { clients: readonly UpstreamDialect[]; upstreams: readonly UpstreamDialect[]; path: RegExp },
  more: Partial<Case> = {},
): Case {
  return {
    name,
    clients: where.clients,
    ask: { turns, [key]: value },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      if (where.upstreams.includes(upstream)) {
        expect(view[key]).toEqual(value);
        expect(dropped).toEqual([]);
      } else expect(dropped.join(' ')).toMatch(where.path);
    },
    ...more,
  };
}

const alternatives = (...tokens: readonly [string, number][]): { token: string; logprob: number }[] =>
  tokens.map(([token, logprob]) => ({ token, logprob }));
const tokens = [
  { token: 'Yes', logprob: -0.25, top: alternatives(['Yes', -0.25], ['No', -1.5]) },
  { token: ' 🙂', logprob: -0.5, top: alternatives([' 🙂', -0.5], ['!', -2]) },
];

function toldTokens({ logprobs }: Answer, client: UpstreamDialect, upstream: UpstreamDialect): void {
  if (client === 'anthropic-messages' || upstream === 'anthropic-messages') expect(logprobs ?? []).toEqual([]);
  else
    expect(logprobs).toEqual([
      { token: 'Yes', logprob: -0.25, top: 2 },
      { token: ' 🙂', logprob: -0.5, top: 2 },
    ]);
}

/** What is asked of the model's service rather than of the model. */
export const settingCases: readonly Case[] = [
  setting(
    'logprobs',
    'log probabilities of the tokens',
    2,
    { clients: allButClaude, upstreams: allButClaude, path: /logprobs|responseLogprobs/ },
    { answer: { text: 'Yes 🙂', logprobs: tokens }, got: toldTokens },
  ),
  {
    name: 'log probabilities that were not asked for',
    clients: ['anthropic-messages'],
    ask: { turns },
    answer: { text: 'Yes 🙂', logprobs: tokens },
    got: toldTokens,
  },
  // Bookkeeping of the provider: without it the answer is the same.
  setting('metadata', 'metadata', { run: 'x', step: '7' }, { clients: openAi, upstreams: openAi, path: /^$/ }),
  // The key only says what may share a cache: without it nothing is lost.
  setting('cacheKey', 'prompt cache key', 'session-7', { clients: openAi, upstreams: openAi, path: /^$/ }),
  setting('verbosity', 'verbosity', 'low', { clients: openAi, upstreams: openAi, path: /verbosity/ }),
  {
    name: 'cache breakpoints',
    clients: ['anthropic-messages'],
    ask: {
      turns: [{ role: 'system', text: 'Be brief.' }, ...turns],
      tools: [{ name: 'ping', description: 'Pings', schema: { type: 'object', properties: {} } }],
      breakpoints: true,
    },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      if (upstream === 'anthropic-messages') expect(view.breakpoints).toBe(3);
      // OpenAI and Gemini cache without being told where.
      if (upstream === 'openai-responses' || upstream === 'gemini') expect(view.breakpoints).toBe(0);
      expect(dropped).toEqual([]);
    },
  },
  {
    name: 'breakpoints of its own for a client that knows none',
    clients: ['openai-responses', 'gemini'],
    ask: {
      turns: [{ role: 'system', text: 'Be brief.' }, ...turns],
      tools: [{ name: 'ping', description: 'Pings', schema: { type: 'object', properties: {} } }],
    },
    answer: { text: 'ok' },
    seen(view, upstream) {
      if (upstream === 'anthropic-messages') expect(view.breakpoints).toBeGreaterThan(0);
      else expect(view.breakpoints).toBe(0);
    },
  },
  ...tierCases(),
  {
    name: 'Gemini schema: responseJsonSchema',
    clients: ['gemini'],
    ask: { turns, schema },
    answer: { text: '{"a":"b"}' },
    seen: (view) => expect(view.schema).toMatchObject(schema),
  },
  {
    name: 'Gemini schema: responseSchema',
    clients: ['gemini'],
    ask: {
      turns,
      openApiSchema: {
        type: 'OBJECT',
        properties: { a: { type: 'STRING', nullable: true }, n: { type: 'INTEGER', format: 'int32' } },
        required: ['a'],
        propertyOrdering: ['a', 'n'],
      },
    },
    answer: { text: '{"a":"b"}' },
    seen(view, upstream) {
      if (upstream === 'gemini') {
        expect(view.schema).toMatchObject({ type: 'OBJECT', propertyOrdering: ['a', 'n'] });
        return;
      }
      expect(view.schema).toMatchObject({ type: 'object', properties: { n: { type: 'integer' } }, required: ['a'] });
      expect(JSON.stringify(view.schema.properties.a)).toContain('null');
      expect(view.raw).not.toContain('propertyOrdering');
    },
  },
];

/** Tiers have other names everywhere; `served` is what the upstream says it used, in its own. */
function tierCases(): Case[] {
  const names: Readonly<Record<string, Readonly<Record<UpstreamDialect, string | undefined>>>> = {
    default: {
      'openai-chat': 'default',
      'openai-responses': 'default',
      'anthropic-messages': 'standard_only',
      gemini: 'default',
    },
    flex: {
      'openai-chat': 'flex',
      'openai-responses': 'flex',
      'anthropic-messages': undefined,
      gemini: 'flex',
    },
  };
  const asked = (['default', 'flex'] as const).map(
    (tier): Case => ({
      name: `service tier ${tier}`,
      clients: tier === 'flex' ? allButClaude : [...openAi, 'anthropic-messages'],
      ask: { turns, serviceTier: tier },
      answer: { text: 'ok' },
      seen(view, upstream, dropped) {
        const name = names[tier]?.[upstream];
        if (name === undefined) expect(dropped.join()).toMatch(/tier/i);
        else if (upstream === 'gemini') expect([name, 'standard', undefined]).toContain(view.serviceTier);
        else expect(view.serviceTier).toBe(name);
      },
    }),
  );
  return [
    ...asked,
    {
      name: 'service tier that served',
      clients: [...openAi, 'anthropic-messages'],
      ask: { turns },
      answer: { text: 'ok', serviceTier: 'priority' },
      got: (answer, _, upstream) => {
        if (upstream !== 'gemini') expect(answer.serviceTier).toBe('priority');
      },
    },
  ];
}
