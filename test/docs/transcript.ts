/** Replays `console` blocks: `$ command` lines with the output below them; a line `...` stands for any lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCS_ORIGIN, freshHome, runScript } from './docs-proxy.ts';
import { type Block, root } from './markdown.ts';

/** One command and the output that the documentation claims. */
export interface Step {
  readonly command: string;
  readonly expected: string;
}

/** The steps of a block; a command goes on in the next line after a backslash. */
export function stepsOf(block: Block): Step[] {
  return block.text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, command = '', expected = ''] = /^((?:[^\n]*\\\n)*[^\n]*)\n?(.*)$/s.exec(part) ?? [];
      return { command, expected: expected.trimEnd() };
    });
}

/** Takes out of a text what differs between two runs: ids, times, keys. */
export function normalize(text: string): string {
  return text
    .replaceAll(/sk-llmproxy-(…|[A-Za-z0-9]{40})/g, 'sk-llmproxy-KEY')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/req_[A-Za-z0-9]{24}/g, 'req_ID')
    .replaceAll(/"created(_at)?":\d+/g, '"created":TIME')
    .replaceAll(/"createTime":"[^"]*"/g, '"createTime":"TIME"')
    .replaceAll(/[ \t]+$/gm, '')
    .trim();
}

/** Whether the output is what the documentation claims. */
export function matches(expected: string, actual: string): boolean {
  const parts = normalize(expected)
    .split(/^\.\.\.$/m)
    .map((part) => part.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(normalize(actual));
}

/** `npm start` in a fresh home, on a free port. */
export interface StartedProxy {
  /** Output so far, as if it ran in the documentation's home and on its port. */
  output(): string;
  /** Runs a command of the transcript; the client key is in `$LLMPROXY_KEY` and stands for its mask. */
  run(command: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the product by the README's own command and waits until it has said everything. */
export async function startByCommand(command: string, lastLine: string): Promise<StartedProxy> {
  const home = freshHome();
  // One pipe, as on a terminal: of two, nobody knows which line came first.
  const child = spawn('sh', ['-c', `exec ${command} 2>&1`], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: home.path, CLI_PROXY_PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    // npm starts a shell that starts node: a group of their own, to be ended together.
    detached: true,
  });
  let raw = '';
  child.stdout.on('data', (chunk: Buffer) => (raw += chunk.toString('utf8')));
  const origin = (): string => /listening on (http:\/\/\S+)/.exec(raw)?.[1] ?? DOCS_ORIGIN;
  const shown = (text: string): string =>
    text
      .replaceAll(origin(), DOCS_ORIGIN)
      .replaceAll(home.path, '~')
      // What npm prints above the output of a script, or about the settings of this machine.
      .replaceAll(/^(> .*|npm (warn|notice) .*)\n/gm, '');
  for (let waits = 0; !raw.includes(lastLine) && waits < 200 && child.exitCode === null; waits++) await sleep(100);
  const key = (): string => /sk-llmproxy-[A-Za-z0-9]{40}/.exec(raw)?.[0] ?? '';
  return {
    output: () => shown(raw),
    async run(step) {
      const script = step.replaceAll(DOCS_ORIGIN, origin()).replaceAll('sk-llmproxy-…', key());
      return shown((await runScript(script, home.path, { LLMPROXY_KEY: key() })).output);
    },
    async close() {
      await endGroup(child);
      home.remove();
    },
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((done) => child.once('close', done));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
