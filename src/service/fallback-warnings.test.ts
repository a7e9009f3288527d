import { expect, test } from 'vitest';
import { createProxy, parseConfig } from '../index.ts';

test('fallbacks that nobody serves are named at the start; those of an empty gateway are not', async () => {
  const fallbacks = 'responses-store: { file: "" }\nfallbacks: [{ model: a, to: [b, gone, local/any] }]';
  const server =
    'openai-compatibility: [{ name: local, base-url: "http://127.0.0.1:9/v1", models: [{ name: a }, { name: b }] }]';
  const served = await createProxy({ config: parseConfig({ text: `${fallbacks}\n${server}` }), env: {} });
  expect(served.warnings).toEqual([
    'fallbacks[0].to: no credential serves the model "gone"; it is passed over',
    'fallbacks[0].to: no credential serves the model "local/any"; it is passed over',
  ]);
  await served.close();
  const empty = await createProxy({ config: parseConfig({ text: fallbacks }), env: {} });
  expect(empty.warnings).toEqual([]);
  await empty.close();
});
