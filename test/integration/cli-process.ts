/** The command line program as a process of its own, with an environment and folders of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');

/** A running or ended program. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Both, in the order in which they came. */
  readonly output: () => string;
  /** Waits for it to match; rejects with everything it wrote when it ends first. */
  wrote(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  /** Waits for `listening on URL`; rejects with everything it wrote when it ends first. */
  listening(): Promise<string>;
}

/** An empty folder that is removed by {@link removeFolders}. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-cli-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
const running = new Set<ChildProcess>();

/** Ends what still runs and removes every folder. */
export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Starts the program; its home and its working folder are `folder`. `stdin`: whether something can be piped in. */
export function startCli(
  args: readonly string[],
  folder: string,
  env: Record<string, string> = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): CliProcess {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    output += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
    output += chunk.toString('utf8');
  });
  const ended = new Promise<number | string>((done) =>
    child.once('close', (code, signal) => {
      running.delete(child);
      done(code ?? signal ?? 'unknown');
    }),
  );
  const wrote = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((done, reject) => {
      const look = (): void => {
        const found = pattern.exec(output);
        if (found !== null) done(found);
      };
      look();
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      void ended.then((code) => reject(new Error(`ended with ${code}:\n${stdout}\n${stderr}`)));
    });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    output: () => output,
    wrote,
    listening: async () => (await wrote(/listening on (http:\/\/\S+)\n/))[1] ?? '',
  };
}
