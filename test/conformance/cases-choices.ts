import { expect } from 'vitest';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import type { Case, Turn } from './model.ts';

const turns: readonly Turn[] = [{ role: 'user', text: 'hi' }];
const tool = (name: string) => ({
  name,
  description: name,
  schema: { type: 'object', properties: { at: { type: 'string' } } },
});
const three = [tool('alpha'), tool('beta'), tool('gamma')];
const names = ['alpha', 'gamma'];
const offers: readonly UpstreamDialect[] = ['openai-responses', 'anthropic-messages'];

/** Which tools may be called: forms that not every dialect has. */
export const choiceCases: readonly Case[] = [
  ...(['required', 'auto'] as const).map(
    (mode): Case => ({
      name: `tool choice ${mode} among some of the tools`,
      clients: mode === 'auto' ? ['openai-chat', 'openai-responses'] : ['openai-chat', 'openai-responses', 'gemini'],
      ask: { turns, tools: three, toolChoice: { mode, names } },
      answer: { toolCalls: [{ name: 'gamma', arguments: { at: 'x' } }] },
      seen(view, upstream) {
        // Without such a choice only those tools are offered.
        const offered = upstream === 'anthropic-messages';
        expect(view.tools.map(({ name }) => name)).toEqual(offered ? names : ['alpha', 'beta', 'gamma']);
        expect(view.toolChoice).toBe(offered ? mode : `${mode}: alpha, gamma`);
      },
    }),
  ),
  {
    name: 'tool choice of a built-in tool',
    clients: offers,
    ask: { turns, builtIns: ['web-search'], toolChoice: { builtIn: 'web-search' } },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      if (offers.includes(upstream)) expect(view.toolChoice).toBe('web-search');
      else expect(dropped.join()).toMatch(/tool_choice/);
    },
  },
  {
    name: 'tool choice of a custom tool',
    clients: ['openai-chat', 'openai-responses'],
    ask: {
      turns,
      tools: [tool('alpha')],
      customTools: [{ name: 'patch', description: 'Patches' }],
      toolChoice: { custom: 'patch' },
    },
    answer: { text: 'ok' },
    seen: (view) => expect(view.toolChoice).toBe('patch'),
  },
  {
    name: 'no parallel calls, and a certain tool',
    clients: ['openai-chat', 'openai-responses', 'anthropic-messages'],
    ask: { turns, tools: three, toolChoice: { name: 'beta' }, parallel: false },
    answer: { toolCalls: [{ name: 'beta', arguments: { at: 'x' } }] },
    seen(view, upstream, dropped) {
      expect(view.toolChoice).toBe('beta');
      if (upstream !== 'gemini') expect(view.parallel).toBe(false);
      else expect(dropped.join()).toMatch(/parallel|tool_choice/);
    },
  },
  {
    name: 'tool choice without tools',
    ask: { turns, toolChoice: 'auto' },
    answer: { text: 'ok' },
    seen: (view) => expect(view.tools).toEqual([]),
  },
];
