import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message, Part, ReasoningPart, Signature, ToolCallPart } from '../../ir/index.ts';
import { type RememberedTurn, rememberTurn } from './remembered-turn.ts';
import { keysOf, restoreTurns } from './restore-turns.ts';
import { turnKeys } from './turn-keys.ts';

const sign = (value: string): Signature => ({ origin: 'd', value, maker: 'm' });
const text = (value: string, signature?: Signature): Part => ({
  type: 'text',
  text: value,
  ...(signature && { signature }),
});
const thought = (value: string, signature?: Signature): ReasoningPart => ({
  type: 'reasoning',
  text: value,
  summary: false,
  redacted: false,
  ...(signature && { signature }),
});
const call = (id: string, args = '{"a":1,"b":2}', signature?: Signature): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  kind: 'function',
  arguments: args,
  ...(signature && { signature }),
});
const user = (value: string): Message => ({ role: 'user', content: [text(value)], path: 'u' });
const assistant = (...content: Part[]): Message => ({ role: 'assistant', content, path: 'a' });

/** A history restored from the memory of one answer to `question`. */
function restore(answer: readonly Part[], history: readonly Message[], question = 'q'): readonly Message[] {
  const turn = rememberTurn(answer, 'd');
  const keys = new Set(turnKeys(answer, question));
  return restoreTurns(history, (key) => (keys.has(key) ? turn : undefined));
}

test('reasoning before a call, lost with its signature', () => {
  const answer = [thought('hm', sign('s')), text('I look.'), call('1')];
  const lost = [user('q'), assistant(text('I look.'), call('1'))];
  expect(restore(answer, lost)).toEqual([user('q'), assistant(...answer)]);
});

test('arguments written anew and white space do not matter', () => {
  const answer = [thought('hm', sign('s')), call('1', '{"a":1,"b":{"c":[1],"d":2}}')];
  const lost = [user('q'), assistant(call('1', '{ "b": {"d":2,"c":[1]}, "a": 1 }'))];
  expect(restore(answer, lost)[1]?.content[0]).toEqual(answer[0]);
  expect(
    restore([thought('hm', sign('s')), text(' So. ')], [user('q'), assistant(text('So.'))])[1]?.content,
  ).toHaveLength(2);
});

test('the same id with other arguments is another call', () => {
  const lost = [user('q'), assistant(call('1', '{"a":3}'))];
  expect(restore([thought('hm', sign('s')), call('1')], lost)).toBe(lost);
});

test('custom calls that the client holds as functions are found', () => {
  const custom: Part = { type: 'tool-call', id: '1', name: 'f', kind: 'custom', arguments: 'x' };
  const restored = restore([thought('hm', sign('s')), custom], [user('q'), assistant(call('1', '{"input":"x"}'))]);
  expect(restored[1]?.content).toHaveLength(2);
});

test('a turn of text only is found by its text and what it answers', () => {
  const answer = [thought('hm', sign('s')), text('Done.')];
  const history = [user('q'), assistant(text('Done.')), user('again'), assistant(text('Done.'))];
  expect(restore(answer, history)).toEqual([user('q'), assistant(...answer), user('again'), assistant(text('Done.'))]);
});

test('signatures on calls and texts return to their parts', () => {
  const answer = [text('one', sign('t')), call('1', '{}', sign('c')), call('2', '')];
  const lost = [user('q'), assistant(text('one'), call('1', ''), call('2', '{}'))];
  const [, turn] = restore(answer, lost);
  expect(turn?.content).toEqual([text('one', sign('t')), call('1', '', sign('c')), call('2', '{}')]);
});

test('reasoning between calls stands where it stood', () => {
  const answer = [thought('a', sign('1')), call('1'), thought('b', sign('2')), call('2'), thought('c', sign('3'))];
  expect(restore(answer, [user('q'), assistant(call('1'), call('2'))])[1]?.content).toEqual(answer);
});

test('a turn that the client cut in two is one turn', () => {
  const answer = [thought('a', sign('1')), text('look'), call('1')];
  const restored = restore(answer, [user('q'), assistant(text('look')), assistant(call('1'))]);
  expect(restored).toEqual([user('q'), assistant(thought('a', sign('1')), text('look')), assistant(call('1'))]);
});

test('what the client carried is not doubled', () => {
  const answer = [thought('a', sign('1')), text('look', sign('t')), call('1', '{}', sign('c'))];
  const carried = [user('q'), assistant(...answer)];
  expect(restore(answer, carried)).toEqual(carried);
  const part = restore(answer, [user('q'), assistant(text('look'), call('1', '{}', sign('c')))]);
  expect(part[1]?.content).toEqual(answer);
});

test('reasoning text without its signature is replaced, other reasoning is not', () => {
  const answer = [thought('first\n', sign('1')), thought('second', sign('2')), call('1')];
  const kept = [user('q'), assistant(thought('first\n\nsecond'), thought('mine'), call('1'))];
  expect(restore(answer, kept)[1]?.content).toEqual([thought('mine'), ...answer]);
});

test('signatures of another dialect are not remembered', () => {
  const answer = [thought('a', { origin: 'other', value: 's' }), call('1', '{}', { origin: 'other', value: 'c' })];
  expect(rememberTurn(answer, 'd')).toBeUndefined();
  expect(rememberTurn([text('only text')], 'd')).toBeUndefined();
});

test('the keys of a history', () => {
  const history = [user('q'), assistant(call('1'), call('2')), user('r'), assistant(text('t')), assistant(text(' '))];
  expect(keysOf(history)).toEqual([...turnKeys([call('1'), call('2')], ''), ...turnKeys([text('t')], 'r')]);
  expect(keysOf([user('q'), assistant(text('  '))])).toEqual([]);
});

const answerParts = fc
  .array(fc.constantFrom('thought', 'text', 'call', 'signed call', 'unsigned thought'), { minLength: 1, maxLength: 7 })
  .map((kinds) =>
    kinds.map((kind, index): Part => {
      if (kind === 'text') return text(`text ${index}`);
      if (kind === 'thought') return thought(`thought ${index}`, sign(`s${index}`));
      if (kind === 'unsigned thought') return thought(`plain ${index}`);
      return call(`id${index}`, '{}', kind === 'call' ? undefined : sign(`c${index}`));
    }),
  );

const stripped = (parts: readonly Part[]): Part[] =>
  parts
    .filter((part) => part.type !== 'reasoning')
    .map((part) => (part.type === 'tool-call' ? call(part.id, '{}') : part));

test('whatever a client dropped comes back once, in the same order, and the same at every turn', () => {
  fc.assert(
    fc.property(answerParts, fc.boolean(), (answer, keepsAll) => {
      const visible = stripped(answer);
      fc.pre(visible.length > 0);
      const history = [user('q'), assistant(...(keepsAll ? answer : visible)), user('next')];
      const once = restore(answer, history);
      const signed = answer.filter((part) => part.type !== 'reasoning' || part.signature !== undefined);
      expect(once[1]?.content).toEqual(keepsAll ? answer : signed);
      expect(restore(answer, once)).toEqual(once);
      expect(restore(answer, [...history, assistant(text('more'))]).slice(0, 3)).toEqual(once);
    }),
  );
});

test('nothing to restore leaves the very same messages', () => {
  const history = [user('q'), assistant(text('a'))];
  const none = (): RememberedTurn | undefined => undefined;
  expect(restoreTurns(history, none)).toBe(history);
});
