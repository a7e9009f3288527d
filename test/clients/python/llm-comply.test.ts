/** llm-comply: answers of the proxy against the vendors' published specifications, for every upstream dialect behind it. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, type ProxyProcess, startProxyProcess } from '../../support/proxy-process.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../../support/scripted-upstream/index.ts';
import { pythonProgram } from '../install/python.ts';

/** The judge asks for reasoning only of models whose name says that they can. */
const PREFIX = 'gpt-5-or-claude-opus-';
const models = ['up-chat', 'up-responses', 'up-claude', 'up-gemini'];

const bearer = ['--auth-header', 'Authorization'];
const formats: Readonly<Record<string, { readonly base: string; readonly options: readonly string[] }>> = {
  'openai-chat': { base: '/v1', options: bearer },
  'open-responses': { base: '/v1', options: bearer },
  anthropic: {
    base: '/v1',
    options: ['--auth-header', 'x-api-key', '--no-bearer', '-H', 'anthropic-version:2023-06-01'],
  },
  'google-genai': { base: '', options: ['--auth-header', 'x-goog-api-key', '--no-bearer'] },
};

/** Advice of the judge that is not followed. */
const ACCEPTED: readonly { readonly advice: RegExp; readonly why: string }[] = [
  {
    advice: /missing 'annotations' field/,
    why: 'the field is optional in the specification: it is there with sources',
  },
  { advice: /missing 'chatcmpl-' prefix/, why: "the upstream's own id is kept: its maker's support asks for it" },
  { advice: /server may add default max_tokens/, why: 'a client without max_tokens gets what the model can give' },
];

interface Verdict {
  readonly results: readonly {
    readonly id: string;
    readonly status: string;
    readonly errors?: readonly string[];
    readonly warnings?: readonly string[];
  }[];
}

const script: Script = (seen) => {
  const tool = seen.tools[0];
  if (tool !== undefined) return { toolCalls: [{ name: tool.name, arguments: { location: 'San Francisco' } }] };
  const asked = /reasoning|thinking/i.test(seen.userText);
  if (seen.dialect === 'gemini' && seen.body.contents === undefined)
    return {
      fault: 'status',
      status: 400,
      body: '{"error":{"code":400,"message":"contents is required","status":"INVALID_ARGUMENT"}}',
    };
  return { ...(asked ? { reasoning: 'I multiply.' } : {}), text: 'Hello there, friend.' };
};

let upstream: ScriptedUpstream;
let proxy: ProxyProcess;

beforeAll(async () => {
  upstream = await startScriptedUpstream(script);
  const config = fourDialectConfig(upstream.origin).replaceAll(
    /\{ name: (up-\w+) \}/g,
    `{ name: $1, alias: ${PREFIX}$1 }`,
  );
  proxy = await startProxyProcess(config);
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

async function judge(format: string, model: string): Promise<Verdict> {
  const { base = '', options = [] } = formats[format] ?? {};
  const call = ['--format', format, '-u', proxy.origin + base, '-k', CLIENT_KEY, '-m', PREFIX + model, '--json'];
  const output = await new Promise<string>((resolve) => {
    // It ends with 1 when a test fails: the report says which.
    execFile(pythonProgram('llm-comply', 'llm-comply'), [...call, ...options], (_, stdout) => resolve(stdout));
  });
  return JSON.parse(output.slice(output.indexOf('{')));
}

describe.for(Object.keys(formats))('%s', (format) => {
  test.for(models)('all of its checks pass with model %s', async (model) => {
    const { results } = await judge(format, model);
    expect(results.length).toBeGreaterThan(7);
    const faults = results.flatMap(({ id, status, errors = [], warnings = [] }) =>
      status === 'passed'
        ? warnings.map((text) => `${id} (warning): ${text}`)
        : [...errors, ...warnings].map((text) => `${id}: ${text}`),
    );
    expect(faults.filter((fault) => !ACCEPTED.some(({ advice }) => advice.test(fault)))).toEqual([]);
  });
});
