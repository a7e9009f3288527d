/** Every client through Kiro's own dialect, over real sockets: what it is asked, and what becomes of its answers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kiro } from '../../src/providers/kiro/index.ts';
import { clients } from '../conformance/drivers.ts';
import type { Answer, Ask, ClientDriver } from '../conformance/model.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { checkStream } from '../streams/grammar.ts';
import { awsEvent, awsException } from '../support/aws-event-stream.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { createKiroVendor, type KiroVendor, PROFILE_ARN } from '../support/vendors/kiro/index.ts';
import { type AccountGateway, accountHome } from './account-gateway.ts';
import { logIn } from './log-in.ts';

let internet: Internet;
let vendor: KiroVendor;
let gateway: AccountGateway;
let origin: string;

beforeAll(async () => {
  vendor = createKiroVendor();
  internet = await startInternet(vendor);
  const home = accountHome(makeFolder(), { ...internet.env });
  const method = kiro.account?.logins?.find(({ id }) => id === 'google');
  if (method === undefined) throw new Error('no login');
  // One for each address, asked one after the other.
  for (const [who, endpoint] of [
    ['ann', undefined],
    ['bob', 'ide'],
    ['cid', 'cli'],
  ] as const) {
    const { recordId, fields } = await logIn(internet, vendor, method, who);
    await home.records.write(recordId, {
      ...fields,
      disable_cooling: true,
      ...(endpoint !== undefined && { preferred_endpoint: endpoint }),
    });
  }
  gateway = await home.start();
  origin = await gateway.process.listening();
});
afterEach(() => {
  vendor.say = undefined;
  vendor.refuse = undefined;
  vendor.pauseMs = 0;
  vendor.asked.length = 0;
  expect(vendor.complaints).toEqual([]);
  expect(internet.strangers).toEqual([]);
  expect(internet.faults).toEqual([]);
});
afterAll(async () => {
  await gateway.stop();
  await internet.close();
  cleanUp();
});

interface Reply {
  readonly status: number;
  readonly dropped: string;
  readonly text: string;
  answer(): Answer;
}

let conversations = 0;

async function ask(client: ClientDriver, stream: boolean, about: Ask): Promise<Reply> {
  conversations += 1;
  const turns = about.turns.map((turn, index) =>
    index === 0 && turn.role !== 'assistant' ? { ...turn, text: `${turn.text} (${conversations})` } : turn,
  );
  const { path, body } = client.build({ ...about, turns }, 'claude-sonnet-4.5', stream);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return {
    status: response.status,
    dropped: response.headers.get('x-llmproxy-dropped') ?? '',
    text,
    answer: () => (stream ? client.readStream(text) : client.readJson(JSON.parse(text))),
  };
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const tools = [
  { name: 'get_weather', description: 'Tells.', schema: { type: 'object', properties: { city: { type: 'string' } } } },
];

const everything: Ask = {
  turns: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'What is this?', images: [{ base64: PIXEL, mediaType: 'image/png' }] },
    { role: 'assistant', text: 'Wait.', calls: [{ id: 'call_1', name: 'get_weather', arguments: { city: 'Bonn' } }] },
    { role: 'tool', id: 'call_1', name: 'get_weather', text: 'Rain.' },
    { role: 'user', text: 'And Kiel?' },
  ],
  tools,
  maxTokens: 500,
};

const ways = clients.flatMap((client) => [
  { client, stream: false },
  { client, stream: true },
]);

it('asks each address in its own words', async () => {
  const places = new Set<string>();
  for (const { client, stream } of ways) {
    await ask(client, stream, { turns: [{ role: 'user', text: 'Hello.' }] });
    for (const { place } of vendor.asked) places.add(place);
  }
  expect([...places].sort()).toEqual([
    'codewhisperer.us-east-1.amazonaws.com/generateAssistantResponse',
    'q.us-east-1.amazonaws.com/',
    'q.us-east-1.amazonaws.com/generateAssistantResponse',
  ]);
});

describe.each(ways)('$client.dialect, streamed: $stream', ({ client, stream }) => {
  it('a conversation with instructions, an image, a call and its result', async () => {
    vendor.say = () => [
      awsEvent('reasoningContentEvent', { text: 'Hm, ' }),
      awsEvent('reasoningContentEvent', { text: 'Kiel.', signature: 'c2ln' }),
      awsEvent('assistantResponseEvent', { content: 'I look \u{1F327}' }),
      awsEvent('assistantResponseEvent', { content: ' it up.' }),
      awsEvent('toolUseEvent', { toolUseId: 'tooluse_9', name: 'get_weather', input: '{"city":' }),
      awsEvent('toolUseEvent', { toolUseId: 'tooluse_9', name: 'get_weather', input: '"Kiel"}' }),
      awsEvent('toolUseEvent', { toolUseId: 'tooluse_9', name: 'get_weather', stop: true }),
      awsEvent('metadataEvent', {
        tokenUsage: { uncachedInputTokens: 40, cacheReadInputTokens: 60, outputTokens: 9, totalTokens: 109 },
      }),
      awsEvent('contextUsageEvent', { contextUsagePercentage: 0.53 }),
    ];
    const reply = await ask(client, stream, everything);
    expect(reply.status, reply.text).toBe(200);
    if (stream) checkStream(client.dialect, reply.text);
    expect(reply.dropped).toBe('');
    expect(reply.answer()).toMatchObject({
      text: 'I look \u{1F327} it up.',
      reasoning: 'Hm, Kiel.',
      calls: [{ name: 'get_weather', arguments: { city: 'Kiel' } }],
      finish: 'tool-calls',
    });
    expect(reply.text).toMatch(/\b(?:109|100|40)\b/);

    const { body } = vendor.asked[0] ?? {};
    const user = (content: string, more: object = {}) => ({
      userInputMessage: { content, modelId: 'claude-sonnet-4.5', origin: expect.any(String), ...more },
    });
    expect(body).toEqual({
      conversationState: {
        chatTriggerType: 'MANUAL',
        conversationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        history: [
          user(`<instructions>\nBe brief. (${conversations})\n</instructions>\n\nWhat is this?`, {
            images: [{ format: 'png', source: { bytes: PIXEL } }],
          }),
          {
            assistantResponseMessage: {
              content: 'Wait.',
              toolUses: [{ toolUseId: expect.any(String), name: 'get_weather', input: { city: 'Bonn' } }],
            },
          },
        ],
        currentMessage: user('And Kiel?', {
          userInputMessageContext: {
            tools: [
              {
                toolSpecification: {
                  name: 'get_weather',
                  description: 'Tells.',
                  inputSchema: { json: expect.objectContaining({ type: 'object' }) },
                },
              },
            ],
            toolResults: [{ toolUseId: expect.any(String), status: 'success', content: [{ text: 'Rain.' }] }],
          },
        }),
      },
      inferenceConfig: { maxTokens: 500 },
      profileArn: PROFILE_ARN,
    });
  });

  it('thinking is asked for in words, and found in the text of older services', async () => {
    vendor.say = () =>
      ['<thin', 'king>Hm.</think', 'ing>\n\nSo.'].map((content) => awsEvent('assistantResponseEvent', { content }));
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Think.' }], effort: 'medium' });
    expect(reply.answer()).toMatchObject({ text: 'So.', reasoning: 'Hm.', finish: 'stop' });
    expect(JSON.stringify(vendor.asked[0]?.body)).toContain('<thinking_mode>enabled</thinking_mode>');
  });

  it('a forced tool is asked for in words, and the client is told', async () => {
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Go.' }], tools, toolChoice: 'required' });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.dropped).toMatch(/tool_?[cC]|toolConfig/);
    expect(JSON.stringify(vendor.asked[0]?.body)).toContain('Call at least one of the tools now.');
  });

  it('a name that is refused comes back as it was', async () => {
    const name = `mcp__${'long_'.repeat(12)}name`;
    const own = [{ ...tools[0], name, description: 'd', schema: { type: 'object' } }];
    vendor.say = (body) => {
      const wire = /"toolSpecification":\{"name":"([^"]+)"/.exec(JSON.stringify(body))?.[1];
      return [awsEvent('toolUseEvent', { toolUseId: 't1', name: wire, input: {}, stop: true })];
    };
    // Gemini's clients have shorter names.
    if (client.dialect === 'gemini') return;
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Go.' }], tools: own });
    expect(reply.answer().calls).toEqual([{ name, arguments: {} }]);
  });

  it('a failure before anything was said is an answer of its own', async () => {
    vendor.say = () => [awsException('ValidationException', { message: 'Input is too long.' })];
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Go.' }] });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('nput is too long');
  });

  it('JSON of status 200 is the error that it says', async () => {
    vendor.refuse = { status: 200, body: { _type: 'com.amazon#ValidationException', message: 'Improperly said.' } };
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Go.' }] });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('Improperly said.');
  });

  it.each<[string, () => readonly Buffer[]]>([
    ['an exception', () => [awsException('InternalServerException', { message: 'it broke' })]],
    ['half a message', () => [awsEvent('assistantResponseEvent', { content: 'more' }).subarray(0, 50)]],
    ['half a call', () => [awsEvent('toolUseEvent', { toolUseId: 't', name: 'get_weather', input: '{"city": "K' })]],
    ['a changed byte', () => [changed(awsEvent('assistantResponseEvent', { content: 'more' }))]],
  ])('%s amid an answer is no quiet end', async (_, rest) => {
    vendor.say = () => [awsEvent('assistantResponseEvent', { content: 'Once upon' }), ...rest()];
    vendor.pauseMs = 60;
    const reply = await ask(client, stream, { turns: [{ role: 'user', text: 'Go.' }], tools });
    if (!stream) {
      expect(reply.status).toBeGreaterThanOrEqual(500);
      return;
    }
    expect(reply.text).toContain('Once upon');
    expect(reply.text).not.toContain('more');
    expect(reply.text).toMatch(/error/i);
    expect(() => checkStream(client.dialect, reply.text)).toThrow();
  });
});

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 8] = (copy[copy.length - 8] ?? 0) ^ 1;
  return copy;
}

it('keeps within what the service takes, whatever the conversation looks like', async () => {
  const odd: Ask['turns'][] = [
    [
      { role: 'assistant', text: 'Hi!' },
      { role: 'user', text: 'Hello.' },
    ],
    [
      { role: 'user', text: 'a' },
      { role: 'user', text: 'b' },
      { role: 'assistant', calls: [{ id: '1', name: 'f', arguments: {} }] },
      { role: 'assistant', calls: [{ id: '2', name: 'f', arguments: {} }] },
      { role: 'tool', id: '2', name: 'f', text: 'two' },
      { role: 'tool', id: '1', name: 'f', text: '' },
    ],
    [{ role: 'tool', id: 'gone', name: 'f', text: 'left over' }],
    [
      { role: 'user', text: 'a' },
      { role: 'assistant', calls: [{ id: '1', name: 'f', arguments: {} }] },
      { role: 'user', text: 'never mind' },
    ],
    [
      { role: 'system', text: 'Only this.' },
      { role: 'user', text: '' },
    ],
  ];
  const chat = clients.find(({ dialect }) => dialect === 'openai-chat');
  if (chat === undefined) throw new Error('no client');
  for (const turns of odd) {
    const reply = await ask(chat, false, {
      turns,
      tools: [{ name: 'f', description: '', schema: { type: 'object' } }],
    });
    expect(reply.status, reply.text).toBe(200);
  }
});
