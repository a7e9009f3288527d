/** What GitHub Copilot is told of requests, by a running gateway: the endpoint of each model, who asks, pictures. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { githubCopilot } from '../../src/providers/github-copilot/index.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { createGithubVendor, type GithubVendor } from '../support/vendors/github.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { type AccountGateway, accountHome, everyWay } from './account-gateway.ts';
import { logIn } from './log-in.ts';

let vendor: GithubVendor;
let internet: Internet;
let gateway: AccountGateway;
let origin: string;

beforeAll(async () => {
  vendor = createGithubVendor();
  internet = await startInternet(vendor);
  const home = accountHome(makeFolder(), internet.env);
  const [method] = githubCopilot.account?.logins ?? [];
  if (method === undefined) throw new Error('no login');
  const { recordId, fields } = await logIn(internet, vendor, method, 'ann');
  await home.records.write(recordId, fields);
  gateway = await home.start();
  origin = await gateway.process.listening();
  await vi.waitFor(async () => expect(await gateway.models()).toContain('gpt-5.3-codex'), {
    timeout: 5000,
    interval: 50,
  });
});
afterAll(async () => {
  await gateway.stop();
  await internet.close();
  cleanUp();
});

async function ask(path: string, body: object): Promise<string | undefined> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBe(200);
  // A wrong endpoint, a wrong initiator or an untold picture would be a complaint.
  expect(vendor.complaints).toEqual([]);
  return vendor.initiators.at(-1);
}

it.each(['claude-sonnet-4.6', 'gpt-5.2', 'gpt-5.3-codex'])(
  '%s is asked for where it is, by every client',
  async (model) => {
    for (const { client, stream } of everyWay) {
      expect(await gateway.ask(client, model, stream)).toMatchObject({ status: 200, text: 'Hello ann.' });
    }
    expect(vendor.complaints).toEqual([]);
  },
);

const tool = { name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: {} } };
const turns = [
  { role: 'user', content: 'Look.' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
];
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'seen' };
const messages = (model: string, ...content: object[]) =>
  ask('/v1/messages', { model, max_tokens: 99, tools: [tool], messages: [...turns, { role: 'user', content }] });

it.each(['claude-sonnet-4.6', 'gpt-5.2', 'gpt-5.3-codex'])(
  'an agent goes on by itself with %s after a tool',
  async (model) => {
    expect(await messages(model, result)).toBe('agent');
  },
);

it('a person asks, whatever came before', async () => {
  expect(await messages('gpt-5.2', result, { type: 'text', text: 'Now stop.' })).toBe('user');
});

it('pictures are told of in every dialect', async () => {
  const url = 'data:image/png;base64,iVBORw0KGgo=';
  const content = [{ type: 'image_url', image_url: { url } }];
  for (const model of ['claude-sonnet-4.6', 'gpt-5.2', 'gpt-5.3-codex'])
    expect(await ask('/v1/chat/completions', { model, messages: [{ role: 'user', content }] })).toBe('user');
  const input = [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }];
  expect(await ask('/v1/responses', { model: 'gpt-5.3-codex', input })).toBe('user');
});
