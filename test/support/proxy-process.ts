/** The product as its users run it: a real server process on a free port with a configuration file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The client key of every test proxy; obviously fake. */
export const CLIENT_KEY = 'sk-test-client-key';

/** A running proxy. */
export interface ProxyProcess {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly child: ChildProcess;
  /** Everything it wrote to stdout and stderr so far. */
  output(): string;
  close(): Promise<void>;
}

/** One model per upstream dialect, all served by one scripted upstream: `up-chat`, `up-responses`, `up-claude`, `up-gemini`. */
export function fourDialectConfig(upstreamOrigin: string): string {
  return `
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
openai-compatibility:
  - name: scripted
    base-url: ${upstreamOrigin}/v1
    api-key-entries: [{ api-key: sk-up-chat }]
    models: [{ name: up-chat }]
codex-api-key:
  - api-key: sk-up-responses
    base-url: ${upstreamOrigin}/v1
    models: [{ name: up-responses }]
claude-api-key:
  - api-key: sk-up-claude
    base-url: ${upstreamOrigin}
    models: [{ name: up-claude }]
gemini-api-key:
  - api-key: sk-up-gemini
    base-url: ${upstreamOrigin}
    models: [{ name: up-gemini }]
`;
}

/** The models of {@link fourDialectConfig} with the dialect that serves each. */
export const upstreamModels = {
  'openai-chat': 'up-chat',
  'openai-responses': 'up-responses',
  'anthropic-messages': 'up-claude',
  gemini: 'up-gemini',
} as const;

/** What is not as usual with the process. */
export interface ProxyProcessOptions {
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program, from the repository's root: `src/cli/main.ts` when absent. */
  readonly program?: string;
  /** Its home, with its configuration in `config.yaml`; stays when it ends. Absent: a new one that goes with it. */
  readonly home?: string;
  /** Arguments of node, before the program. */
  readonly node?: readonly string[];
  /** What starts node: words before its path, as `sh -c` needs them. */
  readonly through?: readonly string[];
}

/** Starts `llmproxy serve` with this configuration text and waits for its `listening on` line. */
export async function startProxyProcess(
  config: string,
  args: readonly string[] = [],
  { env = {}, program = 'src/cli/main.ts', home, node = [], through = [] }: ProxyProcessOptions = {},
): Promise<ProxyProcess> {
  const folder = home ?? mkdtempSync(join(tmpdir(), 'llmproxy-test-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, config, { mode: 0o600 });
  const words = [process.execPath, ...node, join(root, program), 'serve', '--config', file, ...args];
  const [command = process.execPath, ...rest] = [...through, ...words];
  const child = spawn(command, rest, {
    // A clean environment: provider keys of the developer's shell must not become upstreams of a test.
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    if (home === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const origin = await new Promise<string>((done, reject) => {
    child.stdout.on('data', () => {
      const found = /listening on (http:\/\/\S+)\n/.exec(output)?.[1];
      if (found !== undefined) done(found);
    });
    child.once('exit', (code) => reject(new Error(`the proxy ended with ${code}:\n${output}`)));
  });
  return { origin, child, output: () => output, close };
}
