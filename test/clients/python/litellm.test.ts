/** An upstream that nobody here wrote: the LiteLLM proxy with mocked answers, behind llmproxy as an OpenAI-compatible provider. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../../support/proxy-process.ts';
import { pythonProgram } from '../install/python.ts';

const MOCKED = 'A mocked answer of LiteLLM.';
let folder: string;
let litellm: ChildProcess;
let proxy: ProxyProcess;
let origin: string;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmproxy-litellm-'));
  const config = join(folder, 'litellm.yaml');
  const model = { model: 'openai/mocked', api_key: 'sk-fake', mock_response: MOCKED };
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: 'mocked', litellm_params: model }] }));
  const port = await freePort();
  litellm = spawn(
    pythonProgram('litellm', 'litellm'),
    ['--config', config, '--host', '127.0.0.1', '--port', String(port)],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        LITELLM_TELEMETRY: 'False',
      },
      stdio: 'ignore',
    },
  );
  origin = `http://127.0.0.1:${port}`;
  for (let waited = 0; waited < 240; waited++) {
    const answer = await fetch(`${origin}/health/liveliness`).catch(() => undefined);
    if (answer?.ok) break;
    await sleep(500);
  }
  proxy = await startProxyProcess(`
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - name: litellm
    base-url: ${origin}/v1
    models: [{ name: mocked }, { name: missing }]
`);
});

afterAll(async () => {
  await proxy?.close();
  litellm?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

describe('LiteLLM as the upstream', () => {
  test('chat, streamed and not', async () => {
    const client = new OpenAI({ baseURL: `${proxy.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'hi' }];
    const answer = await client.chat.completions.create({ model: 'mocked', messages });
    expect(answer.choices[0]?.message.content).toBe(MOCKED);
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model: 'mocked', messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe(MOCKED);
  });

  test('responses, streamed', async () => {
    const client = new OpenAI({ baseURL: `${proxy.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    const final = await client.responses.stream({ model: 'mocked', input: 'hi' }).finalResponse();
    expect(final.output_text).toBe(MOCKED);
  });

  test('messages, streamed', async () => {
    const client = new Anthropic({ baseURL: proxy.origin, apiKey: CLIENT_KEY, maxRetries: 0 });
    const stream = client.messages.stream({
      model: 'mocked',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(await stream.finalText()).toBe(MOCKED);
  });

  test('gemini, streamed', async () => {
    const client = new GoogleGenAI({ apiKey: CLIENT_KEY, httpOptions: { baseUrl: proxy.origin } });
    let text = '';
    for await (const chunk of await client.models.generateContentStream({ model: 'mocked', contents: 'hi' }))
      text += chunk.text ?? '';
    expect(text).toBe(MOCKED);
  });

  test('an error of LiteLLM keeps its status and message', async () => {
    const messages = [{ role: 'user' as const, content: 'hi' }];
    const direct = await fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'missing', messages }),
    });
    expect(direct.status).toBeGreaterThanOrEqual(400);
    const client = new Anthropic({ baseURL: proxy.origin, apiKey: CLIENT_KEY, maxRetries: 0 });
    await expect(client.messages.create({ model: 'missing', max_tokens: 5, messages })).rejects.toMatchObject({
      status: direct.status,
      message: expect.stringContaining('missing'),
    });
  });
});
