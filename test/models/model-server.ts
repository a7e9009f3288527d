/** A real llama.cpp server with a tiny random model, and a real proxy process in front of it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { pythonProgram } from '../clients/install/python.ts';
import { cacheFolder } from '../clients/install/run.ts';
import { modelEnvironment } from '../clients/install/versions.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';

/** Where the model lives between runs. */
export const modelFolder: string = join(cacheFolder, 'models');
/** The GGUF file that `make-tiny-model.py` writes. */
export const modelFile: string = join(modelFolder, 'tiny.gguf');

/** The upstreams: the one server, reached over each of the three APIs it offers. */
export const upstreams = ['tiny-chat', 'tiny-responses', 'tiny-messages'] as const;
/** One of {@link upstreams}. */
export type Upstream = (typeof upstreams)[number];

function configFor(origin: string): string {
  return `
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - name: tiny
    base-url: ${origin}/v1
    models: [{ name: tiny, alias: tiny-chat }]
codex-api-key:
  - api-key: sk-not-checked
    base-url: ${origin}/v1
    models: [{ name: tiny, alias: tiny-responses }]
claude-api-key:
  - api-key: sk-not-checked
    base-url: ${origin}
    models: [{ name: tiny, alias: tiny-messages }]
`;
}

interface ModelServer {
  readonly origin: string;
  close(): Promise<void>;
}

async function startModelServer(): Promise<ModelServer> {
  const script = join(import.meta.dirname, 'serve-tiny-model.py');
  // It ends when its stdin closes, so it cannot outlive a test run that was killed.
  const child = spawn(pythonProgram(modelEnvironment, 'python'), [script, modelFile, 'tiny'], { stdio: 'pipe' });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  let log = '';
  let printed = '';
  const origin = await new Promise<string>((done, reject) => {
    const fail = (what: string): void => reject(new Error(`the model server ${what}:\n${log.slice(-4000)}`));
    const timer = setTimeout(() => fail('did not start within 30 s'), 30_000);
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
    // Apart from stderr, whose unfinished lines would come before this one; whole lines, for the port's last digit.
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const found = /^listening on (http:\/\/\S+)\n/m.exec(printed)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      done(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with ${code}`));
  });
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { origin, close };
}

/** Where the two processes listen; set before the tests of a file run. */
export interface ModelProxy {
  proxy: string;
  server: string;
}

/** A model server and a proxy for one test file. */
export function proxyForModels(): ModelProxy {
  const handle: ModelProxy = { proxy: '', server: '' };
  let server: ModelServer | undefined;
  let proxy: ProxyProcess | undefined;
  beforeAll(async () => {
    server = await startModelServer();
    proxy = await startProxyProcess(configFor(server.origin));
    handle.server = server.origin;
    handle.proxy = proxy.origin;
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
  });
  return handle;
}

/** What the server answers when it is asked directly; at temperature 0 the same prompt gives the same text. */
export interface DirectAnswer {
  readonly text: string;
  readonly promptTokens: number;
}

/** Asks the server itself over OpenAI Chat: what every route through the proxy must come to as well. */
export async function askDirectly(origin: string, body: Record<string, unknown>): Promise<DirectAnswer> {
  const answer = await fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'tiny', temperature: 0, ...body }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the server's own answer, read by a test
  const json: any = await answer.json();
  return { text: json.choices[0].message.content, promptTokens: json.usage.prompt_tokens };
}
