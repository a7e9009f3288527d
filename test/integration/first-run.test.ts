/** A newcomer's first minute: no configuration, no key, and every dialect answers. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects, readText } from '../faults/dialect-client.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { type CliProcess, cleanUp, makeFolder, startCli } from './cli-process.ts';

let cli: CliProcess;
let folder: string;
let origin: string;
let key: string;
const file = (): string => join(folder, 'config', 'llmproxy', 'config.yaml');

beforeAll(async () => {
  folder = makeFolder();
  cli = startCli(['--port', '0'], folder);
  origin = await cli.listening();
  key = /sk-llmproxy-[0-9A-Za-z]{40}\b/.exec(cli.stdout())?.[0] ?? '';
});
afterAll(async () => {
  cli.child.kill('SIGTERM');
  await cli.ended;
  cleanUp();
});

test('the configuration is for the user alone and holds the key that was printed', () => {
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(key).toHaveLength('sk-llmproxy-'.length + 40);
  expect(readFileSync(file(), 'utf8')).toContain(key);
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('it says what to paste, and that only echo answers', async () => {
  await expect.poll(() => cli.stdout()).toContain('opencode');
  for (const word of ['curl', 'ANTHROPIC_BASE_URL', 'config.toml', 'GOOGLE_GEMINI_BASE_URL', origin])
    expect(cli.stdout()).toContain(word);
  await expect.poll(() => cli.stderr()).toContain('echo');
});

test('without the key, or with another one, nobody gets in', async () => {
  for (const authorization of ['', 'Bearer sk-llmproxy-other'])
    expect((await ask(origin, 'openai-chat', 'echo', { headers: { authorization } })).status).toBe(401);
});

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

function toolsOf(dialect: UpstreamDialect): Wire {
  switch (dialect) {
    case 'openai-chat':
      return { tools: [{ type: 'function', function: { name: 'look_up', parameters: schema } }] };
    case 'openai-responses':
      return { tools: [{ type: 'function', name: 'look_up', parameters: schema }] };
    case 'anthropic-messages':
      return { tools: [{ name: 'look_up', input_schema: schema }] };
    case 'gemini':
      return { tools: [{ functionDeclarations: [{ name: 'look_up', parameters: schema }] }] };
  }
}

function calledTool(dialect: UpstreamDialect, body: Wire): { name: string; input: Wire } {
  switch (dialect) {
    case 'openai-chat': {
      const call = body.choices[0].message.tool_calls[0].function;
      return { name: call.name, input: JSON.parse(call.arguments) };
    }
    case 'openai-responses': {
      const call = body.output.find((item: Wire) => item.type === 'function_call');
      return { name: call.name, input: JSON.parse(call.arguments) };
    }
    case 'anthropic-messages':
      return body.content.find((block: Wire) => block.type === 'tool_use');
    case 'gemini': {
      const call = body.candidates[0].content.parts.find((part: Wire) => part.functionCall).functionCall;
      return { name: call.name, input: call.args };
    }
  }
}

describe.for(dialects)('%s', (dialect) => {
  const send = (more: Parameters<typeof ask>[3]): Promise<Response> =>
    ask(origin, dialect, 'echo', { ...more, headers: { authorization: `Bearer ${key}` } });

  test('echo repeats the prompt, whole and streamed', async () => {
    const prompt = 'Hello, Grüezi and 🙂';
    const whole = await send({ text: prompt });
    expect(whole.status).toBe(200);
    expect(readText(dialect, await whole.json())).toContain(prompt);
    const stream = await send({ text: prompt, stream: true });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.text()).toContain('🙂');
  });

  test('the word TOOL calls the first tool, whole and streamed', async () => {
    const reply = await send({ text: 'Please TOOL it.', extra: toolsOf(dialect) });
    expect(calledTool(dialect, await reply.json())).toMatchObject({
      name: 'look_up',
      input: { city: expect.any(String) },
    });
    const stream = await send({ text: 'Please TOOL it.', extra: toolsOf(dialect), stream: true });
    expect(await stream.text()).toContain('look_up');
    const without = await send({ text: 'No word for it.', extra: toolsOf(dialect) });
    expect(readText(dialect, await without.json())).toContain('No word');
  });
});

test('legacy completions', async () => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  for (const stream of [false, true]) {
    const body = JSON.stringify({ model: 'echo', prompt: 'once upon', stream });
    const reply = await fetch(`${origin}/v1/completions`, { method: 'POST', headers, body });
    expect(reply.status).toBe(200);
    const text = await reply.text();
    expect(stream ? text.includes('[DONE]') : JSON.parse(text).choices[0].text.includes('once upon')).toBe(true);
  }
});

test('a second start uses the file and does not print the key again', async () => {
  const second = startCli(['--port', '0'], folder);
  const url = await second.listening();
  expect(second.stdout()).not.toContain(key);
  expect((await ask(url, 'openai-chat', 'echo', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('./config.yaml comes first, $LLMPROXY_CONFIG before it, and then no file is made', async () => {
  const own = makeFolder();
  const write = (name: string, client: string): string => {
    writeFileSync(join(own, name), `host: 127.0.0.1\nport: 0\napi-keys: [${client}]\n`);
    return join(own, name);
  };
  write('config.yaml', 'sk-fake-of-the-folder');
  const named = write('named.yaml', 'sk-fake-of-the-variable');
  for (const [env, client] of [
    [{}, 'sk-fake-of-the-folder'],
    [{ LLMPROXY_CONFIG: named }, 'sk-fake-of-the-variable'],
  ] as const) {
    const started = startCli([], own, env);
    const url = await started.listening();
    expect((await ask(url, 'openai-chat', 'echo', { headers: { authorization: `Bearer ${client}` } })).status).toBe(
      200,
    );
    started.child.kill('SIGTERM');
    await started.ended;
  }
  expect(existsSync(join(own, 'config'))).toBe(false);
});
