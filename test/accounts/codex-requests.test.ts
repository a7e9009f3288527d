/** What clients ask of a ChatGPT account, and what of it reaches the service behind it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codex } from '../../src/providers/codex/index.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { createOpenAiVendor, type OpenAiVendor } from '../support/vendors/openai.ts';
import { connectWs } from '../support/ws-client.ts';
import { type AccountGateway, accountHome } from './account-gateway.ts';
import { logIn } from './log-in.ts';

let vendor: OpenAiVendor;
let internet: Internet;
let gateway: AccountGateway;
let origin: string;
let before = 0;

beforeAll(async () => {
  vendor = createOpenAiVendor();
  internet = await startInternet(vendor);
  const home = accountHome(makeFolder(), internet.env);
  const method = codex.account?.logins?.[0];
  if (method === undefined) throw new Error('nobody can log in');
  const { recordId, fields } = await logIn(internet, vendor, method, 'ann');
  await home.records.write(recordId, { ...fields, websockets: true });
  gateway = await home.start();
  origin = await gateway.process.listening();
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  await internet?.close();
  cleanUp();
});

function asked(): readonly Record<string, unknown>[] {
  return vendor.asked.slice(before);
}

function ask(body: unknown, headers: Record<string, string> = {}, path = '/v1/responses'): Promise<Response> {
  before = vendor.asked.length;
  return fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}`, ...headers },
    body: JSON.stringify(body),
  });
}

it('of Codex goes through as it is, under its own name', async () => {
  vendor.tellsLimits = true;
  const body = {
    model: 'gpt-5.5',
    instructions: 'You are Codex.',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'low', summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'thread-1',
    client_metadata: { odd: [1.5, null] },
    stream_options: { reasoning_summary_delivery: 'sequential_cutoff' },
  };
  const own = { originator: 'codex_exec', 'user-agent': 'codex_exec/0.169.0', 'x-codex-turn-metadata': '{}' };
  const response = await ask(body, own);
  expect(await response.text()).toContain('codex.rate_limits');
  expect(response.headers.get('x-llmproxy-dropped')).toBeNull();
  expect(asked()).toEqual([body]);
  expect(vendor.headers.at(-1)).toMatchObject({ ...own, 'chatgpt-account-id': 'fake-workspace-of-ann' });
  expect(vendor.complaints).toEqual([]);
});

it('of anybody else is brought into the form that the service takes, under our name', async () => {
  const response = await ask({
    model: 'gpt-5.5',
    input: [
      { role: 'system', content: 'Be brief.' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'message', id: 'chatcmpl-7', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
      { role: 'user', content: 'hi' },
    ],
    tools: [{ type: 'web_search_preview' }],
    temperature: 0.5,
    service_tier: 'flex',
    user: 'u',
  });
  expect(response.status, await response.clone().text()).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'completed', output: [{ type: 'message' }] });
  const dropped = response.headers.get('x-llmproxy-dropped') ?? '';
  for (const name of ['temperature', 'service_tier', 'user', 'input[1]']) expect(dropped).toContain(name);
  expect(asked()).toMatchObject([
    {
      instructions: '',
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      tools: [{ type: 'web_search' }],
    },
  ]);
  expect(vendor.headers.at(-1)?.['user-agent']).toMatch(/^node|^llmproxy/);
  expect(vendor.headers.at(-1)?.['originator']).toBeUndefined();
  expect(vendor.complaints).toEqual([]);
});

it('with a text for its input becomes a list', async () => {
  const response = await ask({
    model: 'gpt-5.5',
    input: 'hi',
    stream: true,
    service_tier: 'priority',
    instructions: null,
  });
  expect(response.status, await response.clone().text()).toBe(200);
  expect(asked()).toMatchObject([{ instructions: '', service_tier: 'priority', input: [{ role: 'user' }] }]);
  expect(vendor.complaints).toEqual([]);
});

it('to sum up a conversation has instructions, and nothing that shapes an answer', async () => {
  const response = await ask(
    { model: 'gpt-5.5', input: [{ role: 'user', content: 'hi' }] },
    {},
    '/v1/responses/compact',
  );
  expect(await response.json()).toMatchObject({ object: 'response.compaction', output: [{ id: 'cmp_fake' }] });
  expect(asked()).toEqual([{ model: 'gpt-5.5', input: [{ role: 'user', content: 'hi' }], instructions: '' }]);
  expect(vendor.complaints).toEqual([]);
});

it('over a WebSocket goes on over one of the service', async () => {
  before = vendor.asked.length;
  const client = await connectWs(`${origin}/v1/responses`, CLIENT_KEY);
  const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }];
  client.send({ type: 'response.create', model: 'gpt-5.5', instructions: 'Be Codex.', input });
  expect((await client.answer()).at(-1)).toMatchObject({ type: 'response.completed' });
  client.socket.close();
  expect(asked()).toMatchObject([{ type: 'response.create', instructions: 'Be Codex.', store: false, input }]);
  expect(vendor.complaints).toEqual([]);
});
