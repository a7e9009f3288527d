import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalUpstream, startUpstream } from '../support/pipeline-harness.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';

const tools = [
  { type: 'custom', name: 'patch', description: 'p' },
  {
    type: 'namespace',
    name: 'docs',
    description: 'd',
    tools: [{ type: 'function', name: 'find', parameters: { type: 'object' } }],
  },
];
const call = (id: string, name: string, args: string) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: args,
  status: 'completed',
});
const output = [call('a', 'patch', '{"input":"text"}'), call('b', 'docs__find', '{"q":1}')];
const answer = { id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'grok-4.5', output };
const events = [
  { type: 'response.created', response: { ...answer, status: 'in_progress', output: [] } },
  ...output.flatMap((item, output_index) => [
    { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } },
    { type: 'response.function_call_arguments.delta', item_id: item.id, output_index, delta: item.arguments },
    { type: 'response.output_item.done', output_index, item },
  ]),
  { type: 'response.completed', response: answer },
];

let upstream: LocalUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startUpstream((_request, response, body) => {
    const stream = JSON.parse(body).stream === true;
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.end(
      stream ? events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') : JSON.stringify(answer),
    );
  });
  proxy = await createTestProxy(`
api-keys: ["${CLIENT_KEY}"]
xai-api-key: [{ api-key: xai-fake, base-url: "${upstream.origin}/v1" }]
`);
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

const seen = () => JSON.parse(upstream.requests.at(-1)?.body ?? '{}');
const wanted = [
  { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'text' },
  { type: 'function_call', call_id: 'b', name: 'find', namespace: 'docs', arguments: '{"q":1}' },
];

test('xAI gets functions for the tools of Codex, and Codex its own calls back', async () => {
  const reply = await proxy.post('/v1/responses', { model: 'grok-4.5', input: 'hi', tools });
  expect(await reply.json()).toMatchObject({ output: wanted });
  expect(seen().tools).toMatchObject([
    { type: 'function', name: 'patch' },
    { type: 'function', name: 'docs__find' },
  ]);
});

test('in a stream too', async () => {
  const reply = await proxy.post('/v1/responses', { model: 'grok-4.5', input: 'hi', tools, stream: true });
  const done = (await reply.text()).split('\n').flatMap((line) => {
    const event = line.startsWith('data: {') ? JSON.parse(line.slice(6)) : {};
    return event.type === 'response.output_item.done' ? [event.item] : [];
  });
  expect(done).toMatchObject(wanted);
});

test('plain functions go through as they came', async () => {
  const body = { model: 'grok-4.5', input: 'hi', tools: [{ type: 'function', name: 'f', x_own: 1 }] };
  await proxy.post('/v1/responses', body);
  expect(seen()).toStrictEqual(body);
});
