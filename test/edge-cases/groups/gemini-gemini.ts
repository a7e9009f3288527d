/** Gemini clients with a Gemini upstream, where the body does not go through as it is. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents } from '../gemini-turns.ts';
import type { Entry, Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';

const response = (name: string, output: string, id?: string): Wire => ({
  functionResponse: { ...(id === undefined ? {} : { id }), name, response: { output } },
});
const user = (...parts: Wire[]): Wire => ({ role: 'user', parts });
const model = (...parts: Wire[]): Wire => ({ role: 'model', parts });
const turns = (...list: Wire[]): Wire[] => contents('gemini', { contents: list });
/** Name and output of every function response, content by content. */
const answered = (...list: Wire[]): unknown[] =>
  turns(...list)
    .map(({ parts }) => parts.flatMap((part: Wire) => part.functionResponse ?? []))
    .filter((found) => found.length > 0)
    .map((found) => found.map((one: Wire) => [one.name, one.response.output]));

/** Responses that name no function, and responses of other numbers than the calls. */
export const functionResponses: Readonly<Record<string, () => void>> = {
  single() {
    expect(answered(user({ text: 'q' }), model(call('f')), user(response('', 'one')))).toEqual([[['f', 'one']]]);
  },
  parallel() {
    const list = [user({ text: 'q' }), model(call('f'), call('g')), user(response('', 'one'), response('', 'two'))];
    expect(answered(...list)).toEqual([
      [
        ['f', 'one'],
        ['g', 'two'],
      ],
    ]);
  },
  preservesExisting() {
    const list = [user({ text: 'q' }), model(call('f'), call('g')), user(response('g', 'two'), response('f', 'one'))];
    expect(answered(...list)).toEqual([
      [
        ['f', 'one'],
        ['g', 'two'],
      ],
    ]);
  },
  moreResponses() {
    const list = [user({ text: 'q' }), model(call('f')), user(response('', 'one'), response('', 'two'))];
    expect(turns(...list)).toEqual([
      user({ text: 'q' }),
      model({ functionCall: { id: 'call_f_0', name: 'f', args: {} }, thoughtSignature: BYPASS }),
      user(
        { functionResponse: { id: 'call_f_0', name: 'f', response: { output: 'one' } } },
        { text: 'Tool result: two' },
      ),
    ]);
  },
  groups() {
    const list = [
      user({ text: 'q' }),
      model(call('f')),
      user(response('', 'one')),
      model(call('g')),
      user(response('', 'two')),
    ];
    expect(answered(...list)).toEqual([[['f', 'one']], [['g', 'two']]]);
  },
};

const own: readonly Entry[] = [
  { names: ['ConvertGeminiRequestToGeminiReusesLargeNormalizedPayload'], because: reasons.goInternal },
  {
    names: ['BackfillEmptyFunctionResponseNames_Single', 'ConvertGeminiRequestToGemini_BackfillsEmptyName'],
    run: () => functionResponses['single']?.(),
  },
  { names: ['BackfillEmptyFunctionResponseNames_Parallel'], run: () => functionResponses['parallel']?.() },
  {
    names: ['BackfillEmptyFunctionResponseNames_PreservesExisting'],
    run: () => functionResponses['preservesExisting']?.(),
  },
  {
    names: ['BackfillEmptyFunctionResponseNames_MoreResponsesThanCalls'],
    note: 'Gemini refuses more responses than calls: what answers no call becomes text',
    run: () => functionResponses['moreResponses']?.(),
  },
  { names: ['BackfillEmptyFunctionResponseNames_MultipleGroups'], run: () => functionResponses['groups']?.() },
];

export const geminiGemini: Group = { group: 'gemini/gemini', entries: own };
