/** Provider keys in the environment are found, and go to the provider they belong to. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../faults/dialect-client.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { type CliProcess, cleanUp, makeFolder, startCli } from './cli-process.ts';

const keys = {
  OPENAI_API_KEY: 'sk-fake-openai-from-env',
  ANTHROPIC_API_KEY: 'sk-ant-fake-from-env',
  GEMINI_API_KEY: 'AIzaFake-from-env-0123456789',
  GROQ_API_KEY: 'gsk_fake_from_env',
  // Stands in every tutorial: not a key.
  MISTRAL_API_KEY: 'your-mistral-key',
};

let upstream: ScriptedUpstream;
let cli: CliProcess;
let origin: string;
let models: string[];

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  const folder = makeFolder();
  writeFileSync(
    join(folder, 'config.yaml'),
    `
host: 127.0.0.1
port: 0
log-level: trace
api-keys: ["${CLIENT_KEY}"]
providers:
  openai: { endpoint: "${upstream.origin}/v1" }
  claude: { endpoint: "${upstream.origin}" }
  gemini: { endpoint: "${upstream.origin}" }
  groq: { endpoint: "${upstream.origin}/v1" }
  deepseek: { enabled: false }
`,
  );
  cli = startCli([], folder, { ...keys, DEEPSEEK_API_KEY: 'sk-fake-deepseek' });
  origin = await cli.listening();
  const list = await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
  const body: { data: { id: string }[] } = JSON.parse(await list.text());
  models = body.data.map((model) => model.id);
});
afterAll(async () => {
  cli.child.kill('SIGTERM');
  await cli.ended;
  await upstream.close();
  cleanUp();
});

const first = (pattern: RegExp): string => {
  const found = models.find((model) => pattern.test(model));
  if (found === undefined) throw new Error(`no model like ${pattern} in ${models.join(', ')}`);
  return found;
};

test.for([
  ['OPENAI_API_KEY', /^gpt-/, 'authorization', `Bearer ${keys.OPENAI_API_KEY}`],
  // Hosts that are not Anthropic's own expect a bearer token.
  ['ANTHROPIC_API_KEY', /^claude-/, 'authorization', `Bearer ${keys.ANTHROPIC_API_KEY}`],
  ['GEMINI_API_KEY', /^gemini-/, 'x-goog-api-key', keys.GEMINI_API_KEY],
  ['GROQ_API_KEY', /llama|qwen|kimi/i, 'authorization', `Bearer ${keys.GROQ_API_KEY}`],
] as const)('%s', async ([, model, header, value]) => {
  for (const client of ['openai-chat', 'anthropic-messages'] as const) {
    const reply = await ask(origin, client, first(model));
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('ok.')]);
    expect(upstream.seen.at(-1)?.headers[header]).toBe(value);
    // The client's own key stays here.
    expect(JSON.stringify(upstream.seen.at(-1)?.headers)).not.toContain(CLIENT_KEY);
  }
});

test('example keys and disabled providers bring no models; echo has given way', () => {
  expect(models.some((model) => /mistral|deepseek/.test(model))).toBe(false);
  expect(models).not.toContain('echo');
});

test('no key of the environment is in the output', () => {
  const output = cli.stdout() + cli.stderr();
  for (const key of Object.values(keys).slice(0, 4)) expect(output).not.toContain(key);
});
