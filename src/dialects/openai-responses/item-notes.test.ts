import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { applyNotes, isNoteworthy } from './item-notes.ts';

const message = (...texts: string[]): JsonObject => ({
  ...{ type: 'message', role: 'user' },
  content: texts.map((text) => ({ type: 'input_text', text })),
});
const call: JsonObject = { type: 'function_call', call_id: 'c' };
const status = { status: 'completed' };

test.each<[string, (JsonObject | undefined)[], JsonValue | undefined, (JsonObject | undefined)[]]>([
  ['none', [call], undefined, [call]],
  ['of no kind', [call], { type: 'function_call', fields: status }, [call]],
  ['of the item', [call], [{ type: 'function_call', fields: status }], [{ ...call, ...status }]],
  ['with nothing in it', [call], [{ type: 'function_call' }], [call]],
  ['of another item', [call], [{ type: 'message', fields: status }], [call]],
  [
    'of one item and another',
    [call, call],
    [{ type: 'function_call', fields: status }, { type: 'message' }],
    [call, call],
  ],
  ['that are none', [call], [7], [call]],
  ['of fewer items', [call, call], [{ type: 'function_call', fields: status }], [call, call]],
  ['of more items', [call], [{ type: 'function_call', fields: status }, { type: 'function_call' }], [call]],
  [
    'of an item that was dropped',
    [undefined, call],
    [{ type: 'reasoning' }, { type: 'function_call', fields: status }],
    [undefined, { ...call, ...status }],
  ],
  ['that are none of an item that was dropped', [undefined], [7], [undefined]],
  [
    'of parts',
    [message('a', 'b')],
    [{ type: 'message', parts: [null, { x: 1 }] }],
    [
      {
        ...message(),
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_text', text: 'b', x: 1 },
        ],
      },
    ],
  ],
  ['of fewer parts', [message('a', 'b')], [{ type: 'message', parts: [{ x: 1 }] }], [message('a', 'b')]],
  [
    'of a text that is no part',
    [{ type: 'message', content: ['a'] }],
    [{ type: 'message', parts: [{ x: 1 }] }],
    [{ type: 'message', content: ['a'] }],
  ],
  [
    'of fields that are named like those of reasoning',
    [message('a')],
    [{ type: 'message', fields: { summary: [{ text: 'x' }] } }],
    [{ ...message('a'), summary: [{ text: 'x' }] }],
  ],
])('notes %s', (_, items, notes, expected) => {
  expect(applyNotes(items, notes)).toStrictEqual(expected);
});

test('a divided summary holds as long as its text does', () => {
  const item = (text: string): JsonObject => ({ type: 'reasoning', summary: [{ type: 'summary_text', text }] });
  const divided = ['a', 'b'].map((text) => ({ type: 'summary_text', text }));
  const notes = [{ type: 'reasoning', fields: { summary: divided, ...status } }];
  expect(applyNotes([item('a\n\nb')], notes)).toStrictEqual([{ ...item(''), summary: divided, ...status }]);
  expect(applyNotes([item('edited')], notes)).toStrictEqual([{ ...item('edited'), ...status, content: undefined }]);
});

test.each([
  [{ type: 'x' }, false],
  [{ type: 'x', fields: {} }, true],
  [{ type: 'x', parts: [] }, true],
  [{ type: 'x', item: {} }, true],
])('%j says anything: %s', (note, says) => {
  expect(isNoteworthy(note)).toBe(says);
});
