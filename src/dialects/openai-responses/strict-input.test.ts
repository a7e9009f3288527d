import { expect, test } from 'vitest';
import type { JsonObject } from '../../ir/index.ts';
import { scanObject } from '../../json-splice.ts';
import { needsStrictInput, strictInput } from './strict-input.ts';

function strict(body: JsonObject): { readonly value: JsonObject; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  return { value: strictInput(body, (path, reason) => warnings.push(`${path}: ${reason}`)), warnings };
}

test('says developer for system, web_search for its preview, and leaves the rest alone', () => {
  const body = {
    model: 'm',
    input: [{ role: 'system', content: 'a' }, { type: 'message', role: 'user', content: 'system' }, 'odd', 7],
    tools: [{ type: 'web_search_preview_2025_03_11', filters: {} }, { type: 'function', name: 'system' }, null],
    tool_choice: { type: 'web_search_preview' },
  };
  expect(strict(body)).toEqual({
    value: {
      model: 'm',
      input: [{ role: 'developer', content: 'a' }, { type: 'message', role: 'user', content: 'system' }, 'odd', 7],
      tools: [{ type: 'web_search', filters: {} }, { type: 'function', name: 'system' }, null],
      tool_choice: { type: 'web_search' },
    },
    warnings: [],
  });
  expect(strict({ input: 'x', tools: 'y', tool_choice: 'auto' })).toEqual({
    value: { input: 'x', tools: 'y', tool_choice: 'auto' },
    warnings: [],
  });
  expect(strict({ tool_choice: { type: 'function', name: 'f' } }).value).toEqual({
    tool_choice: { type: 'function', name: 'f' },
  });
});

test('leaves reasoning out of which the server would have to know the content', () => {
  const kept = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' };
  const lost = { type: 'reasoning', id: 'rs_2', summary: [] };
  expect(strict({ input: [kept, lost, { ...lost, encrypted_content: null }] })).toEqual({
    value: { input: [kept] },
    warnings: [1, 2].map(
      (index) => `input[${index}]: reasoning without its encrypted content means nothing to a server that stores none`,
    ),
  });
});

test.each([
  ['message', 'msg_1', 'msg_1'],
  [undefined, 'chatcmpl-1', undefined],
  ['message', 'msg-1', undefined],
  ['reasoning', 'x', undefined],
  ['function_call', 'fc_1', 'fc_1'],
  ['function_call', 'call_1', undefined],
  ['custom_tool_call', 'ctc_1', 'ctc_1'],
  ['custom_tool_call', 'fc_1', undefined],
  ['custom_tool_call_output', 'ctco_1', 'ctco_1'],
  ['custom_tool_call_output', 'ctc_1', undefined],
  ['web_search_call', 'anything', 'anything'],
  ['function_call_output', 'anything', 'anything'],
])('takes of a %s the id %s as %s', (type, id, expected) => {
  const item = { ...(type === undefined ? {} : { type }), encrypted_content: 'gAAAA' };
  expect(strict({ input: [{ ...item, id }] }).value).toEqual({
    input: [expected === undefined ? item : { ...item, id: expected }],
  });
});

test('cuts ids over 64 characters, the same way each time', () => {
  const id = `msg_${'a'.repeat(80)}`;
  const [first, second] = [strict({ input: [{ id }] }), strict({ input: [{ id }] })];
  expect(first).toEqual(second);
  expect(JSON.stringify(first.value)).toMatch(/"id":"msg_a{43}_[0-9a-f]{16}"/);
});

const reasoning = { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAAA' };

test.each<[JsonObject, boolean]>([
  [{ input: [] }, false],
  [{}, false],
  [{ input: 'text' }, true],
  [{ input: [{ role: 'system', content: 'a' }] }, true],
  [{ input: [{ role: 'developer', content: 'the "system" of things' }] }, false],
  [{ input: [], tools: [{ type: 'web_search_preview' }] }, true],
  [{ input: [reasoning, reasoning], reasoning: { effort: 'low' } }, false],
  [{ input: [reasoning, { type: 'reasoning', id: 'rs_2' }] }, true],
  [{ input: [{ type: 'reasoning', encrypted_content: null }] }, true],
  [{ input: [{ id: `msg_${'a'.repeat(60)}` }] }, false],
  [{ input: [{ id: `msg_${'a'.repeat(61)}` }] }, true],
  [{ input: [{ id: 7 }, { id: null }] }, false],
])('tells whether %j needs it, however it is spaced', (body, expected) => {
  for (const text of [JSON.stringify(body), JSON.stringify(body).replaceAll('":', '": ')]) {
    const scanned = scanObject(Buffer.from(text));
    expect(scanned && needsStrictInput(scanned)).toBe(expected);
  }
});
