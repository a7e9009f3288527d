import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { answeredId, calledId, continueTranscript, repairToolCalls, withoutLostIds } from './transcript.ts';

const user = (text: string): JsonObject => ({ type: 'message', role: 'user', content: text });
const assistant = (text: string, id?: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
  ...(id === undefined ? {} : { id }),
});
const call = (callId: string, id = `fc_${callId}`): JsonObject => ({
  type: 'function_call',
  id,
  call_id: callId,
  name: 'shell',
  arguments: '{}',
});
const output = (callId: string): JsonObject => ({ type: 'function_call_output', call_id: callId, output: 'ok' });

describe('continueTranscript', () => {
  const previous = { input: [user('go')], output: [call('c1')] };

  it('appends to what went before', () => {
    expect(continueTranscript(previous, [output('c1')])).toEqual([user('go'), call('c1'), output('c1')]);
  });

  it('keeps the first of items with the same id', () => {
    const items = continueTranscript({ input: [user('go')], output: [assistant('hi', 'msg_1')] }, [
      { type: 'item_reference', id: 'msg_1' },
      user('more'),
    ]);
    expect(items).toEqual([user('go'), assistant('hi', 'msg_1'), user('more')]);
  });

  it('keeps the first of calls and of outputs with the same call_id, even under another id', () => {
    const items = continueTranscript(previous, [call('c1', 'fc_other'), output('c1'), output('c1')]);
    expect(items).toEqual([user('go'), call('c1'), output('c1')]);
  });

  it('never takes items without ids for the same', () => {
    const twice = { input: [user('go')], output: [assistant('hi')] };
    expect(continueTranscript(twice, [user('go')])).toEqual([user('go'), assistant('hi'), user('go')]);
    expect(continueTranscript({ input: [{ role: 'user', id: '' }], output: [] }, [{ role: 'user', id: '' }])).toEqual([
      { role: 'user', id: '' },
      { role: 'user', id: '' },
    ]);
  });

  it.each([
    ['an assistant message', [user('new'), assistant('hi'), user('more')]],
    ['a tool call', [user('new'), call('c9'), output('c9')]],
    ['reasoning', [{ role: 'developer', content: 'x' }, { type: 'reasoning', id: 'rs_1', summary: [] }, user('more')]],
  ])('takes input with %s after a message as the whole story', (_name, input) => {
    expect(continueTranscript(previous, input)).toEqual(input);
  });

  it('takes input that starts with what the model did as a continuation', () => {
    expect(continueTranscript({ input: [user('go')], output: [] }, [call('c1'), output('c1')])).toEqual([
      user('go'),
      call('c1'),
      output('c1'),
    ]);
  });

  it.each([
    ['a text', 'Another language model started to solve this problem and produced a summary: x'],
    ['parts', [{ type: 'input_text', text: 'Another language model started to solve this problem. Summary: x' }]],
  ])('lets a summary as %s replace the history', (_name, content) => {
    const input = [user('first'), { type: 'message', role: 'user', content }];
    expect(continueTranscript(previous, input)).toEqual(input);
  });

  it.each(['compaction', 'compaction_summary', 'context_compaction'])('lets a %s item replace the history', (type) => {
    const input = [{ type, encrypted_content: 'e' }, user('more')];
    expect(continueTranscript(previous, input)).toEqual(input);
  });

  it.each([
    user('Some other language model started'),
    { role: 'user' },
    { role: 'user', content: [] },
    { role: 'user', content: ['text'] },
    { role: 'user', content: [null] },
    { role: 'user', content: [{ text: 5 }] },
    { role: 'developer', content: 'Another language model started to solve this problem' },
  ])('sees no summary in %j', (item) => {
    expect(continueTranscript(previous, [item])).toEqual([user('go'), call('c1'), item]);
  });

  // Servers that number the calls of each answer anew: without this an agent sees its first result forever.
  it('keeps a later call with the id of an earlier one, and its output', () => {
    const said = (command: string): JsonObject => ({ ...call('call_0'), arguments: command });
    const first = continueTranscript({ input: [user('go')], output: [said('a')] }, [output('call_0')]);
    const second = continueTranscript({ input: first, output: [said('b')] }, [output('call_0')]);
    expect(second).toEqual([user('go'), said('a'), output('call_0'), said('b'), output('call_0')]);
    const third = continueTranscript({ input: second, output: [said('b')] }, [output('call_0'), output('call_0')]);
    expect(third).toEqual([...second, said('b'), output('call_0')]);
  });

  it('keeps answers of a server that gives each the same id', () => {
    const before = {
      input: [user('go'), assistant('one', 'msg_1'), user('more')],
      output: [assistant('two', 'msg_1')],
    };
    expect(continueTranscript(before, [user('on')])).toEqual([...before.input, ...before.output, user('on')]);
  });

  it('takes a call of another wording for a new one, and one of the same wording for the old', () => {
    const other = { ...call('c1'), arguments: '{"a":1}' };
    const { id: _id, ...bare } = call('c1');
    expect(continueTranscript(previous, [bare, other])).toEqual([user('go'), call('c1'), other]);
  });

  it('leaves a whole story as the client tells it', () => {
    const story = [user('go'), call('c1'), output('c1'), call('c1'), output('c1')];
    expect(continueTranscript(previous, story)).toBe(story);
  });

  it('begins with what went before and tells nothing of the new twice, for any turns', () => {
    const item = fc.oneof(
      fc.integer({ min: 0, max: 5 }).map((n) => call(`c${n}`)),
      fc.integer({ min: 0, max: 5 }).map((n) => output(`c${n}`)),
    );
    fc.assert(
      fc.property(fc.array(item), fc.array(item), fc.array(item), (input, said, added) => {
        const before = [...input, ...said];
        const merged = continueTranscript({ input, output: said }, added);
        expect(merged.slice(0, before.length)).toEqual(before);
        const count = (items: readonly JsonObject[], idOf: (item: JsonObject) => string | undefined, id: string) =>
          items.filter((each) => idOf(each) === id).length;
        for (const id of ['c0', 'c1', 'c2', 'c3', 'c4', 'c5']) {
          // Each new call makes room for one output, and an output whose call nobody knows has room for itself.
          const room = 1 + count(merged, calledId, id) + count(before, answeredId, id);
          expect(count(merged, answeredId, id)).toBeLessThanOrEqual(room);
          expect(count(merged, calledId, id)).toBe(
            Math.max(count(before, calledId, id), Math.min(1, count(added, calledId, id))),
          );
        }
      }),
    );
  });
});

describe('repairToolCalls', () => {
  const known = new Map([
    ['c1', call('c1')],
    ['c2', call('c2')],
  ]);

  it('leaves whole input as it is', () => {
    const items = [user('go'), call('c9'), output('c9')];
    const repaired = repairToolCalls(items, known);
    expect(repaired).toEqual({ items, supplied: [], dropped: [] });
    expect(repaired.items).toBe(items);
  });

  it('puts a missing call before its output', () => {
    expect(repairToolCalls([user('go'), output('c1')], known)).toEqual({
      items: [user('go'), call('c1'), output('c1')],
      supplied: ['c1'],
      dropped: [],
    });
  });

  it('keeps calls that were made together together', () => {
    const { items } = repairToolCalls([user('go'), output('c1'), output('c2'), user('more')], known);
    expect(items).toEqual([user('go'), call('c1'), call('c2'), output('c1'), output('c2'), user('more')]);
  });

  it('puts calls of two steps where each belongs', () => {
    const { items } = repairToolCalls([output('c1'), user('more'), output('c2')], known);
    expect(items).toEqual([call('c1'), output('c1'), user('more'), call('c2'), output('c2')]);
  });

  it('supplies a call once', () => {
    expect(repairToolCalls([output('c1'), output('c1')], known)).toEqual({
      items: [call('c1'), output('c1'), output('c1')],
      supplied: ['c1'],
      dropped: [],
    });
  });

  it('drops an output whose call nobody knows, and names it', () => {
    expect(repairToolCalls([user('go'), output('c7')], known)).toEqual({
      items: [user('go')],
      supplied: [],
      dropped: ['c7'],
    });
  });

  it('leaves no output without a call, for any input', () => {
    const item = fc.oneof(
      fc.constant(user('x')),
      fc.integer({ min: 0, max: 9 }).map((n) => call(`c${n}`)),
      fc.integer({ min: 0, max: 9 }).map((n) => output(`c${n}`)),
    );
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const repaired = repairToolCalls(items, known);
        const calls = new Set(repaired.items.flatMap((each) => calledId(each) ?? []));
        for (const each of repaired.items) {
          const id = answeredId(each);
          if (id !== undefined) expect(calls.has(id)).toBe(true);
        }
        const supplied = repaired.supplied.flatMap((id) => known.get(id) ?? []);
        const expected = items.filter((each) => !repaired.dropped.includes(answeredId(each) ?? ''));
        expect(repaired.items.filter((each) => !supplied.includes(each))).toEqual(expected);
      }),
    );
  });
});

describe('calledId and answeredId', () => {
  it.each([
    ['function_call', 'c', undefined],
    ['custom_tool_call', 'c', undefined],
    ['local_shell_call', 'c', undefined],
    ['function_call_output', undefined, 'c'],
    ['custom_tool_call_output', undefined, 'c'],
    ['tool_search_output', undefined, 'c'],
    ['message', undefined, undefined],
  ])('know a %s', (type, called, answered) => {
    const item = { type, call_id: 'c' };
    expect([calledId(item), answeredId(item)]).toEqual([called, answered]);
  });

  it.each([{ type: 'function_call' }, { type: 'function_call', call_id: '' }, { type: 5, call_id: 'c' }])(
    'find none in %j',
    (item) => {
      expect([calledId(item), answeredId(item)]).toEqual([undefined, undefined]);
    },
  );
});

describe('withoutLostIds', () => {
  it('takes the id of reasoning that was not stored, and of nothing else', () => {
    const whole = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'e' };
    const bare = { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: null };
    expect(withoutLostIds([whole, bare, call('c1')])).toEqual([
      whole,
      { type: 'reasoning', summary: [], encrypted_content: null },
      call('c1'),
    ]);
  });
});
