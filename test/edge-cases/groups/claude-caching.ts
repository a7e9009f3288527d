/** Prompt-cache breakpoints in requests to Claude. */
import { expect } from 'vitest';
import { text } from '../claude-wire.ts';
import type { Group } from '../ledger.ts';
import { request } from '../through.ts';

type Body = Parameters<typeof request>[2];

const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } });
const tool = (name: string, more: object = {}) => ({ name, input_schema: { type: 'object', properties: {} }, ...more });
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });

/** What Claude is sent when llmproxy may add breakpoints. */
const sent = (body: Body) => request('anthropic-messages', 'anthropic-messages', body, { cacheBreakpoints: true });

/** Where a body has breakpoints, in the order in which Claude reads it. */
function marks({ tools = [], system = [], messages }: Body): string[] {
  const blocks = [
    ...tools.map((block: Body) => [block.name, block]),
    ...system.map((block: Body) => [block.text, block]),
    ...messages.flatMap(({ content }: Body) => content.map((block: Body) => [block.text, block])),
  ];
  return blocks.flatMap(([name, { cache_control: control }]) => (control ? [`${name} ${control.ttl ?? '5m'}`] : []));
}

const conversation = [user(text('q1')), assistant(text('a1')), user(text('q2'))];

export const claudeCaching: Group = {
  group: 'caching_verify',
  entries: [
    {
      names: ['EnsureCacheControl'],
      run() {
        const body = { tools: [tool('t1'), tool('t2')], system: [text('s1'), text('s2')], messages: conversation };
        expect(marks(sent(body).body)).toEqual(['t2 5m', 's2 5m', 'q1 5m', 'q2 5m']);
        const thought = { type: 'thinking', thinking: 'T', signature: 'EqSig' };
        expect(marks(sent({ messages: [user(text('q')), assistant(text('a'), thought)] }).body)).toEqual([
          'q 5m',
          'a 5m',
        ]);
      },
    },
    {
      names: ['ShouldEnsureCacheControl'],
      run() {
        for (const body of [
          { system: [{ ...text('s'), ...mark() }], messages: conversation },
          { tools: [tool('s', mark())], messages: conversation },
          { messages: [user({ ...text('s'), ...mark() }), ...conversation] },
        ]) {
          expect(marks(sent(body).body)).toEqual(['s 5m']);
        }
        const plain = request('anthropic-messages', 'anthropic-messages', { messages: conversation });
        expect(marks(plain.body)).toEqual([]);
      },
    },
    {
      names: ['InjectToolsCacheControlSkipsDeferredTools'],
      run() {
        const deferred = tool('later', { defer_loading: true });
        expect(marks(sent({ tools: [tool('now'), deferred], messages: [user(text('q'))] }).body)).toEqual([
          'now 5m',
          'q 5m',
        ]);
        expect(marks(sent({ tools: [deferred], messages: [user(text('q'))] }).body)).toEqual(['q 5m']);
      },
    },
    {
      names: ['CacheControlOrder'],
      run() {
        const body = {
          tools: [tool('t', mark('1h'))],
          system: [{ ...text('s'), ...mark() }],
          messages: [user({ ...text('q'), ...mark('1h') })],
        };
        const { body: wire, warnings } = sent(body);
        expect(marks(wire)).toEqual(['t 1h', 's 5m', 'q 5m']);
        expect(warnings).toHaveLength(1);
      },
    },
    {
      names: ['UpgradeClaudeCacheControlTTL'],
      note: 'an hour costs more to write than five minutes: nobody gets it who did not ask for it',
      run() {
        const body = { system: [{ ...text('s'), ...mark('5m') }], messages: [user({ ...text('q'), ...mark() })] };
        expect(sent(body).body.system).toEqual(body.system);
        expect(marks(sent(body).body)).toEqual(['s 5m', 'q 5m']);
        expect(JSON.stringify(sent({ messages: conversation }).body)).not.toContain('ttl');
      },
    },
  ],
};
