/** What Kimi is sent by a running gateway: Messages for Claude's clients, Chat for others, reasoning with every call. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kimi } from '../../src/providers/kimi/index.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { createKimiVendor, type KimiVendor } from '../support/vendors/kimi.ts';
import { type AccountGateway, accountHome } from './account-gateway.ts';
import { logIn } from './log-in.ts';

let vendor: KimiVendor;
let internet: Internet;
let gateway: AccountGateway;
let origin: string;

beforeAll(async () => {
  vendor = createKimiVendor();
  internet = await startInternet(vendor);
  const home = accountHome(makeFolder(), internet.env);
  const [method] = kimi.account?.logins ?? [];
  if (method === undefined) throw new Error('no login');
  const { recordId, fields } = await logIn(internet, vendor, method, 'ann');
  await home.records.write(recordId, fields);
  gateway = await home.start();
  origin = await gateway.process.listening();
});
afterAll(async () => {
  await gateway.stop();
  await internet.close();
  cleanUp();
});

async function ask(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  expect(vendor.complaints).toEqual([]);
  return JSON.parse(text);
}

const model = 'kimi-k2.5';
const user = { role: 'user', content: 'Look.' };

it("serves Claude's clients at Messages, and counts their tokens there", async () => {
  const thinking = { type: 'enabled', budget_tokens: 2048 };
  const body = { model, max_tokens: 4096, thinking, messages: [user] };
  expect(await ask('/v1/messages', body)).toMatchObject({ content: [{ type: 'text', text: 'Hello ann.' }] });
  expect(vendor.paths.at(-1)).toBe('/coding/v1/messages');
  expect(await ask('/v1/messages/count_tokens', { model, messages: [user] })).toEqual({ input_tokens: 42 });
});

it('gives calls back the reasoning that clients lose', async () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
  const messages = [
    user,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: 'seen' },
  ];
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
  for (const effort of [{}, { reasoning_effort: 'high' }, { reasoning_effort: 'none' }])
    await ask('/v1/chat/completions', { model, tools, messages, ...effort });
  expect(vendor.paths.at(-1)).toBe('/coding/v1/chat/completions');
  const items = [
    user,
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'seen' },
  ];
  expect(await ask('/v1/responses', { model, input: items, reasoning: { effort: 'low' } })).toMatchObject({
    status: 'completed',
  });
});

it.each(['kimi-k2.7-code', 'kimi-for-coding', 'kimi-k3[1m]'])(
  'knows %s by the name that Kimi has for it',
  async (name) => {
    await ask('/v1/chat/completions', { model: name, messages: [user] });
    await ask('/v1/messages', { model: name, max_tokens: 99, messages: [user] });
  },
);
