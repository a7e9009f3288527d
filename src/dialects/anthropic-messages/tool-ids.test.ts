import { expect, it } from 'vitest';
import { createToolIds, decodeToolId, encodeToolId } from './tool-ids.ts';

it.each([
  ['call_1-A', 'call_1-A'],
  ['fc:1', 'llmproxy_ZmM6MQ'],
  ['ä', 'llmproxy_w6Q'],
  ['', 'llmproxy_'],
  ['llmproxy_x', 'llmproxy_bGxtcHJveHlfeA'],
  ['x_llmproxy_', 'x_llmproxy_'],
])('%j is given to clients as %j, and read back', (id, wire) => {
  expect(encodeToolId(id)).toBe(wire);
  expect(decodeToolId(wire)).toBe(id);
});

it('ids that clean to the same are numbered', () => {
  const wireId = createToolIds();
  expect(['a.b', 'a_b', 'a:b', 'a b', 'a.b'].map(wireId)).toEqual(['a_b', 'a_b_2', 'a_b_3', 'a_b_4', 'a_b']);
});
