/** The proxy that the commands of the documentation run against, and a shell whose home is a fresh folder. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { root } from './markdown.ts';

/** The address in the documentation. */
export const DOCS_ORIGIN = 'http://127.0.0.1:8317';

const MANAGEMENT_KEY = 'fake-management-key';

/** Every provider that the documentation asks for, played by one scripted upstream, and the real echo. */
function docsConfig(upstream: string): string {
  return `
port: 0
api-keys: [${CLIENT_KEY}]
claude-api-key:
  - { api-key: fake-claude-key, base-url: ${upstream} }
  - { api-key: fake-claude-spare, base-url: ${upstream}, priority: -1 }
remote-management: { secret-key: ${MANAGEMENT_KEY} }
gemini-api-key: [{ api-key: fake-gemini-key, base-url: ${upstream} }]
providers:
  openai: { api-key: fake-openai-key, endpoint: ${upstream} }
  echo: { auth-type: none }
openai-compatibility:
  - { name: local, base-url: ${upstream}/v1, models: [{ name: qwen3-coder }] }
`;
}

/** What a command left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** A proxy with its upstream, and a shell to use it from. */
export interface DocsShell {
  readonly proxy: ProxyProcess;
  readonly upstream: ScriptedUpstream;
  run(script: string): Promise<CommandResult>;
  close(): Promise<void>;
}

/** Runs a script with `sh -e` in the checkout, in a clean environment. */
export function runScript(script: string, home: string, env: Record<string, string> = {}): Promise<CommandResult> {
  const bin = join(root, 'node_modules/.bin');
  const child = spawn('sh', ['-e', '-c', script], {
    cwd: root,
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done({ code, output }));
  });
}

/** A folder to be the home of a run. */
export function freshHome(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'llmproxy-docs-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts both; `$LLMPROXY_KEY` is set in the shell, and a failing HTTP status fails the script. */
export async function startDocsShell(): Promise<DocsShell> {
  const upstream = await startScriptedUpstream(() => ({ text: 'Hello from the model.' }));
  const proxy = await startProxyProcess(docsConfig(upstream.origin));
  const home = freshHome();
  writeFileSync(join(home.path, '.curlrc'), 'fail-with-body\n');
  return {
    proxy,
    upstream,
    run: (script) =>
      runScript(script.replaceAll(DOCS_ORIGIN, proxy.origin), home.path, {
        LLMPROXY_KEY: CLIENT_KEY,
        LLMPROXY_MANAGEMENT_KEY: MANAGEMENT_KEY,
      }),
    async close() {
      await proxy.close();
      await upstream.close();
      home.remove();
    },
  };
}
